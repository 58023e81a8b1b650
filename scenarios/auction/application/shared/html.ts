/** Pages as text. Everything that users typed goes through `escapeHtml`. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** What a page is, before the frame of the site is put around it. */
export interface Page {
  readonly status: number;
  /** Value of the body's `data-page`: clients check it. */
  readonly name: string;
  readonly title: string;
  /** Further attributes of the body: `id` becomes `data-id`. */
  readonly data?: Readonly<Record<string, string | number>>;
  /** HTML of the page's own part. */
  readonly content: string;
}

/** The whole document. */
export function document(page: Page): string {
  const data = Object.entries(page.data ?? {}).map(
    ([name, value]) => ` data-${name}="${escapeHtml(String(value))}"`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(page.title)} - The Auction</title><link rel="stylesheet" href="/style.css"></head>
<body data-page="${escapeHtml(page.name)}"${data.join('')}>
<nav><a href="/">Home</a> <a href="/register.html">Register</a> <a href="/browse.html">Browse</a> <a href="/sell.html">Sell</a> <a href="/about_me.html">About me</a></nav>
<h1>${escapeHtml(page.title)}</h1>
${page.content}
</body>
</html>
`;
}

/** A table with a header; cells are HTML already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>Nothing here.</p>';
  const head = header.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<table>\n<tr>${head}</tr>\n${body}\n</table>`;
}

/** A form that posts; hidden fields first. */
export function form(
  action: string,
  hidden: Readonly<Record<string, string | number>>,
  fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly type?: string;
    readonly value?: string;
  }[],
  button: string,
): string {
  const inputs = [
    ...Object.entries(hidden).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(String(value))}">`,
    ),
    ...fields.map(
      ({ name, label, type, value }) =>
        `<label>${escapeHtml(label)} <input name="${name}" type="${type ?? 'text'}" value="${escapeHtml(value ?? '')}"></label>`,
    ),
  ];
  return `<form method="post" action="${action}">\n${inputs.join('\n')}\n<button>${escapeHtml(button)}</button>\n</form>`;
}

/** A link; the text is escaped. */
export function link(href: string, text: string): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}
