/** The figures of controls that are compared, and from where on a difference matters. */
import type { JudgedTrial } from '../judge.ts';
import { leaseFigure } from '../lease.ts';
import { LATENCY_EFFECT_MS, LATENCY_EFFECT_RATIO, SUCCESS_RATIO_EFFECT } from '../rules.ts';
import { ARCSINE, LOGARITHM, type Scale } from '../statistics/prediction.ts';
import { COST_RATIO, LEASED_CPU_S, LEASED_MB, QUIESCENCE_MS, QUIESCENCE_RATIO, UPGRADE_S } from './rules.ts';

/** A figure of which more is worse. */
export interface Figure {
  readonly name: string;
  /** Null where the trial does not tell it, or where there is nothing to take a ratio of. */
  readonly of: (trial: JudgedTrial) => number | null;
  readonly scale: Scale;
  /** Least value that matters, given the one that is expected. */
  readonly limit: (expected: number) => number;
  /** The machine's own speed shows in it, so that it is compared relative to trials that share all but what is in question. */
  readonly relative: boolean;
}

/** All figures of these trials. */
export function figuresOf(trials: readonly JudgedTrial[]): Figure[] {
  const phases = trials.flatMap(({ record }) => record.imago?.quiescences.map(({ phase }) => phase) ?? []);
  return [...FIGURES, ...[...new Set(phases)].sort().map(quiescence)];
}

interface Effect {
  readonly ratio: number;
  readonly least: number;
  readonly relative?: boolean;
}

function ofRatio(
  name: string,
  of: (trial: JudgedTrial) => number | null | undefined,
  { ratio, least, relative = false }: Effect,
): Figure {
  return {
    name,
    of: (trial) => {
      const value = of(trial) ?? 0;
      return value > 0 ? value : null;
    },
    scale: LOGARITHM,
    limit: (expected) => Math.max(expected * ratio, expected + least),
    relative,
  };
}

const LATENCY: Effect = { ratio: LATENCY_EFFECT_RATIO, least: LATENCY_EFFECT_MS, relative: true };

const FIGURES: readonly Figure[] = [
  ofRatio('p50_ms', ({ figures }) => figures.p50Ms, LATENCY),
  ofRatio('p95_ms', ({ figures }) => figures.p95Ms, LATENCY),
  {
    name: 'failed_share',
    of: ({ figures: { successRatio } }) => (successRatio === null ? null : 1 - successRatio),
    scale: ARCSINE,
    limit: (expected) => expected + SUCCESS_RATIO_EFFECT,
    relative: false,
  },
  ofRatio(
    'upgrade_s',
    ({ record: { upgrade } }) =>
      upgrade.outcome === 'upgraded' ? (upgrade.endMs - upgrade.startMs) / 1000 : null,
    { ratio: COST_RATIO, least: UPGRADE_S },
  ),
  ofRatio('leased_cpu_s', ({ record }) => leaseFigure(record, ({ cpuSeconds }) => cpuSeconds), {
    ratio: COST_RATIO,
    least: LEASED_CPU_S,
  }),
  ofRatio('leased_memory_mb', ({ record }) => leaseFigure(record, ({ peakMemoryMb }) => peakMemoryMb), {
    ratio: COST_RATIO,
    least: LEASED_MB,
  }),
];

function quiescence(phase: string): Figure {
  return ofRatio(
    `quiescence_${phase}_ms`,
    ({ record }) => record.imago?.quiescences.find((one) => one.phase === phase)?.lastedMs,
    { ratio: QUIESCENCE_RATIO, least: QUIESCENCE_MS },
  );
}
