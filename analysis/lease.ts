/** What an upgrade took beyond the system itself. */
import type { LeaseRecord, TrialRecord } from '../results/schema.ts';

/** A figure of a trial's lease: 0 without a parallel universe, null where it was not recorded or no upgrade was seen. */
export function leaseFigure(
  { horizon, imago, leased }: TrialRecord,
  of: (lease: LeaseRecord) => number | null,
): number | null {
  if (horizon === null) return null;
  if (imago === null) return 0;
  return leased === null ? null : of(leased);
}
