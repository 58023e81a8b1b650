/** How far faults got, by approach: the chart, and the same numbers as a table. */
import { containmentChart, containmentOrder } from '../../charts/containment.ts';
import type { ReportData } from '../data.ts';
import { draw } from './charts.ts';
import { byId, numbersTable } from './element.ts';

/** Room for the approaches' names beside the bars. */
const NAMES_PX = 110;

/** Without a trial that has a fault there is nothing to contain, and no section. */
export function showContainment(data: ReportData): void {
  const { containment: rows, approaches } = data;
  if (rows.length === 0) {
    byId('reach').remove();
    document.querySelector('nav a[href="#reach"]')?.remove();
    return;
  }
  void draw({
    target: byId('containment'),
    spec: (mode, widthPx) => containmentChart(rows, approaches, mode, Math.max(160, widthPx - NAMES_PX)),
  });
  numbersTable(
    byId('containment-table'),
    ['How far', ...approaches],
    containmentOrder(rows).map((word) => [
      word,
      ...approaches.map((approach) =>
        String(rows.find((row) => row.approach === approach && row.containment === word)?.trials ?? 0),
      ),
    ]),
  );
}
