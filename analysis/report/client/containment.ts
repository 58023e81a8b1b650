/** How far faults got, by approach: the chart, and the same numbers as a table. */
import { type ContainmentRow, containmentChart, containmentOrder } from '../../charts/containment.ts';
import type { ReportData } from '../page-types.ts';
import { containmentRows, leftOutOfContainment } from '../summaries.ts';
import { draw, drawNothing } from './charts.ts';
import { byId, fillTable, removeSection } from './element.ts';
import type { Selection } from './filters.ts';

/** Room for the approaches' names beside the bars. */
const NAMES_PX = 110;

/** Returns what shows a selection. Without a trial that has a fault there is nothing to contain, and no section. */
export function containment(data: ReportData): (selection: Selection) => void {
  if (!data.cells.some(({ role }) => role === 'fault')) {
    removeSection('reach');
    return () => undefined;
  }
  return ({ cells, trials, approaches }) => {
    show(containmentRows(trials), approaches);
    byId('containment-text').textContent = leftOutOfContainment(cells);
  };
}

function show(rows: readonly ContainmentRow[], approaches: readonly string[]): void {
  const total = rows.reduce((sum, { trials }) => sum + trials, 0);
  const target = byId('containment');
  if (rows.length === 0) drawNothing(target);
  else
    draw({
      target,
      label: `Bars: how far the faults of ${total} trials got, by approach`,
      numbers: 'containment-table',
      spec: (mode, widthPx) => containmentChart(rows, approaches, mode, Math.max(160, widthPx - NAMES_PX)),
    });
  fillTable(
    byId('containment-table'),
    [{ words: 'How far' }, ...approaches],
    containmentOrder(rows).map((word) => [
      word,
      ...approaches.map((approach) =>
        String(rows.find((row) => row.approach === approach && row.containment === word)?.trials ?? 0),
      ),
    ]),
  );
}
