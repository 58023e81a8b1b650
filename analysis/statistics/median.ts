/** The middle of what was measured, where not everything was. */
import { median } from 'simple-statistics';

/** Median of the values that are known; null where none is, which is never taken for 0. */
export function medianOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}
