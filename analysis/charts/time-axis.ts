/** The time axis that the charts of a timeline share, and the trial's phases on it. */
import type { ChartSpec, Ink } from './palette.ts';

/** What is shorter than this would not be seen. */
export const THINNEST_S = 0.25;

/** Inks, seconds shown and width that all charts of a timeline share. */
export interface Scales {
  readonly ink: Ink;
  readonly domain: readonly number[];
  readonly widthPx: number;
}

/** The time axis; only the lowest chart names its seconds. */
export function seconds({ domain }: Scales, labels: boolean): ChartSpec {
  return {
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: labels
      ? { grid: false, title: 'seconds', tickCount: 8 }
      : { grid: false, labels: false, title: null },
  };
}

/** A legend below the chart, in two columns where one line would be wider than the chart. */
export function bottomLegend({ widthPx }: Scales): ChartSpec {
  return { orient: 'bottom', direction: 'horizontal', columns: widthPx < 420 ? 2 : 5 };
}

/** Room that the name of a phase needs. */
const NARROWEST_NAME_PX = 46;

function pixels(phase: Pick<Stretch, 'fromS' | 'toS'>, { domain, widthPx }: Scales): number {
  const [from = 0, to = 1] = domain;
  return ((phase.toS - phase.fromS) / (to - from)) * widthPx;
}

/** A stretch of a trial. */
export interface Stretch {
  readonly phase: string;
  readonly fromS: number;
  readonly toS: number;
}

/** Bands behind a chart that tell the phases apart; their names where asked. */
export function phaseLayers(phases: readonly Stretch[], scales: Scales, names: boolean): ChartSpec[] {
  const values = phases.map((phase, index) => ({
    ...phase,
    odd: index % 2 === 1,
    middleS: (phase.fromS + phase.toS) / 2,
  }));
  const rule = {
    data: { values: values.slice(1) },
    mark: { type: 'rule', color: scales.ink.quiet, strokeDash: [3, 3], opacity: 0.7 },
    encoding: { x: { field: 'fromS', ...seconds(scales, false) } },
  };
  const text = {
    data: { values: values.filter((phase) => pixels(phase, scales) > NARROWEST_NAME_PX) },
    mark: { type: 'text', baseline: 'bottom', y: -4, color: scales.ink.quiet, fontSize: 11 },
    encoding: {
      x: { field: 'middleS', ...seconds(scales, false) },
      text: { field: 'phase', type: 'nominal' },
    },
  };
  return names ? [rule, text] : [rule];
}
