/** Elements are made, never written as markup: what a record holds is text, whatever it looks like. */

export type Child = Node | string | null;

/** An element with attributes and children; a null child is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** The element of the page with this id. @throws Error where the page lacks it. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`page: no element #${id}`);
  return found as T;
}

/** Names and values side by side. */
export function definitions(
  list: HTMLElement,
  entries: readonly { name: string; value: string; note?: string }[],
): void {
  list.replaceChildren(
    ...entries.map(({ name, value, note }) =>
      element(
        'div',
        {},
        element('dt', {}, name),
        element('dd', {}, value),
        note ? element('dd', { class: 'note' }, note) : null,
      ),
    ),
  );
}

/** Head and rows of a table; the columns after the first are numbers. */
export function numbersTable(
  table: HTMLElement,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
): void {
  const kind = (column: number) => ({ class: column === 0 ? '' : 'number' });
  table.replaceChildren(
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...head.map((name, column) => element('th', { scope: 'col', ...kind(column) }, name)),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row) =>
        element('tr', {}, ...row.map((cell, column) => element('td', kind(column), cell))),
      ),
    ),
  );
}

/** An option of a select. */
export function option(value: string, text: string): HTMLOptionElement {
  return element('option', { value }, text);
}
