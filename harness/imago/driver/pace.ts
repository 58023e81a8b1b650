/**
 * How fast the driver copies beside live clients: additive increase, multiplicative decrease of the *duty*, the
 * share of the time in which it copies rather than pauses, against the latency that clients saw before.
 *
 * The constants, each with its reason:
 * - the reference is the median of the readings before: half of them may be disturbed, by a burst of something else or
 *   a pause of the machine, and it still is what clients felt; their highest would let one bad second before the
 *   copy excuse every second of it;
 * - what counts is the median of the last three readings: a 95th percentile of one second of 150 requests rests on
 *   seven of them, and one reading in ten is twice the usual without any cause;
 * - a latency is tolerable up to twice the reference plus 20 ms: a percentile that rests on seven requests varies by
 *   a third, and a fifth of the 0.1 s within which people feel an answer to be immediate (Nielsen, "Usability Engineering",
 *   1993) goes unnoticed; less would let the copy stand still for what others do, such as the installation of hosts;
 * - half at each reading above: what has built up in queues is gone by the next reading;
 * - a fifth more at each reading below: with two readings a second, from half to full in less than two seconds;
 * - never below a third: the transfer must end even beside clients that are slow for another reason, and where cores run
 *   short its machines wait for live ones anyway;
 * - half at first once readings come: the first reading can only tell after the harm.
 */
import { setTimeout as delay } from 'node:timers/promises';

const TOLERANCE_RATIO = 2;
const TOLERANCE_MS = 20;
const DECREASE = 0.5;
const INCREASE = 0.2;
const LEAST_DUTY = 1 / 3;
const FIRST_DUTY = 0.5;
/** Readings kept for the reference: enough for a median, few enough to follow the time just before copying. */
const REFERENCE_READINGS = 15;
/** Readings of which the median counts. */
const LATEST_READINGS = 3;
/** What is shorter a timer does not keep. */
const LEAST_PAUSE_MS = 1;

/** Follows the clients' latency and says how long to pause. */
export class Pace {
  /** Without readings nobody is there to be disturbed. */
  #duty = 1;
  #referenceMs: number | undefined;
  #before: number[] = [];
  #latest: number[] = [];
  #copying = false;

  /** Share of the time that copying may use, 0 to 1. */
  get duty(): number {
    return this.#duty;
  }

  /** Latency of the time before copying, milliseconds; absent if there was no reading. */
  get referenceMs(): number | undefined {
    return this.#referenceMs;
  }

  /** From here on readings steer; the median of those before is the reference. */
  start(): void {
    this.#copying = true;
    this.#referenceMs = medianOf(this.#before);
    this.#duty = this.#referenceMs === undefined ? 1 : FIRST_DUTY;
  }

  /** Takes a reading. @throws if it is no latency */
  read(p95Ms: number): void {
    if (!Number.isFinite(p95Ms) || p95Ms < 0) {
      throw new Error(`pace: ${p95Ms}: a latency in milliseconds, 0 or more, is wanted`);
    }
    this.#latest = [...this.#latest, p95Ms].slice(-LATEST_READINGS);
    if (!this.#copying) {
      this.#before = [...this.#before, p95Ms].slice(-REFERENCE_READINGS);
      return;
    }
    if (this.#referenceMs === undefined) {
      // The first reading after copying began is the best reference there is: too high rather than too low.
      this.#referenceMs = p95Ms;
      this.#duty = FIRST_DUTY;
      return;
    }
    const seenMs = medianOf(this.#latest) ?? p95Ms;
    const tolerable = seenMs <= this.#referenceMs * TOLERANCE_RATIO + TOLERANCE_MS;
    this.#duty = tolerable ? Math.min(1, this.#duty + INCREASE) : Math.max(LEAST_DUTY, this.#duty * DECREASE);
  }

  /** Milliseconds to pause after having copied for this long. */
  pauseMs(busyMs: number): number {
    return busyMs * (1 / this.#duty - 1);
  }

  /** Pauses after having copied for this long. */
  async stand(busyMs: number): Promise<void> {
    const pauseMs = this.pauseMs(busyMs);
    if (pauseMs >= LEAST_PAUSE_MS) {
      await delay(pauseMs);
    }
  }
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
