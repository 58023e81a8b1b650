/** The load generator knows only the wall clock; the record knows only the trial's. */

/** Both clocks read at one moment, milliseconds. */
export interface ClockPair {
  readonly wallMs: number;
  /** Milliseconds on the trial's monotonic clock. */
  readonly trialMs: number;
}

/**
 * Turns wall times into times of the trial's clock, straight through two pairs read before and after what is
 * converted: a clock that is being slewed is followed, a step in between is not (steps fail the trial).
 */
export function wallToTrial(before: ClockPair, after: ClockPair): (wallMs: number) => number {
  const wallSpanMs = after.wallMs - before.wallMs;
  const slope = wallSpanMs > 0 ? (after.trialMs - before.trialMs) / wallSpanMs : 1;
  return (wallMs) => before.trialMs + (wallMs - before.wallMs) * slope;
}
