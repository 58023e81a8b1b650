/** Which mirrored requests are sent to the new universe: bounded in rate, and fair to kinds that are rare. */

/** A rate limit: so many a second, and so many at once after a pause. */
export class TokenBucket {
  private readonly perSecond: number;
  private readonly capacity: number;
  private readonly nowMs: () => number;
  private tokens: number;
  private filledAtMs: number;

  constructor(perSecond: number, capacity: number, nowMs: () => number) {
    this.perSecond = perSecond;
    this.capacity = Math.max(1, capacity);
    this.nowMs = nowMs;
    this.tokens = this.capacity;
    this.filledAtMs = nowMs();
  }

  /** Takes one, if after it at least `leave` of the capacity, from 0 to 1, remains. */
  take(leave = 0): boolean {
    const now = this.nowMs();
    this.tokens = Math.min(this.capacity, this.tokens + ((now - this.filledAtMs) * this.perSecond) / 1_000);
    this.filledAtMs = now;
    if (this.tokens - 1 < leave * (this.capacity - 1)) return false;
    this.tokens -= 1;
    return true;
  }
}

/** Share of the rate's reserve that kinds of requests seen often leave to the others. */
const RESERVE = 0.5;
const MAX_ROUTES = 300;

/** Admits by kind: what was admitted less often than kinds are on average may use the whole rate. */
export class Admission {
  private readonly bucket: TokenBucket;
  private readonly admitted = new Map<string, number>();
  private total = 0;

  constructor(bucket: TokenBucket) {
    this.bucket = bucket;
  }

  admit(route: string): boolean {
    const key = this.admitted.has(route) || this.admitted.size < MAX_ROUTES ? route : 'other';
    const before = this.admitted.get(key) ?? 0;
    const isCommon = before * this.admitted.size > this.total;
    if (!this.bucket.take(isCommon ? RESERVE : 0)) return false;
    this.admitted.set(key, before + 1);
    this.total += 1;
    return true;
  }
}
