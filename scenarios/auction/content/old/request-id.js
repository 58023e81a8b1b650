// A write names its request, so that sending a form twice can be told from two wishes.
for (const field of document.querySelectorAll('[data-request-id]')) field.value = crypto.randomUUID();
