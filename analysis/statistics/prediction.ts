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
  /** Standard deviation; 0 for constant references. */
  readonly deviation: number;
}

/** What it takes to say where one more value is to be expected. */
export interface Prediction extends Spread {
  /** Degrees of freedom of the deviation: one less than the values, two where a slope was estimated as well. */
  readonly freedom: number;
  /** Standard error of one more value's distance from the mean, in deviations. */
  readonly width: number;
}

/** @throws RangeError for fewer than two values or one that is not finite. */
export function spreadOf(values: readonly number[]): Prediction {
  if (values.length < 2 || values.some((value) => !Number.isFinite(value))) {
    throw new RangeError(
      `spread of ${values.length} values (${values.join(', ')}): two or more finite ones are needed`,
    );
  }
  const first = values[0] ?? 0;
  const count = values.length;
  const known = { count, freedom: count - 1, width: Math.sqrt(1 + 1 / count) };
  if (values.every((value) => value === first)) return { ...known, mean: first, deviation: 0 };
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { ...known, mean, deviation: Math.sqrt(squares / known.freedom) };
}

/** References as they would be at one place of a covariate. */
export interface Adjusted {
  /** In the order of the values given. */
  readonly values: readonly number[];
  readonly spread: Prediction;
}

/**
 * Values moved along their regression line to where the covariate is `at`, and their spread around it: what one more value is to be
 * expected to be there (Draper and Smith, "Applied Regression Analysis", 1.4, prediction at a point). A place far from the
 * references' own widens the interval. Null where the covariate is the same for all.
 * @throws RangeError for fewer than three values or one that is not finite, or not one covariate a value.
 */
export function adjustedTo(
  values: readonly number[],
  covariates: readonly number[],
  at: number,
): Adjusted | null {
  const count = values.length;
  if (count < 3 || covariates.length !== count || ![...values, ...covariates, at].every(Number.isFinite)) {
    throw new RangeError(
      `adjust ${count} values (${values.join(', ')}) by ${covariates.length} covariates (${covariates.join(', ')}) to ${at}: three or more finite pairs are needed`,
    );
  }
  const [middle, mean] = [meanOf(covariates), meanOf(values)];
  const distances = covariates.map((covariate) => covariate - middle);
  const squares = distances.reduce((sum, distance) => sum + distance ** 2, 0);
  // Rounding of equal covariates is no variation.
  if (squares <= 1e-18 * Math.max(1, middle ** 2) * count) return null;
  const slope =
    values.reduce((sum, value, index) => sum + (distances[index] ?? 0) * (value - mean), 0) / squares;
  const moved = values.map((value, index) => value - slope * ((covariates[index] ?? 0) - at));
  const centre = mean + slope * (at - middle);
  const left = moved.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const freedom = count - 2;
  const width = Math.sqrt(1 + 1 / count + (at - middle) ** 2 / squares);
  return {
    values: moved,
    spread: { count, mean: centre, deviation: Math.sqrt(left / freedom), freedom, width },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Distance from the mean beyond which one new observation falls, on one side, with probability `alpha`:
 * t(1 - alpha, n - 1) * s * sqrt(1 + 1/n) (Hahn and Meeker, "Statistical Intervals", for one future
 * observation of a normal population); after a regression with its own freedom and width.
 */
export function predictionMargin(spread: Prediction, alpha: number): number {
  return tQuantile(1 - alpha, spread.freedom) * spread.deviation * spread.width;
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
