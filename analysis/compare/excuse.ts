/**
 * What met an event in NEW and is no evidence against the build. The exact tests take trials of both campaigns for
 * exchangeable; a day on which the machine is slower carries all trials near a threshold past it together.
 */
import { ranOutOfTime } from '../containment.ts';
import type { JudgedTrial } from '../judge.ts';
import type { Impact } from '../rules.ts';
import type { ComparedCell } from './cells.ts';
import { durationLimit, failedLimit, failedShare } from './figure.ts';

/** Whether a trial met an event; undefined where it says nothing of it. */
export type Asked = (trial: JudgedTrial) => boolean | undefined;

/** Why a trial of NEW that met an event does not count against the build. It is shown all the same. */
export interface Excuse {
  readonly why: string;
  readonly holds: (trial: JudgedTrial) => boolean;
}

/** Whatever met the event counts. */
export const NO_EXCUSE: Excuse = { why: '', holds: () => false };

/** What an event measures that is met beyond a threshold. */
export interface Threshold {
  /** Null where the trial met the event, or did not, for another reason than the threshold. */
  readonly of: (trial: JudgedTrial) => number | null;
  /** From where on it matters that this is more than is expected. */
  readonly limit: (expected: number) => number;
}

/** Labels that depend on how long something took: requests fail while a service restarts. */
export const THRESHOLDS: Partial<Record<Impact, Threshold>> = {
  'full outage': { of: ({ figures }) => figures.outageS, limit: durationLimit },
  'degraded throughput': { of: failedShare, limit: failedLimit },
};

/** A shared machine may be half as fast on another day (seen: a third within an hour). */
const UNKNOWN_SLOWDOWN = 2;

/**
 * How long an upgrade took until it ended, s; of one that was under way at the horizon's end, as long as it was seen. A way back
 * that failed is no matter of time.
 */
export const timeToEnd: Threshold = {
  of: ({ record }) =>
    record.upgrade.outcome === 'stuck' && !ranOutOfTime(record)
      ? null
      : (record.upgrade.endMs - record.upgrade.startMs) / 1000,
  limit: durationLimit,
};

/** How long it took a gate to stop an upgrade; no matter of time where all gates were passed. */
export const timeToGate: Threshold = {
  of: (trial) => (trial.record.upgrade.outcome === 'upgraded' ? null : timeToEnd.of(trial)),
  limit: durationLimit,
};

/**
 * Excuses trials of NEW that are beyond a threshold by no more than matters, held against the trial of BASE in the cell that came
 * nearest to it, on a machine as slow as in NEW.
 * @param slowdown undefined where too few trials tell how slow it was: then twice as slow is allowed for, and no more
 */
export function slowerMachine(
  { base }: ComparedCell,
  asked: Asked,
  { of, limit }: Threshold,
  slowdown: number | undefined,
): Excuse {
  const most = Math.max(0, ...base.trials.map((trial) => (asked(trial) === false ? (of(trial) ?? 0) : 0)));
  const expected = most * (slowdown ?? UNKNOWN_SLOWDOWN);
  return {
    why: 'a slower machine may do as much',
    holds: (trial) => {
      const seen = of(trial);
      return seen !== null && seen < limit(expected);
    },
  };
}
