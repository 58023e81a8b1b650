/** How often types and violations meet among the faults, and how many of those reached users. */
import { faultKinds, type KindCell } from '../fault-kinds.ts';
import { byId, fillTable } from './element.ts';
import type { Selection } from './filters.ts';

/** Counts a selection's trials with a fault. */
export function showKinds({ trials }: Selection): void {
  const { types, violations, cells, caveat } = faultKinds(trials);
  byId('kinds-caveat').textContent = types.length === 0 ? 'No trial with a fault is selected.' : caveat;
  const sum = (own: readonly KindCell[]): string => {
    const total = (of: (cell: KindCell) => number) => own.reduce((all, cell) => all + of(cell), 0);
    const faults = total(({ faults: count }) => count);
    if (faults === 0) return '–';
    return `${faults} (${total(({ reached }) => reached)} of ${total(({ decided }) => decided)})`;
  };
  fillTable(
    byId('kinds-table'),
    [{ words: 'Type' }, ...violations, 'all'],
    types.length === 0
      ? []
      : [
          ...types.map((type) => [
            `type ${type}`,
            ...violations.map((violation) =>
              sum(cells.filter((cell) => cell.type === type && cell.violation === violation)),
            ),
            sum(cells.filter((cell) => cell.type === type)),
          ]),
          [
            'all',
            ...violations.map((violation) => sum(cells.filter((cell) => cell.violation === violation))),
            sum(cells),
          ],
        ],
  );
}
