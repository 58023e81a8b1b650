/** Whether means of several groups differ by more than chance: Welch's test, for any sum of means. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { Spread } from './prediction.ts';

/**
 * Distance that the sum of the groups' means, each added or subtracted, exceeds by chance, on one side, with
 * probability `alpha`: t(1 - alpha; f) * sqrt(sum of s^2/n), with the degrees of freedom f of Welch and Satterthwaite
 * (Biometrika 1947), so that groups need not vary alike. 0 where no group varies.
 * @throws RangeError for a group of fewer than two values.
 */
export function contrastMargin(groups: readonly Spread[], alpha: number): number {
  const few = groups.find(({ count }) => count < 2);
  if (few !== undefined)
    throw new RangeError(`contrast of means: a group of ${few.count} values; two or more are needed`);
  const parts = groups.map(({ deviation, count }) => ({
    variance: deviation ** 2 / count,
    freedom: count - 1,
  }));
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  if (variance === 0) return 0;
  const freedom = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.freedom, 0);
  return tQuantile(1 - alpha, freedom) * Math.sqrt(variance);
}
