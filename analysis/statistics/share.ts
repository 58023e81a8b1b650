/** Shares of few trials, with intervals that hold for few trials. */
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import { SHARE_CONFIDENCE } from '../rules.ts';

/** `k` of `n`; the interval is [0, 1] where n is 0. */
export interface Share {
  readonly k: number;
  readonly n: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Exact two-sided interval of Clopper and Pearson (1934): never covers less than it says.
 * @throws RangeError unless 0 <= k <= n are whole numbers.
 */
export function exactShare(k: number, n: number, confidence: number = SHARE_CONFIDENCE): Share {
  if (!Number.isInteger(k) || !Number.isInteger(n) || k < 0 || k > n) {
    throw new RangeError(`share ${k} of ${n}: whole numbers with 0 <= k <= n are allowed`);
  }
  const tail = (1 - confidence) / 2;
  const low = k === 0 ? 0 : betaQuantile(tail, k, n - k + 1);
  const high = k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k);
  return { k, n, low, high };
}

/** A share in per cent, with so many decimals. */
export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** An interval of shares in whole per cent, as `12 to 34 %`. */
export function rangeText({ low, high }: Pick<Share, 'low' | 'high'>): string {
  return `${(low * 100).toFixed(0)} to ${percent(high)}`;
}

/** The interval behind a count, as ` (12 % to 34 %)`; empty where there is nothing to count. */
export function intervalText({ n, low, high }: Share): string {
  return n === 0 ? '' : ` (${percent(low)} to ${percent(high)})`;
}
