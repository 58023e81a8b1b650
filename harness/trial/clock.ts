/**
 * One monotonic clock a trial, and pairs of wall and monotonic time at its start and end. A wall clock that
 * was set in between would shift the clients' times against the upgrade's; such a trial is not used.
 */

/** Both clocks, read together. */
export interface ClockReading {
  readonly wallMs: number;
  readonly monotonicNs: string;
}

/** Steps of the wall clock beyond this fail a trial. */
export const WALL_STEP_LIMIT_MS = 50;

/** The trial's clock; 0 when it is made. */
export class TrialClock {
  readonly startNs: bigint;
  readonly start: ClockReading;

  constructor() {
    this.startNs = process.hrtime.bigint();
    this.start = readBoth(this.startNs);
  }

  /** Milliseconds since the start. */
  readonly nowMs = (): number => Number(process.hrtime.bigint() - this.startNs) / 1e6;

  /** Both clocks now. */
  read(): ClockReading {
    return readBoth(process.hrtime.bigint());
  }

  /** How far the wall clock moved against the monotonic one since the start, in milliseconds. */
  wallStepMs(end: ClockReading): number {
    const monotonicMs = Number(BigInt(end.monotonicNs) - this.startNs) / 1e6;
    return end.wallMs - this.start.wallMs - monotonicMs;
  }
}

function readBoth(monotonicNs: bigint): ClockReading {
  return { wallMs: Date.now(), monotonicNs: monotonicNs.toString() };
}
