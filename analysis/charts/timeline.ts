/** One trial by the second: what was offered, served and failed, how slow it was, and what the upgrade did meanwhile. */
import { type ImagoCourse, imagoPanels } from './imago-course.ts';
import { type ChartSpec, chartConfig, IMPACT_COLOURS, INKS, type Mode } from './palette.ts';
import { stepsPanels, type TimelineReading, type TimelineStep } from './steps-panel.ts';
import { phaseLayers, type Scales, seconds } from './time-axis.ts';

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
  readonly readings: readonly TimelineReading[];
  /** What Imago did; null under approaches without a parallel universe. */
  readonly imago: ImagoCourse | null;
}

/** Told apart from either paper, which the colour of increased latency is not. */
const P95_COLOUR = '#0072B2';

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
    resolve: { scale: { color: 'independent', shape: 'independent', strokeDash: 'independent' } },
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
  const dash = {
    field: 'series',
    type: 'nominal',
    title: null,
    legend: colour.legend,
    scale: {
      domain: series,
      range: [
        [4, 3],
        [1, 0],
        [2, 2],
      ],
    },
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
      {
        data: { values },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.6 },
        encoding: { ...encoding, strokeDash: dash },
      },
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
          color: P95_COLOUR,
          strokeWidth: 1.6,
          invalid: 'break-paths-show-domains',
        },
        encoding: {
          x: { field: 'second', ...seconds(scales, data.steps.length === 0) },
          y: {
            field: 'p95',
            type: 'quantitative',
            title: 'p95 ms (log)',
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
