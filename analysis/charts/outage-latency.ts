/** How long nobody was served and how slow answers were, trial by trial, by fault and approach. */
import { OUTAGE_S } from '../rules.ts';
import { TYPE_TITLES } from './impact-matrix.ts';
import { type ChartSpec, chartConfig, INKS, type Mode } from './palette.ts';

/** One completed trial. */
export interface HarmRow {
  readonly trialId: string;
  readonly type: number;
  /** As the row is called: `no upgrade` and `no fault` are the controls. */
  readonly fault: string;
  readonly approach: string;
  readonly outageS: number | null;
  readonly p95Ms: number | null;
}

/** Approaches differ in colour, shape and place within a row. */
const LOOKS: readonly { readonly colour: string; readonly shape: string }[] = [
  { colour: '#0072B2', shape: 'circle' },
  { colour: '#D55E00', shape: 'triangle-up' },
  { colour: '#009E73', shape: 'square' },
  { colour: '#CC79A7', shape: 'diamond' },
  { colour: '#E69F00', shape: 'cross' },
  { colour: '#56B4E9', shape: 'triangle-down' },
];

/** Where ticks of a logarithmic axis begin again. */
const DECADES = [0.1, 1, 10, 100, 1000, 10_000];

/** Pixels of a row's place for one approach. */
const PLACE_PX = 9;

/** How both panels are laid out, so that the charts of several types can be read as one. */
export interface HarmOptions {
  readonly mode: Mode;
  /** All approaches of the campaign, so that each keeps its look when some are filtered out. */
  readonly approaches: readonly string[];
  /** Of both panels with the names at their left. */
  readonly widthPx: number;
  readonly namesPx: number;
  /** Rows that the axes span, where they are to be as in another chart; absent: those that are drawn. */
  readonly span?: readonly HarmRow[];
  /** Whether the approaches are named; absent: yes. */
  readonly legend?: boolean;
}

interface Panel {
  readonly field: 'outageS' | 'p95Ms';
  readonly title: string;
  readonly scale: ChartSpec;
  readonly ticks: readonly number[];
  readonly ruleAt: readonly { readonly at: number }[];
}

/** A point a trial: outage at the left, p95 at the right; rows as in the main figure. */
export function outageLatencyChart(rows: readonly HarmRow[], options: HarmOptions): ChartSpec {
  const panels = panelsOf(options.span ?? rows);
  const types = [...new Set(rows.map(({ type }) => type))].sort((a, b) => a - b);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Seconds without service and p95 of each completed trial, by fault and approach',
    config: chartConfig(options.mode),
    spacing: 16,
    vconcat: types.map((type) => ({
      title: TYPE_TITLES[type] ?? 'Type unknown',
      bounds: 'flush',
      spacing: 22,
      hconcat: panels.map((panel, column) =>
        panelChart(
          rows.filter((row) => row.type === type),
          panel,
          options,
          column === 0,
        ),
      ),
    })),
  };
}

function panelsOf(rows: readonly HarmRow[]): Panel[] {
  const measured = (field: Panel['field']) => rows.flatMap((row) => row[field] ?? []);
  const outages = measured('outageS');
  const latencies = measured('p95Ms').filter((value) => value > 0);
  // A multiple of 4, so that ticks are whole seconds.
  const longest = 4 * Math.ceil(Math.max(OUTAGE_S * 2, ...outages) / 4);
  const fastest = Math.min(...latencies, 10);
  const slowest = Math.max(...latencies, 20);
  return [
    {
      field: 'outageS',
      title: 'seconds without service',
      scale: { domain: [0, longest], nice: false },
      ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * longest)),
      ruleAt: [{ at: OUTAGE_S }],
    },
    {
      field: 'p95Ms',
      title: 'p95 ms (log)',
      scale: { type: 'log', domain: [fastest * 0.9, slowest * 1.1], nice: false },
      ticks: DECADES.flatMap((decade) => [decade, 2 * decade, 5 * decade]),
      ruleAt: [],
    },
  ];
}

function panelChart(
  rows: readonly HarmRow[],
  panel: Panel,
  { mode, approaches, widthPx, namesPx, legend = true }: HarmOptions,
  names: boolean,
): ChartSpec {
  const ink = INKS[mode];
  const faults = [...new Set(rows.map(({ fault }) => fault))];
  const places = approaches.filter((approach) => rows.some((row) => row.approach === approach));
  const looks = approaches.map((_, index) => LOOKS[index % LOOKS.length]);
  const x = {
    field: panel.field,
    type: 'quantitative',
    title: panel.title,
    scale: panel.scale,
    axis: { values: panel.ticks, labelOverlap: true },
  };
  const look = (channel: 'colour' | 'shape') => ({
    field: 'approach',
    type: 'nominal',
    title: null,
    scale: { domain: approaches, range: looks.map((one) => one?.[channel]) },
    legend: legend ? { orient: 'top', direction: 'horizontal' } : null,
  });
  return {
    data: { values: rows.filter((row) => row[panel.field] !== null) },
    width: Math.max(60, Math.round((widthPx - namesPx - 30) / 2)),
    height: Math.max(1, faults.length) * (PLACE_PX * places.length + 5),
    layer: [
      {
        data: { values: panel.ruleAt },
        mark: { type: 'rule', color: ink.quiet, strokeDash: [3, 3] },
        encoding: { x: { ...x, field: 'at' } },
      },
      {
        mark: { type: 'point', filled: true, size: 32, opacity: 1, stroke: ink.text, strokeWidth: 0.4 },
        encoding: {
          x,
          y: {
            field: 'fault',
            type: 'nominal',
            title: null,
            scale: { domain: faults, paddingInner: 0.15 },
            axis: names
              ? {
                  grid: true,
                  labelLimit: namesPx,
                  minExtent: namesPx,
                  maxExtent: namesPx,
                  labelColor: ink.text,
                }
              : { labels: false, grid: true },
          },
          yOffset: { field: 'approach', type: 'nominal', sort: places, scale: { domain: places } },
          color: look('colour'),
          shape: look('shape'),
          tooltip: [
            { field: 'trialId', type: 'nominal', title: 'trial' },
            { field: 'fault', type: 'nominal' },
            { field: 'approach', type: 'nominal' },
            { field: 'outageS', type: 'quantitative', title: 'without service s' },
            { field: 'p95Ms', type: 'quantitative', title: 'p95 ms' },
          ],
        },
      },
    ],
  };
}
