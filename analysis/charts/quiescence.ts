/** How long requests were held, each time, against the load or the size of the data. */
import { type ChartSpec, chartConfig, INKS, type Mode } from './palette.ts';

/** One quiescence. */
export interface QuiescenceRow {
  readonly trialId: string;
  /** Name of the campaign that it is shown from, beside the one that the report is of; empty for that one's own. */
  readonly beside: string;
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
  /** Of a control that went to its end with all parts. Medians are theirs: a fault or a stop changes what is waited for. */
  readonly isUsual: boolean;
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

/** Pixels between the points of two phases, which have the same factor. */
const APART_PX = 22;

/** A point a quiescence, hollow unless it is a usual one; a bar at the median of those of each phase and value of the factor. */
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
    scale: { domain: [0, Math.max(1, ...rows.map(({ lastedMs }) => lastedMs))], nice: true },
    axis: { tickCount: 5 },
  };
  const x = {
    field: factor,
    type: 'quantitative',
    title: FACTORS[factor],
    scale: { domain: [0, 1.1 * Math.max(...rows.map((row) => row[factor]))] },
    axis: { tickCount: 5, grid: false },
  };
  const look = (channel: 'colour' | 'shape') => ({
    field: 'phase',
    type: 'nominal',
    title: null,
    scale: { domain: phases, range: known.map((one) => one[channel]) },
    legend: { orient: 'bottom' },
  });
  const point = { type: 'point', size: 46, opacity: 1 };
  const bar = { type: 'tick', orient: 'horizontal', thickness: 2, size: 20, color: INKS[mode].text };
  const points = {
    x,
    y,
    color: look('colour'),
    shape: look('shape'),
    tooltip: [
      { field: 'trialId', type: 'nominal', title: 'trial' },
      { field: 'beside', type: 'nominal', title: 'of campaign' },
      { field: 'phase', type: 'nominal' },
      { field: 'lastedMs', type: 'quantitative', title: 'ms held' },
      { field: 'peakWaiting', type: 'quantitative', title: 'most requests waiting' },
      { field: 'rows', type: 'quantitative', title: 'rows transferred', format: ',d' },
      { field: 'ended', type: 'nominal' },
    ],
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `Duration of each quiescence by phase and ${FACTORS[factor]}; medians of controls`,
    config: chartConfig(mode),
    width: widthPx,
    height: 170,
    layer: phases.flatMap((phase, index) => {
      const xOffset = (index - (phases.length - 1) / 2) * APART_PX;
      const own = rows.filter((row) => row.phase === phase);
      const usual = { data: { values: own.filter(({ isUsual }) => isUsual) } };
      return [
        {
          data: { values: own.filter(({ isUsual }) => !isUsual) },
          mark: { ...point, filled: false, strokeWidth: 1.3, xOffset },
          encoding: points,
        },
        { ...usual, mark: { ...point, filled: true, xOffset }, encoding: points },
        {
          ...usual,
          mark: { ...bar, xOffset },
          encoding: { x, y: { ...y, aggregate: 'median' } },
        },
      ];
    }),
  };
}
