/** Applies what the new release declares to answers of both universes, after which they must be equal. */
import type { DeclaredDifference, RoutePattern } from '../../contract/difference.ts';
import type { Document } from './document.ts';
import { edited } from './places.ts';
import { type Element, element, type Tree } from './tree.ts';

/** Whether a request is one of those that a pattern stands for. */
export function matchesRoute(pattern: RoutePattern, method: string, path: string): boolean {
  const request = `${method} ${path}`;
  return pattern.endsWith('*') ? request.startsWith(pattern.slice(0, -1)) : request === pattern;
}

/** The old universe's answer as the new release should give it. */
export function asDeclared(document: Document, declared: readonly DeclaredDifference[]): Document {
  const headers = new Map(document.headers);
  for (const one of declared)
    if (one.kind === 'header' && (headers.get(one.name.toLowerCase()) ?? null) === one.old)
      if (one.new === null) headers.delete(one.name.toLowerCase());
      else headers.set(one.name.toLowerCase(), one.new);
  const values = declared.filter((one) => one.kind === 'value');
  const removed = placesOnlyIn('old', declared);
  if (document.tree === undefined || values.length + removed.size === 0) return { ...document, headers };
  const tree = edited(document.tree, {
    value: (place, value) =>
      values.reduce(
        (text, one) => (one.place === place ? text.replace(one.old, () => one.new) : text),
        value,
      ),
    element: (place, one) => (removed.has(place) ? undefined : one),
  });
  return { ...document, headers, tree };
}

/** The new universe's answer without what only the new release has. */
export function withoutAdditions(document: Document, declared: readonly DeclaredDifference[]): Document {
  const headings = new Set(declared.flatMap((one) => (one.kind === 'column' ? [one.heading] : [])));
  const removed = placesOnlyIn('new', declared);
  if (document.tree === undefined || headings.size + removed.size === 0) return document;
  const tree = edited(document.tree, {
    value: (_, value) => value,
    element: (place, one) => {
      if (removed.has(place)) return undefined;
      return one.tag === 'table' ? withoutColumns(one, headings) : one;
    },
  });
  return { ...document, tree };
}

function placesOnlyIn(release: 'old' | 'new', declared: readonly DeclaredDifference[]): ReadonlySet<string> {
  return new Set(
    declared.flatMap((one) => (one.kind === 'element' && one.only === release ? [one.place] : [])),
  );
}

function withoutColumns(table: Element, headings: ReadonlySet<string>): Element {
  const dropped = new Set<number>();
  for (const row of rowsOf(table))
    for (const [index, cell] of row.children.entries())
      if (typeof cell === 'object' && cell.tag === 'th' && headings.has(wordsOf(cell))) dropped.add(index);
  return dropped.size === 0 ? table : withoutCells(table, dropped);
}

function rowsOf(one: Element): Element[] {
  if (one.tag === 'tr') return [one];
  return one.children.flatMap((child) => (typeof child === 'string' ? [] : rowsOf(child)));
}

function withoutCells(one: Element, dropped: ReadonlySet<number>): Element {
  const children =
    one.tag === 'tr'
      ? one.children.filter((_, index) => !dropped.has(index))
      : one.children.map((child): Tree => (typeof child === 'string' ? child : withoutCells(child, dropped)));
  return element(one.tag, one.attributes, children);
}

function wordsOf(one: Element): string {
  return one.children.map((child) => (typeof child === 'string' ? child : wordsOf(child))).join(' ');
}
