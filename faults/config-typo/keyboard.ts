/** A keyboard as data, and which keys a finger that misses may hit. Further layouts are further files of `layouts/`. */

/** One row of keys, from left to right. */
export interface KeyRow {
  /** Where its first key lies, in key widths from the left of the top row. */
  readonly offset: number;
  readonly plain: string;
  /** The same keys with Shift. */
  readonly shifted: string;
}

/** A layout: its rows from top to bottom. */
export interface Layout {
  readonly name: string;
  readonly rows: readonly KeyRow[];
}

/** Farther than the key above and below on either side, in key widths, and nearer than the next but one. */
const REACH = 1.3;

/** Characters that a typist gets instead who presses a key beside the right one, with Shift held alike; in reading order. */
export function neighbours(layout: Layout, character: string): string[] {
  for (const level of ['plain', 'shifted'] as const) {
    const row = layout.rows.findIndex((one) => one[level].includes(character));
    const at = layout.rows[row];
    if (at === undefined) continue;
    const column = at[level].indexOf(character) + at.offset;
    return layout.rows.flatMap((other, index) =>
      [...other[level]].filter((key, place) => {
        const distance = Math.hypot(place + other.offset - column, index - row);
        return key !== character && distance < REACH;
      }),
    );
  }
  return [];
}
