/** What the interceptor and mirroring add to answers, trial by trial. */
import { type ChartSpec, chartConfig, INKS, type Mode } from './palette.ts';

/** One percentile of a control. */
export interface OverheadPoint {
  readonly trialId: string;
  /** The row that it stands in: its approach and what it does without. */
  readonly name: string;
  readonly percentile: 'p50' | 'p95';
  readonly ms: number;
}

/** Percentiles differ in shape, colour and place within a row. */
const LOOKS = {
  p50: { shape: 'circle', colour: '#0072B2' },
  p95: { shape: 'triangle-up', colour: '#D55E00' },
} as const;

/** Pixels of a row. */
const ROW_PX = 34;

/** A point a control and percentile, a bar at the median of each. */
export function overheadChart(points: readonly OverheadPoint[], mode: Mode, widthPx: number): ChartSpec {
  const names = [...new Set(points.map(({ name }) => name))];
  const percentiles = Object.keys(LOOKS);
  const x = { field: 'ms', type: 'quantitative', title: 'ms', scale: { zero: true }, axis: { tickCount: 5 } };
  const y = {
    field: 'name',
    type: 'nominal',
    title: null,
    scale: { domain: names },
    axis: { labelLimit: 0, labelColor: INKS[mode].text },
  };
  const yOffset = { field: 'percentile', type: 'nominal', scale: { domain: percentiles } };
  const look = (channel: 'colour' | 'shape') => ({
    field: 'percentile',
    type: 'nominal',
    title: null,
    scale: { domain: percentiles, range: Object.values(LOOKS).map((one) => one[channel]) },
    legend: { orient: 'bottom' },
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'p50 and p95 of each control, with interceptor and mirroring and without',
    config: chartConfig(mode),
    width: widthPx,
    height: names.length * ROW_PX,
    data: { values: points },
    layer: [
      {
        mark: { type: 'point', filled: true, size: 40, opacity: 1 },
        encoding: {
          x,
          y,
          yOffset,
          color: look('colour'),
          shape: look('shape'),
          tooltip: [
            { field: 'trialId', type: 'nominal', title: 'trial' },
            { field: 'name', type: 'nominal', title: 'controls of' },
            { field: 'percentile', type: 'nominal' },
            { field: 'ms', type: 'quantitative' },
          ],
        },
      },
      {
        mark: { type: 'tick', orient: 'vertical', thickness: 2, size: 14, color: INKS[mode].text },
        encoding: { x: { ...x, aggregate: 'median' }, y, yOffset },
      },
    ],
  };
}
