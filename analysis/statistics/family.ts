/** Many tests at once, with one chance of a false alarm for all of them together. */
import padjust from '@stdlib/stats-padjust';
import type { ExactTest } from './exact.ts';

/**
 * p values of a family of exact tests, corrected by Bonferroni for those of them that could have passed at all: a test
 * whose smallest p is too large can never raise a false alarm and costs nothing (Tarone, "A Modified Bonferroni Method for
 * Discrete Data", Biometrics 1990). 1 for a test that could not have passed.
 * @param alpha chance of any false alarm in the family
 */
export function correctedExact(tests: readonly ExactTest[], alpha: number): number[] {
  const count = testableCount(tests, alpha);
  const testable = couldPass(tests, alpha);
  const ps = tests.flatMap(({ p }, index) => (testable[index] ? [p] : []));
  const corrected = ps.length === 0 ? [] : padjust(ps, 'bonferroni', Math.max(count, ps.length));
  return testable.map((is) => (is ? (corrected.shift() ?? 1) : 1));
}

/** Which tests of a family could have passed, had all that was seen been as extreme as these numbers allow. */
export function couldPass(tests: readonly ExactTest[], alpha: number): boolean[] {
  const count = testableCount(tests, alpha);
  return tests.map(({ smallestP }) => smallestP * count <= alpha);
}

/** The smallest k such that no more than k tests can reach alpha / k. */
function testableCount(tests: readonly ExactTest[], alpha: number): number {
  for (let k = 1; k < tests.length; k += 1) {
    if (tests.filter(({ smallestP }) => smallestP <= alpha / k).length <= k) return k;
  }
  return Math.max(1, tests.length);
}
