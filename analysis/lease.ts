/** What an upgrade took beyond the system itself. */
import type { LeaseRecord, TrialRecord } from '../results/schema.ts';

/** A figure of a trial's lease: 0 without a parallel universe, null where it was not recorded. */
export function leaseFigure(
  { imago, leased }: TrialRecord,
  of: (lease: LeaseRecord) => number | null,
): number | null {
  if (imago === null) return 0;
  return leased === null ? null : of(leased);
}
