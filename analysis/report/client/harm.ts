/** Outage and latency by fault and approach. The medians stand in the table of cells. */
import { type HarmRow, outageLatencyChart } from '../../charts/outage-latency.ts';
import type { ReportData } from '../page-types.ts';
import { harmRows } from '../summaries.ts';
import { draw } from './charts.ts';
import { byId, element } from './element.ts';
import type { Selection } from './filters.ts';

/** Below this width names get less room. */
const NARROW_PX = 600;

/** A chart for each type, over the same axes: on paper one for all would not fit a page. */
export function showHarm(
  { approaches }: ReportData,
  { trials }: Selection,
  open: (id: string) => void,
): void {
  const span = harmRows(trials);
  const types = [...new Set(span.map(({ type }) => type))].sort((a, b) => a - b);
  const targets = types.map(() => element('div', { class: 'chart' }));
  byId('harm-charts').replaceChildren(...targets);
  for (const [index, target] of targets.entries()) {
    const rows = span.filter(({ type }) => type === types[index]);
    draw({
      target,
      label: labelOf(rows),
      numbers: 'cell-table',
      spec: (mode, widthPx) =>
        outageLatencyChart(rows, {
          mode,
          span,
          approaches: [...approaches, 'none'],
          legend: index === 0,
          widthPx: Math.min(widthPx - 20, 980),
          namesPx: widthPx < NARROW_PX ? 110 : 170,
        }),
      onClick: (datum) => {
        if (typeof datum === 'object' && datum !== null && 'trialId' in datum) open(String(datum.trialId));
      },
    });
  }
}

function labelOf(rows: readonly HarmRow[]): string {
  const type = rows[0]?.type ?? 0;
  const longest = rows.reduce((most, { outageS }) => Math.max(most, outageS ?? 0), 0);
  const slowest = rows.reduce((most, { p95Ms }) => Math.max(most, p95Ms ?? 0), 0);
  const whose = type === 0 ? 'controls' : `trials with faults of type ${type}`;
  return `Points: seconds without service and p95 of ${rows.length} ${whose}, by fault and approach; at most ${longest.toFixed(1)} s and ${slowest.toFixed(1)} ms`;
}
