/**
 * Names of places in a tree, such as `html/body/main/p:2#text` or `html/body@data-id`: what can be learned,
 * masked and declared. Rows of a list share one name, so that what is learned from one row holds for all.
 */
import { type Element, element, type Tree } from './tree.ts';

/** Elements whose children are rows of a list. */
const LISTS = new Set(['tbody', 'thead', 'table', 'ul', 'ol', 'dl', 'select', 'array']);
/** Form fields are told apart by name, whatever their order. */
const NAMED = new Set(['input', 'select', 'textarea', 'meta', 'button']);

/** Name of the step from a parent to each of its children, in order. */
export function stepsOf(parent: Element): string[] {
  const isList = LISTS.has(parent.tag) || parent.attributes.get('type') === 'array';
  const counts = new Map<string, number>();
  return parent.children.map((child) => {
    const base = typeof child === 'string' ? '#text' : nameOf(child);
    const number = (counts.get(base) ?? 0) + 1;
    counts.set(base, number);
    return number === 1 || (isList && base !== 'td' && base !== 'th') ? base : `${base}:${number}`;
  });
}

/** Appends a step to a place. */
export function below(place: string, step: string): string {
  return step.startsWith('#') ? `${place}${step}` : `${place}/${step}`;
}

function nameOf({ tag, attributes }: Element): string {
  const id = attributes.get('id');
  // Ids that are counted up name a row, not a place.
  if (id !== undefined && id !== '' && !/\d/.test(id)) return `${tag}#${id}`;
  const name = attributes.get('name');
  return name !== undefined && NAMED.has(tag) ? `${tag}[${name}]` : tag;
}

/** What becomes of values and elements by place; undefined leaves them out. */
export interface TreeEdit {
  readonly value: (place: string, value: string) => string | undefined;
  readonly element: (place: string, one: Element) => Element | undefined;
}

/** A tree with values and elements replaced by place, from the outside in. */
export function edited(root: Element, edit: TreeEdit): Element {
  return editedAt(root.tag, root, edit) ?? element(root.tag, new Map(), []);
}

function editedAt(place: string, original: Element, edit: TreeEdit): Element | undefined {
  const one = edit.element(place, original);
  if (one === undefined) return undefined;
  const attributes = new Map<string, string>();
  for (const [name, value] of one.attributes) {
    const kept = edit.value(`${place}@${name}`, value);
    if (kept !== undefined) attributes.set(name, kept);
  }
  const steps = stepsOf(one);
  const children = one.children.map((child, index) => {
    const at = below(place, steps[index] as string);
    return typeof child === 'string' ? edit.value(at, child) : editedAt(at, child, edit);
  });
  return element(
    one.tag,
    attributes,
    children.filter((child): child is Tree => child !== undefined),
  );
}
