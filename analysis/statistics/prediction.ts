/**
 * Prediction intervals: where one more observation of the references' kind is expected. The right interval for
 * judging a single trial; a confidence interval of the mean would shrink with the number of controls and call
 * ordinary trials worse.
 */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Centre and spread of references on a scale where they are roughly normal. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with n - 1; 0 for constant references. */
  readonly deviation: number;
}

/** @throws RangeError for fewer than two values or one that is not finite. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length < 2 || values.some((value) => !Number.isFinite(value))) {
    throw new RangeError(
      `spread of ${values.length} values (${values.join(', ')}): two or more finite ones are needed`,
    );
  }
  const first = values[0] ?? 0;
  if (values.every((value) => value === first)) return { count: values.length, mean: first, deviation: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count: values.length, mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * Distance from the mean beyond which one new observation falls, on one side, with probability `alpha`:
 * t(1 - alpha, n - 1) * s * sqrt(1 + 1/n) (Hahn and Meeker, "Statistical Intervals", for one future
 * observation of a normal population).
 */
export function predictionMargin(spread: Spread, alpha: number): number {
  const quantile = tQuantile(1 - alpha, spread.count - 1);
  return quantile * spread.deviation * Math.sqrt(1 + 1 / spread.count);
}

/** A scale on which a figure varies evenly, and the way back. */
export interface Scale {
  readonly name: string;
  readonly to: (value: number) => number;
  readonly from: (value: number) => number;
}

/** Counts in the thousands: as they are. */
export const PLAIN: Scale = { name: 'plain', to: (value) => value, from: (value) => value };

/** Latencies vary by a factor and have a long upper tail: the logarithm evens both out. */
export const LOGARITHM: Scale = { name: 'logarithm', to: Math.log, from: Math.exp };

/**
 * Shares near 0 or 1: the arcsine of the square root evens out their binomial variance and, unlike the logit, is
 * defined where nothing failed, which is what most references show.
 */
export const ARCSINE: Scale = {
  name: 'arcsine',
  to: (share) => Math.asin(Math.sqrt(Math.min(1, Math.max(0, share)))),
  from: (angle) => Math.sin(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2,
};
