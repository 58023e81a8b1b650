/** How often types and violations meet among the faults, and how many of those reached users. */
import { faultKinds, type KindCounts } from '../fault-kinds.ts';
import { byId, fillTable } from './element.ts';
import type { Selection } from './filters.ts';

/** Counts a selection's trials with a fault. */
export function showKinds({ trials }: Selection): void {
  const { types, violations, cells, compositions, caveat } = faultKinds(trials);
  byId('kinds-caveat').textContent =
    types.length === 0 ? 'No trial with a single fault is selected.' : caveat;
  const isComposed = compositions.faults > 0;
  const sum = (own: readonly KindCounts[]): string => {
    const total = (of: (counts: KindCounts) => number) => own.reduce((all, counts) => all + of(counts), 0);
    const faults = total(({ faults: count }) => count);
    if (faults === 0) return '–';
    return `${faults} (${total(({ reached }) => reached)} of ${total(({ decided }) => decided)})`;
  };
  fillTable(
    byId('kinds-table'),
    [{ words: 'Type' }, ...violations, 'all'],
    types.length === 0 && !isComposed
      ? []
      : [
          ...types.map((type) => [
            `type ${type}`,
            ...violations.map((violation) =>
              sum(cells.filter((cell) => cell.type === type && cell.violation === violation)),
            ),
            sum(cells.filter((cell) => cell.type === type)),
          ]),
          ...(isComposed ? [['composition', ...violations.map(() => '–'), sum([compositions])]] : []),
          [
            'all',
            ...violations.map((violation) => sum(cells.filter((cell) => cell.violation === violation))),
            sum([...cells, compositions]),
          ],
        ],
  );
}
