/**
 * Whether values rise or fall in the order in which they were taken, over several series that need not be alike: Kendall's
 * test with the scores of all series added, as for the seasons of a year (Hirsch, Slack and Smith, "Techniques of Trend Analysis
 * for Monthly Water Quality Data", Water Resources Research 1982). Ranks alone count, so that no scale and no outlier matters.
 */
import { convolved, type ExactTest } from './exact.ts';
import { normalCdf } from './power.ts';

/** Longest series whose distribution is computed exactly; past it the normal one differs by less than a thousandth. */
const LONGEST_EXACT = 40;

/** @returns a two-sided test; `smallestP` is 1 where no series has two values that differ. */
export function trendTest(series: readonly (readonly number[])[]): ExactTest {
  const scored = series.map(scoreOf).filter(({ most }) => most > 0);
  const falls = scored.reduce((sum, one) => sum + one.falls, 0);
  const most = scored.reduce((sum, one) => sum + one.most, 0);
  if (most === 0) return { p: 1, smallestP: 1 };
  const atLeast = scored.every(({ count }) => count <= LONGEST_EXACT)
    ? exactTail(scored)
    : normalTail(scored, most);
  // Under no trend as many rises as falls are as likely, so that both tails are alike.
  const p = Math.min(1, 2 * atLeast(Math.max(falls, most - falls)));
  return { p, smallestP: Math.min(1, 2 * atLeast(most)) };
}

/** One series: how many of its pairs of differing values fall, how many such pairs there are, and how often each value occurs. */
interface Score {
  readonly count: number;
  readonly falls: number;
  readonly most: number;
  readonly ties: readonly number[];
}

function scoreOf(values: readonly number[]): Score {
  let [falls, most] = [0, 0];
  const seen = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    seen.set(value, (seen.get(value) ?? 0) + 1);
    for (const earlier of values.slice(0, index)) {
      if (earlier > value) falls += 1;
      if (earlier !== value) most += 1;
    }
  }
  return { count: values.length, falls, most, ties: [...seen.values()] };
}

/** Chance of so many falls or more: every order of the values of a series is as likely. */
function exactTail(scored: readonly Score[]): (falls: number) => number {
  const chances = scored.reduce<readonly number[]>(
    (sum, { ties }) => convolved(sum, inversionChances(ties)),
    [1],
  );
  return (falls) => chances.slice(falls).reduce((sum, chance) => sum + chance, 0);
}

/** Chances of 0, 1, 2, ... inversions among values of which each occurs so often: equal ones are put among the others in turn. */
function inversionChances(ties: readonly number[]): readonly number[] {
  let chances: readonly number[] = [1];
  let placed = 0;
  for (const count of ties) {
    chances = convolved(chances, placedChances(count, placed));
    placed += count;
  }
  return chances;
}

/**
 * Chances that `count` equal values stand before 0, 1, 2, ... of `others` (each pair counts): the distribution of Mann and
 * Whitney, by whether the last of all is one of the former or one of the latter.
 */
function placedChances(count: number, others: number): readonly number[] {
  let row: (readonly number[])[] = Array.from({ length: others + 1 }, () => [1]);
  for (let i = 1; i <= count; i += 1) {
    const next: (readonly number[])[] = [[1]];
    for (let j = 1; j <= others; j += 1) {
      const sums = new Array<number>(i * j + 1).fill(0);
      // The last is one of the others: every one of the `i` stands before it.
      for (const [k, chance] of (next[j - 1] ?? []).entries()) sums[k + i] = (j / (i + j)) * chance;
      for (const [k, chance] of (row[j] ?? []).entries()) sums[k] = (sums[k] ?? 0) + (i / (i + j)) * chance;
      next.push(sums);
    }
    row = next;
  }
  return row[others] ?? [1];
}

/** The normal distribution with the variance for ties, and half a step for its being whole numbers. */
function normalTail(scored: readonly Score[], most: number): (falls: number) => number {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5);
  const variance = scored.reduce(
    (sum, { count, ties }) => sum + (spread(count) - ties.reduce((all, tie) => all + spread(tie), 0)) / 72,
    0,
  );
  return (falls) => 1 - normalCdf((falls - 0.5 - most / 2) / Math.sqrt(variance));
}

/**
 * Middle of the slopes between any two values of one series, over all series, by time (Sen, "Estimates of the Regression
 * Coefficient Based on Kendall's Tau", 1968); null where no two differ in time.
 */
export function trendSlope(
  series: readonly (readonly { readonly at: number; readonly value: number }[])[],
): number | null {
  const slopes: number[] = [];
  for (const points of series)
    for (const [index, later] of points.entries())
      for (const earlier of points.slice(0, index))
        if (later.at !== earlier.at) slopes.push((later.value - earlier.value) / (later.at - earlier.at));
  slopes.sort((a, b) => a - b);
  const [lower, upper] = [slopes[Math.floor((slopes.length - 1) / 2)], slopes[Math.floor(slopes.length / 2)]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
