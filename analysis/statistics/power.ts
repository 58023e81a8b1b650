/** How likely one trial is called worse, before it is run: the power of a prediction interval with an effect threshold. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { errorFunction, gammaln } from 'simple-statistics';

/** One figure on a scale where it is normal, and the rule by which a value of it is called worse. */
export interface Instrument {
  /** References. */
  readonly count: number;
  /** Standard deviation of a trial's value around the mean of its kind. */
  readonly deviation: number;
  /** Least distance from the references' mean that matters. */
  readonly threshold: number;
  /** Chance that a trial that does not differ lies beyond the prediction limit. */
  readonly alpha: number;
}

/** Steps of the integral over the references' spread; doubling them changes no chance by 1e-6. */
const STEPS = 400;

/**
 * Chance that a trial of a kind whose mean lies `shift` further towards harm is called worse. The distance of a trial from
 * the references' mean is normal with variance s^2 (1 + 1/n), independent of the spread that the references show; the
 * limit is the larger of t(1 - alpha; n - 1) times that spread and the threshold, so that the chance is an integral over
 * the chi distribution. Without a threshold it is the noncentral t (Hahn and Meeker, "Statistical Intervals", 4.8).
 * @throws RangeError for fewer than two references
 */
export function labelledChance({ count, deviation, threshold, alpha }: Instrument, shift: number): number {
  if (count < 2) throw new RangeError(`chance of a label: ${count} references; two or more are needed`);
  if (deviation === 0) return shift >= threshold ? 1 : 0;
  const freedom = count - 1;
  const width = Math.sqrt(1 + 1 / count);
  const quantile = tQuantile(1 - alpha, freedom);
  const beyond = (spread: number): number => {
    const limit = Math.max(quantile * spread * deviation * width, threshold);
    return normalCdf((shift - limit) / (deviation * width));
  };
  return overSpreads(freedom, beyond);
}

/** Least shift with which a trial is called worse with probability `chance`, to a thousandth of the deviation. */
export function labelledShift(instrument: Instrument, chance: number): number {
  const { deviation, threshold } = instrument;
  if (deviation === 0) return threshold;
  let [low, high] = [0, Math.max(deviation, threshold)];
  while (labelledChance(instrument, high) < chance) high *= 2;
  while (high - low > deviation / 1000) {
    const middle = (low + high) / 2;
    if (labelledChance(instrument, middle) < chance) low = middle;
    else high = middle;
  }
  return high;
}

/** Mean of a function of the spread that `freedom + 1` values show, in units of the true one (Simpson's rule). */
function overSpreads(freedom: number, of: (spread: number) => number): number {
  const logConstant = Math.log(2) + (freedom / 2) * Math.log(freedom / 2) - gammaln(freedom / 2);
  const density = (spread: number): number =>
    spread === 0
      ? freedom === 1
        ? Math.exp(logConstant)
        : 0
      : Math.exp(logConstant + (freedom - 1) * Math.log(spread) - (freedom * spread ** 2) / 2);
  // Eight deviations of the spread to either side hold all of it that a chance could show.
  const most = 1 + 8 / Math.sqrt(2 * freedom);
  const least = Math.max(0, 1 - 8 / Math.sqrt(2 * freedom));
  const step = (most - least) / STEPS;
  let [sum, all] = [0, 0];
  for (let index = 0; index <= STEPS; index += 1) {
    const spread = least + index * step;
    const weight = density(spread) * (index === 0 || index === STEPS ? 1 : index % 2 === 1 ? 4 : 2);
    sum += weight * of(spread);
    all += weight;
  }
  return sum / all;
}

/** Standard normal distribution function, to 1e-7. */
export function normalCdf(z: number): number {
  return (1 + errorFunction(z / Math.SQRT2)) / 2;
}
