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

/** A part of the page that has nothing to tell goes, and its entry in the list of parts. */
export function removeSection(id: string): void {
  byId(id).remove();
  document.querySelector(`nav a[href="#${id}"]`)?.remove();
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

/** A column of numbers by its name alone, or one of words. */
export type Column = string | { readonly words: string };

/** Head and rows of a table; the first column names the rows. */
export function fillTable(
  table: HTMLElement,
  columns: readonly Column[],
  rows: readonly (readonly Child[])[],
): void {
  const names = columns.map((column) => (typeof column === 'string' ? column : column.words));
  const kind = (index: number) =>
    index === 0 || typeof columns[index] !== 'string' ? ({} as const) : ({ class: 'number' } as const);
  const head = names.map((name, index) => element('th', { scope: 'col', ...kind(index) }, name));
  table.replaceChildren(
    element('thead', {}, element('tr', {}, ...head)),
    element(
      'tbody',
      {},
      ...rows.map((row) =>
        element(
          'tr',
          {},
          ...row.map((cell, index) =>
            index === 0
              ? element('th', { scope: 'row' }, cell)
              : element('td', { 'data-name': names[index] ?? '', ...kind(index) }, cell),
          ),
        ),
      ),
    ),
  );
}

/** An option of a select. */
export function option(value: string, text: string): HTMLOptionElement {
  return element('option', { value }, text);
}
