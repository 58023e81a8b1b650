/** What rows of a list are known by: what they link to. */
import type { Element, Tree } from './tree.ts';

/** Whether an element is a row of a list. */
export function isRow({ tag }: Element): boolean {
  return tag === 'tr' || tag === 'li' || tag === 'item';
}

/** All of a tree as text. */
export function textOf(tree: Tree): string {
  return typeof tree === 'string' ? tree : tree.text;
}

/** Addresses that an element itself links to. */
export function ownLinks({ attributes }: Element): string[] {
  return ['href', 'action', 'src'].flatMap((name) => attributes.get(name) ?? []);
}

/** Addresses that an element and everything in it link to. */
export function allLinks(one: Element): string[] {
  const inside = one.children.flatMap((child) => (typeof child === 'string' ? [] : allLinks(child)));
  return [...ownLinks(one), ...inside];
}
