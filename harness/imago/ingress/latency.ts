/** How long answers took lately, as the interceptor sees it. */
import type { LatencyStatus } from './protocol.ts';

/** What counts as lately, in milliseconds; and the most answers looked at, the latest of them. */
const WINDOW_MS = 1_000;
const CAPACITY = 4_096;

/** Milliseconds of the one monotonic clock. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The latest answers in a ring: to add one costs three stores, to ask sorts what is in the window. */
export class LatencyWindow {
  private readonly endedMs = new Float64Array(CAPACITY).fill(Number.NEGATIVE_INFINITY);
  private readonly tookMs = new Float64Array(CAPACITY);
  private readonly heldMs = new Float64Array(CAPACITY);
  private next = 0;

  /** @param tookMs - from forwarding to the end of the answer; @param heldMs - waited before, at the gate */
  add(endedMs: number, tookMs: number, heldMs: number): void {
    this.endedMs[this.next] = endedMs;
    this.tookMs[this.next] = tookMs;
    this.heldMs[this.next] = heldMs;
    this.next = (this.next + 1) % CAPACITY;
  }

  /** Quantiles over what ended within the window before `atMs`. */
  status(atMs: number): LatencyStatus {
    const took = new Float64Array(CAPACITY);
    let count = 0;
    let longestHeldMs = 0;
    for (let age = 1; age <= CAPACITY; age += 1) {
      const at = (this.next - age + CAPACITY) % CAPACITY;
      if (atMs - (this.endedMs[at] as number) > WINDOW_MS) {
        break;
      }
      took[count] = this.tookMs[at] as number;
      count += 1;
      longestHeldMs = Math.max(longestHeldMs, this.heldMs[at] as number);
    }
    const sorted = took.subarray(0, count).sort();
    return { count, p50Ms: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95), longestHeldMs };
  }
}

/** The smallest value that at least this share of all does not exceed; null of none. */
function quantile(sorted: Float64Array, share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
