/** How long requests were held, each time, against the load or the size of the data. */
import { type ChartSpec, chartConfig, INKS, type Mode } from './palette.ts';

/** One quiescence. */
export interface QuiescenceRow {
  readonly trialId: string;
  readonly approach: string;
  readonly ratePerSecond: number;
  /** Share of the full data set, and the rows that were transferred. */
  readonly scale: number;
  readonly rows: number;
  /** `terminate` or `switch`. */
  readonly phase: string;
  readonly lastedMs: number;
  readonly peakWaiting: number;
  /** `released`, or the limit that ended it. */
  readonly ended: string;
}

/** Phases differ in shape and colour. */
const PHASES: readonly { readonly phase: string; readonly shape: string; readonly colour: string }[] = [
  { phase: 'terminate', shape: 'circle', colour: '#0072B2' },
  { phase: 'switch', shape: 'triangle-up', colour: '#D55E00' },
];

/** What a quiescence is held against. */
export type QuiescenceFactor = 'ratePerSecond' | 'scale';

/** Title of the axis of each factor. */
const FACTORS: Readonly<Record<QuiescenceFactor, string>> = {
  ratePerSecond: 'requests/s',
  scale: 'share of the full data set',
};

/** A point a quiescence, a bar at the median of each phase and value of the factor. */
export function quiescenceChart(
  rows: readonly QuiescenceRow[],
  factor: QuiescenceFactor,
  mode: Mode,
  widthPx: number,
): ChartSpec {
  const phases = [
    ...new Set([...PHASES.map(({ phase }) => phase), ...rows.map(({ phase }) => phase)]),
  ].filter((phase) => rows.some((row) => row.phase === phase));
  const known = phases.map(
    (phase) => PHASES.find((one) => one.phase === phase) ?? { shape: 'square', colour: '#009E73' },
  );
  const y = {
    field: 'lastedMs',
    type: 'quantitative',
    title: 'ms held',
    scale: { zero: true, nice: true },
    axis: { tickCount: 5 },
  };
  const x = {
    field: factor,
    type: 'ordinal',
    title: FACTORS[factor],
    axis: { labelAngle: 0 },
    sort: 'ascending',
  };
  const xOffset = { field: 'phase', type: 'nominal', sort: phases, scale: { domain: phases } };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `Duration of each quiescence by phase and ${FACTORS[factor]}`,
    config: chartConfig(mode),
    width: widthPx,
    height: 170,
    data: { values: rows },
    layer: [
      {
        mark: { type: 'point', filled: true, size: 46, opacity: 1 },
        encoding: {
          x,
          xOffset,
          y,
          color: {
            field: 'phase',
            type: 'nominal',
            title: null,
            scale: { domain: phases, range: known.map(({ colour }) => colour) },
            legend: { orient: 'bottom' },
          },
          shape: {
            field: 'phase',
            type: 'nominal',
            title: null,
            scale: { domain: phases, range: known.map(({ shape }) => shape) },
            legend: { orient: 'bottom' },
          },
          tooltip: [
            { field: 'trialId', type: 'nominal', title: 'trial' },
            { field: 'phase', type: 'nominal' },
            { field: 'lastedMs', type: 'quantitative', title: 'ms held' },
            { field: 'peakWaiting', type: 'quantitative', title: 'most requests waiting' },
            { field: 'rows', type: 'quantitative', title: 'rows transferred', format: ',d' },
            { field: 'ended', type: 'nominal' },
          ],
        },
      },
      {
        mark: { type: 'tick', orient: 'horizontal', thickness: 2, bandSize: 34, color: INKS[mode].text },
        encoding: { x, xOffset, y: { ...y, aggregate: 'median' }, detail: { field: 'phase' } },
      },
    ],
  };
}
