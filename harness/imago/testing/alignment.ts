/** Which child of one element is to be compared with which of another: by what is equal, then by what it links to. */

import { allLinks, isRow } from './rows.ts';
import type { Tree } from './tree.ts';

/** Lists longer than these are compared row by row without looking for the ones left out. */
const MAX_ALIGNED = 400;

/** Children without an equal counterpart between two that have one: indices on both sides. */
export interface Gap {
  readonly from: number[];
  readonly to: number[];
}

/** What a longest common sequence of the children leaves over. @param from,to - the children as text */
export function gapsOf(from: readonly string[], to: readonly string[]): Gap[] {
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

/** Children of a gap that belong together, and those without a counterpart. */
export interface Pairing extends Gap {
  readonly pairs: (readonly [number, number])[];
}

/** Pairs rows that link to the same, texts with texts, and other elements in order if they are alike. */
export function pairsIn(gap: Gap, left: readonly Tree[], right: readonly Tree[]): Pairing {
  const pairs: (readonly [number, number])[] = [];
  const to = new Set(gap.to);
  const from = gap.from.filter((index) => {
    const name = nameOf(left[index] as Tree);
    const other = [...to].find((candidate) => nameOf(right[candidate] as Tree) === name);
    if (other === undefined) return true;
    to.delete(other);
    pairs.push([index, other]);
    return false;
  });
  return { pairs, from, to: [...to] };
}

/** What a child is known by: two of one name are the same thing with another content. */
function nameOf(tree: Tree): string {
  if (typeof tree === 'string') return '';
  return isRow(tree) ? `${tree.tag} ${allLinks(tree).join(' ')}` : tree.tag;
}
