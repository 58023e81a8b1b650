/** One trial by the second: what was offered, served and failed, how slow it was, and what the upgrade did meanwhile. */
import { type ImagoCourse, imagoPanels } from './imago-course.ts';
import { type ChartSpec, chartConfig, IMPACT_COLOURS, INKS, type Mode } from './palette.ts';
import { phaseLayers, type Scales, seconds, THINNEST_S } from './time-axis.ts';

/** What the timeline shows. Times in seconds on the trial's clock. */
export interface TimelineData {
  readonly trialId: string;
  /** Second of the first entry of each series. */
  readonly firstSecond: number;
  readonly offered: readonly number[];
  readonly ok: readonly number[];
  /** Failed and dropped. */
  readonly failed: readonly number[];
  readonly p95Ms: readonly (number | null)[];
  readonly phases: readonly { readonly phase: string; readonly fromS: number; readonly toS: number }[];
  readonly steps: readonly TimelineStep[];
  readonly readings: readonly { readonly atS: number; readonly host: string; readonly title: string }[];
  /** What Imago did; null under approaches without a parallel universe. */
  readonly imago: ImagoCourse | null;
}

/** A bar of the step chart. */
export interface TimelineStep {
  readonly host: string;
  readonly title: string;
  readonly fromS: number;
  readonly toS: number;
  readonly outcome: string;
  /** What the fault changed about it; empty for most. */
  readonly edit: string;
}

/** Charts over one time axis: requests, latency, what Imago did, steps. */
export function timelineChart(data: TimelineData, mode: Mode, widthPx: number): ChartSpec {
  const ink = INKS[mode];
  const lastSecond = data.firstSecond + data.offered.length;
  const end = Math.max(
    lastSecond,
    ...data.phases.map((phase) => phase.toS),
    ...data.steps.map((step) => step.toS),
  );
  const domain = [Math.min(data.firstSecond, 0), end];
  const scales: Scales = { ink, domain, widthPx };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `Timeline of trial ${data.trialId}: requests, latency and steps by second`,
    config: chartConfig(mode),
    spacing: 10,
    resolve: { scale: { color: 'independent' } },
    vconcat: [
      requestsPanel(data, scales),
      latencyPanel(data, scales),
      ...(data.imago === null ? [] : imagoPanels(data.imago, data.phases, scales)),
      ...stepsPanels(data, scales),
    ],
  };
}

function requestsPanel(data: TimelineData, scales: Scales): ChartSpec {
  const series = ['offered', 'served', 'failed'];
  const values = data.offered.flatMap((offered, index) => {
    const second = data.firstSecond + index;
    const counts = [offered, data.ok[index] ?? 0, data.failed[index] ?? 0];
    return series.map((name, which) => ({ second, series: name, requests: counts[which] }));
  });
  const colour = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: {
      domain: series,
      range: [scales.ink.quiet, IMPACT_COLOURS['latent error'], IMPACT_COLOURS['full outage']],
    },
    legend: {
      orient: 'top',
      direction: 'horizontal',
      offset: 22,
      symbolType: 'stroke',
      symbolOpacity: 1,
      symbolStrokeWidth: 3,
    },
  };
  const encoding = {
    x: { field: 'second', ...seconds(scales, false) },
    y: { field: 'requests', type: 'quantitative', title: 'requests/s', axis: { tickCount: 4 } },
    color: colour,
    tooltip: [
      { field: 'second', type: 'quantitative' },
      { field: 'series', type: 'nominal' },
      { field: 'requests', type: 'quantitative' },
    ],
  };
  return {
    width: scales.widthPx,
    height: 150,
    layer: [
      ...phaseLayers(data.phases, scales, true),
      {
        data: { values: values.filter((v) => v.series === 'failed') },
        mark: { type: 'area', interpolate: 'step-after', opacity: 0.35 },
        encoding,
      },
      { data: { values }, mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.6 }, encoding },
    ],
  };
}

function latencyPanel(data: TimelineData, scales: Scales): ChartSpec {
  const values = data.p95Ms.map((p95, index) => ({ second: data.firstSecond + index, p95 }));
  return {
    width: scales.widthPx,
    height: 90,
    layer: [
      ...phaseLayers(data.phases, scales, false),
      {
        data: { values },
        mark: {
          type: 'line',
          interpolate: 'step-after',
          color: IMPACT_COLOURS['increased latency'],
          strokeWidth: 1.6,
          invalid: 'break-paths-show-domains',
        },
        encoding: {
          x: { field: 'second', ...seconds(scales, data.steps.length === 0) },
          y: {
            field: 'p95',
            type: 'quantitative',
            title: 'p95 ms',
            scale: { type: 'symlog', constant: 5 },
            axis: { tickCount: 4 },
          },
          tooltip: [
            { field: 'second', type: 'quantitative' },
            { field: 'p95', type: 'quantitative', title: 'p95 ms' },
          ],
        },
      },
    ],
  };
}

/** One row a host; the step that the fault changed stands out by colour and outline. */
function stepsPanels(data: TimelineData, scales: Scales): ChartSpec[] {
  if (data.steps.length === 0) return [];
  const states = ['done', 'changed by the fault', 'failed', 'skipped'];
  const values = data.steps.map((step) => ({
    ...step,
    toS: Math.max(step.toS, step.fromS + THINNEST_S),
    lastedS: Math.round((step.toS - step.fromS) * 1000) / 1000,
    state: step.outcome !== 'done' ? step.outcome : step.edit === '' ? 'done' : 'changed by the fault',
  }));
  const hosts = [...new Set(values.map((step) => step.host))];
  const present = states.filter((state) => values.some((step) => step.state === state));
  const colours: Readonly<Record<string, string>> = {
    done: scales.ink.quiet,
    'changed by the fault': IMPACT_COLOURS['data loss'] ?? '',
    failed: IMPACT_COLOURS['full outage'] ?? '',
    skipped: scales.ink.line,
  };
  const y = {
    field: 'host',
    type: 'nominal',
    title: null,
    sort: hosts,
    axis: { grid: true, labelLimit: 80 },
  };
  const bars = {
    data: { values },
    mark: { type: 'bar', height: 11, cornerRadius: 2 },
    encoding: {
      x: { field: 'fromS', ...seconds(scales, true) },
      x2: { field: 'toS' },
      y,
      color: {
        field: 'state',
        type: 'nominal',
        title: null,
        scale: { domain: present, range: present.map((state) => colours[state]) },
        legend: { orient: 'bottom', direction: 'horizontal' },
      },
      tooltip: ['title', 'host', 'lastedS', 'state', 'edit'].map((field) => ({
        field,
        title: field === 'lastedS' ? 'seconds' : field,
      })),
    },
  };
  const readings = {
    data: { values: data.readings.filter((reading) => hosts.includes(reading.host)) },
    mark: { type: 'point', shape: 'diamond', filled: true, size: 50, color: scales.ink.text, opacity: 1 },
    encoding: {
      x: { field: 'atS', ...seconds(scales, true) },
      y,
      tooltip: [
        { field: 'title', type: 'nominal', title: 'evidence read' },
        { field: 'atS', type: 'quantitative', title: 'at second' },
      ],
    },
  };
  return [
    {
      width: scales.widthPx,
      height: { step: 20 },
      layer: [...phaseLayers(data.phases, scales, false), bars, readings],
    },
  ];
}
