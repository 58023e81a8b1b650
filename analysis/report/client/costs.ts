/** What approaches cost: how long requests were held, and what was leased for the upgrade. */
import { type QuiescenceRow, quiescenceChart } from '../../charts/quiescence.ts';
import type { ReportData } from '../data.ts';
import { draw } from './charts.ts';
import { byId, numbersTable } from './element.ts';

/** @param open called with the trial whose point is clicked. */
export function showCosts(data: ReportData, open: (id: string) => void): void {
  showQuiescences(data, open);
  showOverhead(data);
  numbersTable(
    byId('cost-table'),
    ['Approach', 'Controls', 'Upgrade s', 'Leased s', 'CPU s', 'Memory MB', 'Disk MB'],
    data.costs.map((cost) => [
      cost.approach,
      String(cost.trials),
      cost.upgradeS,
      cost.leasedS,
      cost.cpuSeconds,
      cost.memoryMb,
      cost.diskMb,
    ]),
  );
}

/** How to have trials without, for a campaign that has none. */
const TO_HAVE =
  'upfault run --approach none,imago --fault none --ingress interceptor,direct --mirroring on,off';

function showOverhead({ overhead }: ReportData): void {
  const table = byId('overhead-table');
  byId('overhead-text').textContent =
    overhead.length === 0
      ? `No trial of this campaign was without; ${TO_HAVE} has them.`
      : 'Medians over the controls, within the horizon; without it a plain TCP forwarder stands in its place, and TLS ends at the clients.';
  if (overhead.length === 0) {
    table.remove();
    return;
  }
  numbersTable(
    table,
    ['Controls of', 'Trials', 'Served %', 'p50 ms', 'p95 ms'],
    overhead.map((row) => [
      `${row.approach}, ${row.variant || 'with all'}`,
      String(row.trials),
      row.success,
      row.p50Ms,
      row.p95Ms,
    ]),
  );
}

function showQuiescences(data: ReportData, open: (id: string) => void): void {
  const rows = data.quiescences;
  const without = data.approaches.filter((approach) => !rows.some((row) => row.approach === approach));
  const chart = byId('quiescence');
  byId('quiescence-text').textContent =
    without.length === 0 ? 'The bar is the median.' : withoutText(without, rows.length > 0);
  if (rows.length === 0) {
    chart.remove();
    byId('quiescence-table').remove();
    return;
  }
  void draw({
    target: chart,
    spec: (mode, widthPx) => quiescenceChart(rows, mode, Math.min(420, Math.max(160, widthPx - 70))),
    onClick: (datum) => {
      if (typeof datum === 'object' && datum !== null && 'trialId' in datum) open(String(datum.trialId));
    },
  });
  numbersTable(
    byId('quiescence-table'),
    ['Phase and load', 'Times', 'Median ms', 'Longest ms', 'Most waiting'],
    groupsOf(rows).map(([name, group]) => {
      const lasted = group.map(({ lastedMs }) => lastedMs).sort((a, b) => a - b);
      return [
        name,
        String(group.length),
        medianOf(lasted).toFixed(1),
        (lasted.at(-1) ?? 0).toFixed(1),
        String(Math.max(...group.map(({ peakWaiting }) => peakWaiting))),
      ];
    }),
  );
}

function withoutText(approaches: readonly string[], hasPoints: boolean): string {
  const never = `${approaches.join(', ')}: requests were never held.`;
  return hasPoints ? `The bar is the median. ${never}` : never;
}

function groupsOf(rows: readonly QuiescenceRow[]): [string, QuiescenceRow[]][] {
  const groups = new Map<string, QuiescenceRow[]>();
  for (const row of rows) {
    const name = `${row.phase}, ${row.ratePerSecond}/s`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups];
}

function medianOf(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}
