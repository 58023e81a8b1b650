/**
 * The claim about where an upgrade is tested: the same faults, and the same tests, in the parallel universe that will
 * serve and in an environment that differs from it, such as one with less data, fewer requests or no live ones at all.
 */
import { type Conditions, differencesOf, keyOf } from '../conditions.ts';
import { ranOutOfTime, stoppingGate } from '../containment.ts';
import type { JudgedTrial } from '../judge.ts';
import { plantsFault } from '../references.ts';
import { type ExactTest, signTest } from '../statistics/exact.ts';
import { exactShare, intervalText, percent } from '../statistics/share.ts';
import type { Claim } from './claim.ts';
import { asMany } from './pairs.ts';
import { CLAIMS_ALPHA, ESSENTIAL_SHARE, LEAST_DISCORDANT } from './rules.ts';

/** One fault in both environments. Its repetitions are one unit, however many, and as many on either side. */
interface Pair {
  readonly here: readonly JudgedTrial[];
  readonly elsewhere: readonly JudgedTrial[];
}

/** What was found, before the family of all claims is corrected. */
export interface FidelityTest {
  readonly pairs: readonly Pair[];
  /** Stopped more often in the universe that will serve; more often elsewhere. */
  readonly moreHere: readonly Pair[];
  readonly moreElsewhere: readonly Pair[];
  readonly test: ExactTest;
  readonly reverse: ExactTest;
  /** What the other environment has otherwise, as `scale 0.002, mirroring off`; empty where nothing, or where there are several. */
  readonly differences: string;
  readonly isGiven: boolean;
}

/** @param elsewhere trials whose environment differs; undefined where none are given */
export function fidelityTest(
  here: readonly JudgedTrial[],
  elsewhere: readonly JudgedTrial[] | undefined,
): FidelityTest {
  const sides = { here: faulty(here), elsewhere: faulty(elsewhere ?? []) };
  const others = Map.groupBy(sides.elsewhere, pairKey);
  const pairs = [...Map.groupBy(sides.here, pairKey)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, own]) => {
      const [met, elsewhereMet] = asMany(own, others.get(key) ?? []);
      return met.length === 0 ? [] : [{ here: met, elsewhere: elsewhereMet }];
    });
  const differences = environmentsOf(pairs);
  const told = differences === '' ? [] : pairs;
  const moreHere = told.filter((pair) => stoppedShare(pair.here) > stoppedShare(pair.elsewhere));
  const moreElsewhere = told.filter((pair) => stoppedShare(pair.here) < stoppedShare(pair.elsewhere));
  const discordant = moreHere.length + moreElsewhere.length;
  return {
    ...{ pairs, moreHere, moreElsewhere, differences, isGiven: elsewhere !== undefined },
    test: signTest(moreHere.length, discordant),
    reverse: signTest(moreElsewhere.length, discordant),
  };
}

/** @param p of stopped more often where it will serve, and @param reverseP of more often elsewhere, both corrected */
export function decideFidelity(found: FidelityTest, p: number, reverseP: number): Claim {
  const { pairs, moreHere, moreElsewhere, differences, isGiven } = found;
  const stoppedHere = pairs.filter(({ here }) => stoppedShare(here) > 0);
  const passed = exactShare(moreHere.length, stoppedHere.length);
  const verdict =
    differences === ''
      ? 'undecided'
      : reverseP <= CLAIMS_ALPHA || (stoppedHere.length > 0 && passed.high < ESSENTIAL_SHARE)
        ? 'contradicted'
        : p <= CLAIMS_ALPHA
          ? 'reproduced'
          : 'undecided';
  return {
    name: 'fidelity',
    finding: 'Fidelity of the testing environment is essential for online upgrades',
    rule: `more faults are stopped by tests in the universe that will serve than by the same tests elsewhere (exact sign test over faults, corrected, ${percent(CLAIMS_ALPHA)}); contradicted too where the exact 95 % interval of those that pass elsewhere lies below ${percent(ESSENTIAL_SHARE)}`,
    against: differences,
    verdict,
    numbers: isGiven
      ? `of ${pairs.length} faults met in both, ${stoppedHere.length} were stopped where it will serve, and of those ${moreHere.length} less often or never elsewhere${intervalText(passed)}; stopped more often elsewhere: ${moreElsewhere.length}`
      : 'nothing is measured',
    p: pairs.length === 0 || differences === '' ? null : reverseP <= CLAIMS_ALPHA ? reverseP : p,
    trials: [...moreHere, ...moreElsewhere].flatMap(({ here, elsewhere }) => [
      ...here.map(({ record }) => record.trialId),
      ...elsewhere.map(({ record }) => `elsewhere/${record.trialId}`),
    ]),
    missing: verdict === 'undecided' ? missing(found) : '',
  };
}

/**
 * Trials in a parallel universe whose fault was confirmed: whether a gate stopped them is told whatever users felt. One that ran
 * out of time passed no test and failed none.
 */
function faulty(trials: readonly JudgedTrial[]): JudgedTrial[] {
  return trials.filter(
    ({ record }) =>
      record.imago !== null && record.outcome === 'completed' && !ranOutOfTime(record) && plantsFault(record),
  );
}

/** The same mistake in the same procedure, checked by the same gates. */
function pairKey({ record }: JudgedTrial): string {
  const { approach, fault, reach, target, gates } = record;
  return JSON.stringify([approach, fault.name, reach, target, gates]);
}

function stoppedShare(trials: readonly JudgedTrial[]): number {
  return trials.filter(({ record }) => stoppingGate(record) !== '').length / trials.length;
}

/** What an environment for tests may have otherwise than production. */
function environmentOf({ record }: JudgedTrial): Conditions {
  const { hosts, scale, ratePerSecond, mirroring, hardware } = record;
  return { 'hosts a tier': hosts, scale, 'requests a second': ratePerSecond, mirroring, hardware };
}

/** What the one environment elsewhere has otherwise than the one here. */
function environmentsOf(pairs: readonly Pair[]): string {
  const [here, elsewhere] = (['here', 'elsewhere'] as const).map((side) => {
    const all = pairs.flatMap((pair) => pair[side]).map(environmentOf);
    return new Set(all.map(keyOf)).size === 1 ? all[0] : undefined;
  });
  if (here === undefined || elsewhere === undefined) return '';
  return differencesOf(elsewhere, [here]);
}

function missing({ isGiven, pairs, differences, moreHere, moreElsewhere }: FidelityTest): string {
  if (!isGiven)
    return 'a campaign of the same faults in an environment that differs: upfault claims DIR --elsewhere OTHER';
  if (pairs.length === 0) return 'faults that were confirmed in both, under the same approach and gates';
  if (differences === '') return 'one environment in each campaign, and the two different';
  return `${moreHere.length + moreElsewhere.length} faults tell the environments apart; ${LEAST_DISCORDANT} or more, nearly all in one direction, are wanted`;
}
