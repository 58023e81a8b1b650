/**
 * The gate that every request passes before it is forwarded. Closed, it holds requests: none is refused and
 * none is lost; past a limit it opens by itself.
 */
import type { HoldEnd, HoldLimits, HoldStatus } from './protocol.ts';

/** Something that waits at the gate. */
export interface Waiter {
  /** Called once, when the gate opens. */
  readonly pass: () => void;
}

interface Hold {
  readonly id: number;
  readonly limits: HoldLimits;
  readonly startedNs: bigint;
  readonly timer: NodeJS.Timeout;
  peakWaiting: number;
  end?: { readonly how: HoldEnd; readonly lastedMs: number };
}

/** Longest hold and longest queue that can be asked for; a limit on everything. */
const MAX_HOLD_MS = 60_000;
const MAX_HELD_REQUESTS = 20_000;

/** Open at first. */
export class Gate {
  private readonly waiting = new Set<Waiter>();
  private latest: Hold | undefined;
  private holds = 0;

  /** Whether requests must wait now. */
  get closed(): boolean {
    return this.latest !== undefined && this.latest.end === undefined;
  }

  /** Adds one to those that wait; too many open the gate. Only while it is closed. */
  wait(waiter: Waiter): void {
    const hold = this.running();
    this.waiting.add(waiter);
    hold.peakWaiting = Math.max(hold.peakWaiting, this.waiting.size);
    if (this.waiting.size > hold.limits.maxRequests) {
      this.open(hold, 'request-limit');
    }
  }

  /** Takes back one that waits no longer, because its client left. */
  leave(waiter: Waiter): void {
    this.waiting.delete(waiter);
  }

  /** Closes the gate. @throws if it is closed already, or a limit is out of range */
  hold(limits: HoldLimits): HoldStatus {
    if (this.closed) {
      throw new Error(`hold: hold ${this.latest?.id} still runs`);
    }
    requireWithin('hold: maxRequests', limits.maxRequests, MAX_HELD_REQUESTS);
    requireWithin('hold: maxMs', limits.maxMs, MAX_HOLD_MS);
    this.holds += 1;
    const hold: Hold = {
      id: this.holds,
      limits,
      startedNs: process.hrtime.bigint(),
      timer: setTimeout(() => this.open(hold, 'time-limit'), limits.maxMs),
      peakWaiting: 0,
    };
    this.latest = hold;
    return this.statusOf(hold);
  }

  /** Opens the gate; what waits passes in order of arrival. @throws unless that hold still runs */
  release(holdId: number): HoldStatus {
    this.requireRunning('release', holdId);
    const hold = this.running();
    this.open(hold, 'released');
    return this.statusOf(hold);
  }

  /** @throws unless that hold still runs: what was to be held may have passed */
  requireRunning(operation: string, holdId: number): void {
    if (this.latest?.id !== holdId || !this.closed) {
      const seen =
        this.latest === undefined ? 'none' : `${this.latest.id} (${this.latest.end?.how ?? 'runs'})`;
      throw new Error(`${operation}: hold ${holdId} does not run; latest hold: ${seen}`);
    }
  }

  /** The latest hold. */
  status(): HoldStatus | undefined {
    return this.latest === undefined ? undefined : this.statusOf(this.latest);
  }

  private running(): Hold {
    if (this.latest === undefined || this.latest.end !== undefined) {
      throw new Error('gate: it is open, nothing waits here');
    }
    return this.latest;
  }

  private open(hold: Hold, how: HoldEnd): void {
    clearTimeout(hold.timer);
    hold.end = { how, lastedMs: sinceMs(hold.startedNs) };
    const waiters = [...this.waiting];
    this.waiting.clear();
    for (const waiter of waiters) {
      waiter.pass();
    }
  }

  private statusOf(hold: Hold): HoldStatus {
    const status = {
      holdId: hold.id,
      limits: hold.limits,
      waiting: hold.end === undefined ? this.waiting.size : 0,
      peakWaiting: hold.peakWaiting,
    };
    return hold.end === undefined
      ? { ...status, lastedMs: sinceMs(hold.startedNs) }
      : { ...status, lastedMs: hold.end.lastedMs, ended: hold.end.how };
  }
}

function sinceMs(startNs: bigint): number {
  return Number(process.hrtime.bigint() - startNs) / 1e6;
}

function requireWithin(what: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 1 || value > limit) {
    throw new Error(`${what} ${value}: a whole number from 1 to ${limit} is wanted`);
  }
}
