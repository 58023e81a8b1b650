/** What leased machines buy: how often faults reached users, against what an upgrade leased. */
import { type ChartSpec, chartConfig, INKS, type Mode } from './palette.ts';

/** One approach. */
export interface LeaseImpactRow {
  readonly approach: string;
  /** Faults of which every approach shown tells whether they reached users, and those that did in any trial. */
  readonly faults: number;
  readonly reached: number;
  /** Exact 95 % interval of the share. */
  readonly low: number;
  readonly high: number;
  /** Number of the approach's other faults, and why they do not count; empty where there are none. */
  readonly leftOut: string;
  /** Medians over the trials of those faults that tell; null where no record does. */
  readonly leasedS: number | null;
  readonly cpuSeconds: number | null;
}

/** A point an approach with the interval of its share; the best is at the lower left. */
export function leaseImpactChart(rows: readonly LeaseImpactRow[], mode: Mode, widthPx: number): ChartSpec {
  const ink = INKS[mode];
  const values = rows
    .filter(({ faults, cpuSeconds }) => faults > 0 && cpuSeconds !== null)
    .map((row) => ({
      ...row,
      percent: (100 * row.reached) / row.faults,
      lowPercent: 100 * row.low,
      highPercent: 100 * row.high,
      text: `${row.approach} (${row.reached} of ${row.faults})`,
    }));
  const most = Math.max(1, ...values.map(({ cpuSeconds }) => cpuSeconds ?? 0));
  const x = {
    field: 'cpuSeconds',
    type: 'quantitative',
    title: 'leased CPU seconds a trial (median)',
    // Room for a name at the right.
    scale: { domain: [0, most * 1.6], nice: true },
    axis: { tickCount: 5, grid: false },
  };
  const y = {
    field: 'percent',
    type: 'quantitative',
    title: '% of faults that reached users',
    scale: { domain: [0, 100] },
    axis: { tickCount: 5 },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Share of faults that reached users, against the CPU seconds that were leased',
    config: chartConfig(mode),
    width: widthPx,
    height: 190,
    data: { values },
    layer: [
      {
        mark: { type: 'rule', color: ink.quiet, strokeWidth: 1.5 },
        encoding: { x, y: { ...y, field: 'lowPercent' }, y2: { field: 'highPercent' } },
      },
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1, color: '#0072B2' },
        encoding: {
          x,
          y,
          tooltip: [
            { field: 'approach', type: 'nominal' },
            { field: 'reached', type: 'quantitative', title: 'reached users' },
            { field: 'faults', type: 'quantitative', title: 'of faults' },
            { field: 'cpuSeconds', type: 'quantitative', title: 'leased CPU s' },
          ],
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 10, fontSize: 12, color: ink.text },
        encoding: { x, y, text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
