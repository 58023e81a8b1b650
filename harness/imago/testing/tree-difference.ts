/** In which places two trees differ. */
import { gapsOf, pairsIn } from './alignment.ts';
import { below, stepsOf } from './places.ts';
import { allLinks, isRow, ownLinks, textOf } from './rows.ts';
import type { Element, Tree } from './tree.ts';

/** One place in which two trees differ. */
export interface TreeDifference {
  readonly place: string;
  /** `value`: another text or attribute; `children`: rows or elements more or less; `order`: the same, otherwise ordered. */
  readonly kind: 'value' | 'children' | 'order';
  readonly scope: DifferenceScope;
  readonly detail: string;
  /** Links in the smallest row around the place, on both sides: what the difference is about. */
  readonly links: readonly string[];
}

/**
 * `row`: within a row of a list; `rows`: rows more or fewer, or their order; elsewhere `value` and, for elements
 * more or fewer, `structure`.
 */
export type DifferenceScope = 'row' | 'rows' | 'value' | 'structure';

/** More places than these say nothing more. */
const MAX_DIFFERENCES = 60;
const EXCERPT = 80;

/** Differences of the second tree from the first, the first of them; none exactly if both are equal. */
export function treeDifferences(left: Element, right: Element): TreeDifference[] {
  const found: TreeDifference[] = [];
  if (left.text !== right.text) compare(left.tag, left, right, { found, row: undefined });
  return found;
}

/** Where a comparison has got to. */
interface Context {
  readonly found: TreeDifference[];
  /** Links of the row that is being compared; undefined outside rows. */
  readonly row: readonly string[] | undefined;
}

type Found = Omit<TreeDifference, 'links'> & { readonly links?: readonly string[] };

function compare(place: string, left: Element, right: Element, outer: Context): void {
  const row = isRow(left) ? [...allLinks(left), ...allLinks(right)] : outer.row;
  const context = { found: outer.found, row };
  if (left.tag !== right.tag) {
    const detail = `${place}: <${left.tag}> became <${right.tag}>`;
    add(context, { place, kind: 'children', scope: 'structure', detail });
    return;
  }
  const links = [...ownLinks(left), ...ownLinks(right)];
  const value = { kind: 'value', scope: 'value', links } as const;
  for (const name of new Set([...left.attributes.keys(), ...right.attributes.keys()])) {
    const [was, is] = [left.attributes.get(name), right.attributes.get(name)];
    const at = `${place}@${name}`;
    if (was !== is) add(context, { ...value, place: at, detail: `${at}: ${changed(was, is)}` });
  }
  const steps = stepsOf(left);
  const missing: Tree[] = [];
  const extra: Tree[] = [];
  for (const gap of gapsOf(left.children.map(textOf), right.children.map(textOf))) {
    const { pairs, from, to } = pairsIn(gap, left.children, right.children);
    for (const [index, other] of pairs) {
      const [before, after] = [left.children[index] as Tree, right.children[other] as Tree];
      const at = below(place, steps[index] as string);
      if (typeof before === 'object' && typeof after === 'object') compare(at, before, after, context);
      else add(context, { ...value, place: at, detail: `${at}: ${changed(textOf(before), textOf(after))}` });
    }
    missing.push(...from.map((index) => left.children[index] as Tree));
    extra.push(...to.map((index) => right.children[index] as Tree));
  }
  tellUnpaired(place, missing, extra, context);
}

function tellUnpaired(
  place: string,
  missing: readonly Tree[],
  extra: readonly Tree[],
  context: Context,
): void {
  if (missing.length === 0 && extra.length === 0) return;
  if (sorted(missing) === sorted(extra)) {
    const detail = `${place}: ${missing.length} children in another order`;
    add(context, { place, kind: 'order', scope: 'rows', detail });
    return;
  }
  const tell = (one: Tree, how: string): void => {
    const isOne = typeof one === 'object' && isRow(one);
    add(context, {
      ...{ place, kind: 'children', scope: isOne ? 'rows' : 'structure' },
      detail: `${place}: ${how} ${excerpt(textOf(one))}`,
      links: isOne ? allLinks(one) : typeof one === 'object' ? ownLinks(one) : [],
    });
  };
  for (const one of missing) tell(one, 'without');
  for (const one of extra) tell(one, 'has also');
}

/** What lies within a row is about that row, and so about whatever the row links to. */
function add({ found, row }: Context, one: Found): void {
  if (found.length < MAX_DIFFERENCES)
    found.push({
      ...one,
      links: row ?? one.links ?? [],
      scope: row === undefined ? one.scope : 'row',
    });
  else if (found.length === MAX_DIFFERENCES)
    // Nothing explains what is not told any more.
    found.push({ ...one, scope: 'structure', detail: `${one.place}: and more`, links: [] });
}

function sorted(trees: readonly Tree[]): string {
  return trees.map(textOf).sort().join('\n');
}

function changed(was: string | undefined, is: string | undefined): string {
  const shown = (value: string | undefined): string =>
    value === undefined ? 'none' : JSON.stringify(excerpt(value));
  return `${shown(was)} became ${shown(is)}`;
}

function excerpt(text: string): string {
  return text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT)}…`;
}
