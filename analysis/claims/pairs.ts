/** Trials of two approaches that met the same fault. */
import { conditionsOf, keyOf } from '../conditions.ts';
import type { JudgedTrial } from '../judge.ts';
import { isControl, NO_UPGRADE } from '../references.ts';

/** One fault under both approaches: the unit of a paired comparison. Repetitions of it are one unit, however many, and as many on either side. */
export interface Pair {
  readonly fault: string;
  readonly type: number;
  readonly inPlace: readonly JudgedTrial[];
  readonly isolated: readonly JudgedTrial[];
}

/**
 * As many trials of either side, the first ones. Five trials meet a rare event more often than one does, so that without
 * a difference the two sides would not be equally likely to meet it more.
 */
export function asMany<T>(one: readonly T[], other: readonly T[]): [T[], T[]] {
  const count = Math.min(one.length, other.length);
  return [one.slice(0, count), other.slice(0, count)];
}

/**
 * Pairs in which the fault was confirmed and judged under both approaches.
 * @param tells whether a trial tells if what is compared happened; all do where it is not given
 */
export function pairsOf(
  trials: readonly JudgedTrial[],
  inPlace: string,
  tells: (trial: JudgedTrial) => boolean = () => true,
): Pair[] {
  const faulty = trials.filter((trial) => !isControl(trial.record) && isTold(trial) && tells(trial));
  const groups = [...Map.groupBy(faulty, pairKey)].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups.flatMap(([, own]) => {
    const [first] = own;
    const [here, apart] = asMany(
      own.filter(({ record }) => record.approach === inPlace),
      own.filter(({ record }) => record.imago !== null),
    );
    if (first === undefined || here.length === 0) return [];
    const { name, type } = first.record.fault;
    return [{ fault: name, type, inPlace: here, isolated: apart }];
  });
}

/** The operator met the same hosts of the same universe, as many tests, and clients of the same kind. */
function pairKey({ record }: JudgedTrial): string {
  const { fault, reach, target, gates } = record;
  return JSON.stringify([fault.name, reach, target, gates, keyOf(conditionsOf(record))]);
}

/** Whether a trial tells whether its fault reached users. */
function isTold({ containment }: JudgedTrial): boolean {
  return !['', 'inapplicable', 'not-reached', 'undecided', 'unfinished'].includes(containment);
}

/** Approaches that upgrade the system that serves, by name. */
export function inPlaceApproaches(trials: readonly JudgedTrial[]): string[] {
  const upgrading = trials.filter(
    ({ record }) => record.approach !== NO_UPGRADE && record.outcome === 'completed' && record.imago === null,
  );
  return [...new Set(upgrading.map(({ record }) => record.approach))].sort();
}

/** Faults that did something under one approach and not, or less often, under the other. */
export interface Discordance {
  readonly pairs: readonly Pair[];
  /** Pairs in which it happened in place at all, and of those, the ones in which it happened in isolation at all. */
  readonly inPlaceAny: readonly Pair[];
  readonly bothAny: readonly Pair[];
  /** More often in place; more often in isolation. */
  readonly moreInPlace: readonly Pair[];
  readonly moreIsolated: readonly Pair[];
}

/** Splits pairs by where an event was more frequent. */
export function discordance(pairs: readonly Pair[], event: (trial: JudgedTrial) => boolean): Discordance {
  const share = (trials: readonly JudgedTrial[]) => trials.filter(event).length / trials.length;
  const inPlaceAny = pairs.filter(({ inPlace }) => inPlace.some(event));
  return {
    ...{ pairs, inPlaceAny },
    bothAny: inPlaceAny.filter(({ isolated }) => isolated.some(event)),
    moreInPlace: pairs.filter(({ inPlace, isolated }) => share(inPlace) > share(isolated)),
    moreIsolated: pairs.filter(({ inPlace, isolated }) => share(inPlace) < share(isolated)),
  };
}

/** Ids of the trials of some pairs. */
export function trialsOf(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(({ inPlace, isolated }) =>
    [...inPlace, ...isolated].map(({ record }) => record.trialId),
  );
}
