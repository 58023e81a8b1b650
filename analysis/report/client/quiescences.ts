/** How long requests were held, against the load and against the size of the data. */
import { median } from 'simple-statistics';
import { type QuiescenceFactor, type QuiescenceRow, quiescenceChart } from '../../charts/quiescence.ts';
import type { ReportData } from '../page-types.ts';
import { draw } from './charts.ts';
import { byId, fillTable } from './element.ts';

/** Where each factor is drawn, and how a campaign gets more of its values. */
const FACTORS: readonly {
  readonly factor: QuiescenceFactor;
  readonly target: string;
  readonly label: string;
}[] = [
  { factor: 'ratePerSecond', target: 'quiescence', label: 'requests a second' },
  { factor: 'scale', target: 'quiescence-data', label: 'the size of the data' },
];

/** @param open called with the trial whose point is clicked. */
export function showQuiescences(data: ReportData, open: (id: string) => void): void {
  const rows = data.quiescences;
  const without = data.approaches.filter((approach) => !rows.some((row) => row.approach === approach));
  byId('quiescence-text').textContent = textOf(rows, without);
  if (rows.length === 0) {
    for (const { target } of FACTORS) byId(target).remove();
    byId('quiescence-table').remove();
    return;
  }
  for (const { factor, target, label } of FACTORS)
    draw({
      target: byId(target),
      label: `Points: ${rows.length} quiescences by phase and ${label}, in ms`,
      numbers: 'quiescence-table',
      spec: (mode, widthPx) =>
        quiescenceChart(rows, factor, mode, Math.min(420, Math.max(120, widthPx - 70))),
      onClick: (datum) => {
        const isOwn = typeof datum === 'object' && datum !== null && 'beside' in datum && datum.beside === '';
        if (isOwn && 'trialId' in datum) open(String(datum.trialId));
      },
    });
  fillTable(
    byId('quiescence-table'),
    [
      ...[{ words: 'Phase, load, data' }, 'Rows', 'Times', 'Median ms', 'Longest ms', 'Most waiting'],
      { words: 'Ended' },
    ],
    groupsOf(rows).map(([name, group]) => {
      const lasted = group.map(({ lastedMs }) => lastedMs);
      return [
        name,
        Math.round(median(group.map((row) => row.rows))).toLocaleString('en'),
        String(group.length),
        group[0]?.isUsual === true ? median(lasted).toFixed(1) : '–',
        Math.max(...lasted).toFixed(1),
        String(Math.max(...group.map(({ peakWaiting }) => peakWaiting))),
        [...new Set(group.map(({ ended }) => ended))].join(', '),
      ];
    }),
  );
}

function textOf(rows: readonly QuiescenceRow[], without: readonly string[]): string {
  const never = without.length === 0 ? '' : `${without.join(', ')}: requests were never held.`;
  if (rows.length === 0) return never;
  const single = [
    new Set(rows.map(({ ratePerSecond }) => ratePerSecond)).size === 1 ? 'load (--rate)' : '',
    new Set(rows.map(({ scale }) => scale)).size === 1 ? 'size of the data (--scale)' : '',
  ].filter((name) => name !== '');
  const only =
    single.length === 0
      ? ''
      : `This campaign has one ${single.join(' and one ')}: how it depends on that is seen beside another campaign (report DIR --beside OTHER).`;
  const campaigns = [...new Set(rows.map(({ beside }) => beside))].filter((beside) => beside !== '');
  const beside = campaigns.length === 0 ? '' : `Beside it, controls of ${campaigns.join(', ')}.`;
  const usual = rows.some(({ isUsual }) => isUsual)
    ? 'Full points are controls that went to their end, the bar is their median.'
    : '';
  const others = rows.some(({ isUsual }) => !isUsual)
    ? 'Hollow points are other trials: with a fault, stopped, or without a part.'
    : '';
  return [usual, others, beside, only, never].filter((part) => part !== '').join(' ');
}

function groupsOf(rows: readonly QuiescenceRow[]): [string, QuiescenceRow[]][] {
  const groups = new Map<string, QuiescenceRow[]>();
  for (const row of rows) {
    const whose = row.isUsual ? '' : ', other trials';
    const name = `${row.phase}, ${row.ratePerSecond}/s, ${row.scale}${whose}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups];
}
