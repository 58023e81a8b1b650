/** Counts of the ingress interceptor. Every request forwarded ends up in exactly one of `answered` and `broken`. */

/** Counts since the start. */
export class Counts {
  connections = 0;
  connectionsRefused = 0;
  inFlight = 0;
  peakInFlight = 0;
  forwarded = 0;
  answered = 0;
  malformed = 0;
  bytesFromClients = 0;
  bytesToClients = 0;
  readonly broken = new Map<string, number>();
  private readonly whenIdle = new Set<() => void>();

  /** A request leaves for the upstream. */
  enter(): void {
    this.forwarded += 1;
    this.inFlight += 1;
    if (this.inFlight > this.peakInFlight) {
      this.peakInFlight = this.inFlight;
    }
  }

  /** A forwarded request has its whole answer, or ended for a reason. */
  leave(brokenReason?: string): void {
    if (brokenReason === undefined) {
      this.answered += 1;
    } else {
      this.broken.set(brokenReason, (this.broken.get(brokenReason) ?? 0) + 1);
    }
    this.inFlight -= 1;
    if (this.inFlight === 0 && this.whenIdle.size > 0) {
      for (const wake of [...this.whenIdle]) {
        wake();
      }
    }
  }

  /**
   * Waits until nothing is in flight.
   * @throws when something still is after `timeoutMs`
   */
  idle(timeoutMs: number): Promise<void> {
    if (this.inFlight === 0) {
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.whenIdle.delete(wake);
        resolve();
      };
      const timer = setTimeout(() => {
        this.whenIdle.delete(wake);
        reject(new Error(`drain: ${this.inFlight} requests still in flight after ${timeoutMs} ms`));
      }, timeoutMs);
      this.whenIdle.add(wake);
    });
  }
}
