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
  /**
   * What a machine that is slower on another day does to it is told by the same figure of trials that share all but what is in
   * question (`itself`), or by how fast the system answers without an upgrade (`speed`); `nothing`: no machine changes it.
   */
  readonly beside: 'itself' | 'speed' | 'nothing';
}

/** All figures of these trials. */
export function figuresOf(trials: readonly JudgedTrial[]): Figure[] {
  const phases = trials.flatMap(({ record }) => record.imago?.quiescences.map(({ phase }) => phase) ?? []);
  return [...FIGURES, ...[...new Set(phases)].sort().map(quiescence)];
}

interface Effect {
  readonly ratio: number;
  readonly least: number;
  readonly beside?: Figure['beside'];
}

function ofRatio(
  name: string,
  of: (trial: JudgedTrial) => number | null | undefined,
  { ratio, least, beside = 'nothing' }: Effect,
): Figure {
  return {
    name,
    of: (trial) => {
      const value = of(trial) ?? 0;
      return value > 0 ? value : null;
    },
    scale: LOGARITHM,
    limit: (expected) => Math.max(expected * ratio, expected + least),
    beside,
  };
}

/** From where on it matters that something takes longer than expected: the same for upgrades and for what users wait through, s. */
export function durationLimit(expected: number): number {
  return Math.max(expected * COST_RATIO, expected + UPGRADE_S);
}

/** From where on it matters that more requests fail than expected, as a share. */
export function failedLimit(expected: number): number {
  return expected + SUCCESS_RATIO_EFFECT;
}

/** Requests that failed, as a share; null where none was offered. */
export function failedShare({ figures: { successRatio } }: JudgedTrial): number | null {
  return successRatio === null ? null : 1 - successRatio;
}

const LATENCY: Effect = { ratio: LATENCY_EFFECT_RATIO, least: LATENCY_EFFECT_MS, beside: 'itself' };

/** Tells how fast the machine is, on trials in which nothing is upgraded. */
export const SPEED: Figure = ofRatio('p50_ms', ({ figures }) => figures.p50Ms, LATENCY);

const FIGURES: readonly Figure[] = [
  SPEED,
  ofRatio('p95_ms', ({ figures }) => figures.p95Ms, LATENCY),
  {
    name: 'failed_share',
    of: failedShare,
    scale: ARCSINE,
    limit: failedLimit,
    beside: 'nothing',
  },
  ofRatio(
    'upgrade_s',
    ({ record: { upgrade } }) =>
      upgrade.outcome === 'upgraded' ? (upgrade.endMs - upgrade.startMs) / 1000 : null,
    { ratio: COST_RATIO, least: UPGRADE_S, beside: 'speed' },
  ),
  ofRatio('leased_cpu_s', ({ record }) => leaseFigure(record, ({ cpuSeconds }) => cpuSeconds), {
    ratio: COST_RATIO,
    least: LEASED_CPU_S,
    beside: 'speed',
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
    { ratio: QUIESCENCE_RATIO, least: QUIESCENCE_MS, beside: 'speed' },
  );
}
