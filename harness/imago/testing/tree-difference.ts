/** In which places two trees differ. */
import { below, stepsOf } from './places.ts';
import type { Element, Tree } from './tree.ts';

/** One place in which two trees differ. */
export interface TreeDifference {
  readonly place: string;
  /** `value`: another text or attribute; `children`: rows or elements more or less; `order`: the same, otherwise ordered. */
  readonly kind: 'value' | 'children' | 'order';
  readonly detail: string;
  /** Links in the smallest row around the place, on both sides: what the difference is about. */
  readonly links: readonly string[];
}

/** More places than these say nothing more. */
const MAX_DIFFERENCES = 60;
/** Lists longer than these are compared row by row without looking for the ones left out. */
const MAX_ALIGNED = 400;
const EXCERPT = 80;

/** Differences of the second tree from the first, the first of them; none exactly if both are equal. */
export function treeDifferences(left: Element, right: Element): TreeDifference[] {
  const found: TreeDifference[] = [];
  if (left.text !== right.text) compare(left.tag, left, right, { found, row: [] });
  return found;
}

/** Where a comparison has got to. */
interface Context {
  readonly found: TreeDifference[];
  /** Links of the row that is being compared; none outside rows. */
  readonly row: readonly string[];
}

function compare(place: string, left: Element, right: Element, outer: Context): void {
  const row = isRow(left) ? [...allLinks(left), ...allLinks(right)] : outer.row;
  const context = { found: outer.found, row };
  if (left.tag !== right.tag) {
    add(context, { place, kind: 'children', detail: `${place}: <${left.tag}> became <${right.tag}>` });
    return;
  }
  const own = [...ownLinks(left), ...ownLinks(right)];
  for (const name of new Set([...left.attributes.keys(), ...right.attributes.keys()])) {
    const [was, is] = [left.attributes.get(name), right.attributes.get(name)];
    const at = `${place}@${name}`;
    if (was !== is) add(context, { place: at, kind: 'value', detail: `${at}: ${changed(was, is)}` }, own);
  }
  compareChildren(place, left, right, context);
}

function compareChildren(place: string, left: Element, right: Element, context: Context): void {
  const steps = stepsOf(left);
  const own = [...ownLinks(left), ...ownLinks(right)];
  const missing: Tree[] = [];
  const extra: Tree[] = [];
  for (const { from, to } of gapsOf(left.children, right.children)) {
    const was = from.map((index) => left.children[index] as Tree);
    const is = to.map((index) => right.children[index] as Tree);
    const pairs = Math.min(was.length, is.length);
    const paired = was.slice(0, pairs).every((one, index) => sameShape(one, is[index] as Tree)) ? pairs : 0;
    for (let index = 0; index < paired; index += 1) {
      const [before, after] = [was[index] as Tree, is[index] as Tree];
      const at = below(place, steps[from[index] as number] as string);
      if (typeof before === 'string' || typeof after === 'string') {
        const detail = `${at}: ${changed(textOf(before), textOf(after))}`;
        add(context, { place: at, kind: 'value', detail }, own);
      } else {
        compare(at, before, after, context);
      }
    }
    missing.push(...was.slice(paired));
    extra.push(...is.slice(paired));
  }
  if (missing.length === 0 && extra.length === 0) return;
  if (sorted(missing) === sorted(extra)) {
    add(context, { place, kind: 'order', detail: `${place}: ${missing.length} children in another order` });
    return;
  }
  const tell = (one: Tree, how: string): void =>
    add(
      context,
      { place, kind: 'children', detail: `${place}: ${how} ${excerpt(textOf(one))}` },
      typeof one === 'string' ? [] : isRow(one) ? allLinks(one) : ownLinks(one),
    );
  for (const one of missing) tell(one, 'without');
  for (const one of extra) tell(one, 'has also');
}

/** @param own - links of the place itself, where it is in no row */
function add(context: Context, one: Omit<TreeDifference, 'links'>, own: readonly string[] = []): void {
  if (context.found.length < MAX_DIFFERENCES)
    context.found.push({ ...one, links: context.row.length > 0 ? context.row : own });
}

/** Children without an equal counterpart between two that have one: indices on both sides. */
interface Gap {
  readonly from: number[];
  readonly to: number[];
}

/** What a longest common sequence of the children leaves over. */
function gapsOf(left: readonly Tree[], right: readonly Tree[]): Gap[] {
  const from = left.map(textOf);
  const to = right.map(textOf);
  let start = 0;
  while (start < Math.min(from.length, to.length) && from[start] === to[start]) start += 1;
  let end = 0;
  while (
    end < Math.min(from.length, to.length) - start &&
    from[from.length - 1 - end] === to[to.length - 1 - end]
  )
    end += 1;
  const [rows, columns] = [from.length - start - end, to.length - start - end];
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => start + index);
  if (rows === 0 || columns === 0 || rows > MAX_ALIGNED || columns > MAX_ALIGNED)
    return rows + columns === 0 ? [] : [{ from: range(rows), to: range(columns) }];
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row -= 1)
    for (let column = columns - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        from[start + row] === to[start + column]
          ? (lengths[(row + 1) * width + column + 1] as number) + 1
          : Math.max(
              lengths[(row + 1) * width + column] as number,
              lengths[row * width + column + 1] as number,
            );
  const gaps: Gap[] = [];
  let gap: Gap = { from: [], to: [] };
  const close = (): void => {
    if (gap.from.length + gap.to.length > 0) gaps.push(gap);
    gap = { from: [], to: [] };
  };
  const at = (row: number, column: number): number => lengths[row * width + column] as number;
  for (let row = 0, column = 0; row < rows || column < columns; ) {
    if (row < rows && column < columns && from[start + row] === to[start + column]) {
      close();
      row += 1;
      column += 1;
    } else if (column >= columns || (row < rows && at(row + 1, column) >= at(row, column + 1))) {
      gap.from.push(start + row++);
    } else {
      gap.to.push(start + column++);
    }
  }
  close();
  return gaps;
}

function sameShape(left: Tree, right: Tree): boolean {
  return typeof left === 'string'
    ? typeof right === 'string'
    : typeof right === 'object' && left.tag === right.tag;
}

function isRow({ tag }: Element): boolean {
  return tag === 'tr' || tag === 'li' || tag === 'item';
}

function textOf(tree: Tree): string {
  return typeof tree === 'string' ? tree : tree.text;
}

function sorted(trees: readonly Tree[]): string {
  return trees.map(textOf).sort().join('\n');
}

/** Addresses that an element itself links to. */
function ownLinks({ attributes }: Element): string[] {
  return ['href', 'action', 'src'].flatMap((name) => attributes.get(name) ?? []);
}

/** Addresses that an element and everything in it link to. */
function allLinks(one: Element): string[] {
  return [
    ...ownLinks(one),
    ...one.children.flatMap((child) => (typeof child === 'string' ? [] : allLinks(child))),
  ];
}

function changed(was: string | undefined, is: string | undefined): string {
  const shown = (value: string | undefined): string =>
    value === undefined ? 'none' : JSON.stringify(excerpt(value));
  return `${shown(was)} became ${shown(is)}`;
}

function excerpt(text: string): string {
  return text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT)}…`;
}
