/**
 * Exact tests for counts of few trials. They make no assumption on how often an event is to be expected, only that, if
 * nothing changed, the trials of a stratum could have changed places.
 */
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';

/** One stratum: trials alike but for the side on which they stand, and how many of each side met the event. */
export interface Stratum {
  readonly base: Count;
  readonly next: Count;
}

/** `k` of `n` trials met the event. */
export interface Count {
  readonly k: number;
  readonly n: number;
}

/** Result of a one-sided exact test. */
export interface ExactTest {
  /** Chance of at least as much as was seen, if nothing differed. */
  readonly p: number;
  /** The smallest p that these numbers of trials and events could have given; 1 where nothing could be seen. */
  readonly smallestP: number;
}

/**
 * Whether events are more frequent in `next`: the number of them there, given the number of trials and events of each
 * stratum. With one stratum it is Fisher's exact test (1935), with pairs of single trials the exact test of McNemar
 * (a sign test), in general the exact test behind Cochran, Mantel and Haenszel (Agresti, "Categorical Data Analysis", 7.3.5).
 * @throws RangeError unless 0 <= k <= n are whole numbers.
 */
export function exactIncrease(strata: readonly Stratum[]): ExactTest {
  let chances: readonly number[] = [1];
  let least = 0;
  let seen = 0;
  for (const { base, next } of strata) {
    for (const count of [base, next]) assertCount(count);
    const events = base.k + next.k;
    const from = Math.max(0, events - base.n);
    chances = convolved(chances, hypergeometric(base.n, next.n, events));
    least += from;
    seen += next.k;
  }
  const tail = chances.slice(seen - least).reduce((sum, chance) => sum + chance, 0);
  return { p: Math.min(1, tail), smallestP: chances.at(-1) ?? 1 };
}

/**
 * One-sided sign test: at least `k` of `n` pairs in one direction where both are equally likely. 1 where there is no pair.
 * @throws RangeError unless 0 <= k <= n are whole numbers.
 */
export function signTest(k: number, n: number): ExactTest {
  return shareExceeds(k, n, 0.5);
}

/**
 * Whether an event is more frequent than `share` of the time: at least `k` of `n` where it happens just as often. 1 where there is none.
 * @throws RangeError unless 0 <= k <= n are whole numbers.
 */
export function shareExceeds(k: number, n: number, share: number): ExactTest {
  assertCount({ k, n });
  return { p: k === 0 ? 1 : 1 - binomialCdf(k - 1, n, share), smallestP: share ** n };
}

/** Chances that `next` holds its least possible number of all `events`, one more, and so on. */
function hypergeometric(baseN: number, nextN: number, events: number): number[] {
  const least = Math.max(0, events - baseN);
  const most = Math.min(nextN, events);
  const weights = [1];
  for (let k = least; k < most; k += 1) {
    const odds = ((nextN - k) * (events - k)) / ((k + 1) * (baseN - events + k + 1));
    weights.push((weights.at(-1) ?? 1) * odds);
  }
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Chances of the sums of two independent whole numbers from 0 on. */
export function convolved(a: readonly number[], b: readonly number[]): number[] {
  const sums = new Array<number>(a.length + b.length - 1).fill(0);
  for (const [i, x] of a.entries()) {
    for (const [j, y] of b.entries()) sums[i + j] = (sums[i + j] ?? 0) + x * y;
  }
  return sums;
}

function assertCount({ k, n }: Count): void {
  if (Number.isInteger(k) && Number.isInteger(n) && k >= 0 && k <= n) return;
  throw new RangeError(`count ${k} of ${n}: whole numbers with 0 <= k <= n are allowed`);
}
