/**
 * What the interceptor does to requests on purpose, so that it can be measured whether harm of a known size is noticed. Off
 * in all other trials: then a request costs one look at `active` here and one when it is forwarded.
 */
import { nowMs } from './latency.ts';
import type { DisturbanceRequest, DisturbanceStatus } from './protocol.ts';

/** Longest disturbance that can be asked for, a long trial's horizon twice over, and the largest factor. */
const MAX_MS = 600_000;
const MAX_FACTOR = 100;

/** At most one at a time; it ends by itself. */
export class Disturbance {
  /** Whether one runs, or ran until just now. */
  active = false;
  private request: DisturbanceRequest = { latencyFactor: 1, refusedShare: 0, forMs: 0 };
  private untilMs = Number.NEGATIVE_INFINITY;
  /** Requests that met the one that runs. */
  private metNow = 0;
  private met = 0;
  private refused = 0;
  /** When the refusals began that nothing was let through since. */
  private refusingSinceMs: number | undefined;
  private longestRefusalMs = 0;
  private withheld = 0;
  private tookMs = 0;
  private withheldMs = 0;

  /** Begins one. @throws while another runs, where it would do nothing, and where a figure is out of range */
  start(request: DisturbanceRequest): DisturbanceStatus {
    if (this.runs()) {
      throw new Error(`disturb: another one runs for ${Math.ceil(this.untilMs - nowMs())} ms more`);
    }
    const { latencyFactor, refusedShare, forMs } = request;
    requireWithin('latencyFactor', latencyFactor, 1, MAX_FACTOR);
    requireWithin('refusedShare', refusedShare, 0, 1);
    requireWithin('forMs', forMs, 1, MAX_MS);
    if (latencyFactor === 1 && refusedShare === 0) {
      throw new Error('disturb: a latencyFactor of 1 and a refusedShare of 0 disturb nothing');
    }
    this.request = request;
    this.untilMs = nowMs() + forMs;
    this.metNow = 0;
    this.refusingSinceMs = undefined;
    this.active = true;
    return this.status();
  }

  status(): DisturbanceStatus {
    const { met, refused, longestRefusalMs, withheld, tookMs, withheldMs } = this;
    return { running: this.runs(), met, refused, longestRefusalMs, withheld, tookMs, withheldMs };
  }

  /** A request arrives: whether it is refused. Refusals are spread evenly, so that their share is exact. */
  refuses(): boolean {
    if (!this.runs()) {
      return false;
    }
    const { refusedShare } = this.request;
    const before = Math.floor(this.metNow * refusedShare);
    this.met += 1;
    this.metNow += 1;
    if (Math.floor(this.metNow * refusedShare) === before) {
      this.refusingSinceMs = undefined;
      return false;
    }
    const atMs = nowMs();
    this.refused += 1;
    this.refusingSinceMs ??= atMs;
    this.longestRefusalMs = Math.max(this.longestRefusalMs, atMs - this.refusingSinceMs);
    return true;
  }

  /** How many times as long as the system takes for it a request forwarded now shall take. */
  factor(): number {
    return this.runs() ? this.request.latencyFactor : 1;
  }

  /** An answer was withheld until it was due. */
  answeredLate(tookMs: number, withheldMs: number): void {
    this.withheld += 1;
    this.tookMs += tookMs;
    this.withheldMs += withheldMs;
  }

  private runs(): boolean {
    this.active = this.active && nowMs() < this.untilMs;
    return this.active;
  }
}

function requireWithin(what: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) {
    throw new Error(`disturb: ${what} ${value}: from ${least} to ${most} is wanted`);
  }
}
