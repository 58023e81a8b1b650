/** One request from the moment it is forwarded to its end, and who is told about it. */
import type { Counts } from './counts.ts';
import type { RequestHead } from './head.ts';
import { type LatencyWindow, nowMs } from './latency.ts';
import type { Mirror } from './mirror.ts';
import type { Recording } from './recording.ts';

/** Those who are told. */
export interface Observers {
  readonly counts: Counts;
  readonly latency: LatencyWindow;
  /** Undefined while nothing is mirrored. */
  readonly mirror: () => Mirror | undefined;
}

/** A request in flight: counted from the start, and once at its end. */
export class Exchange {
  private readonly observers: Observers;
  private readonly heldMs: number;
  private readonly startedMs = nowMs();
  /** Undefined unless this request is mirrored. */
  private recording: Recording | undefined;

  /** @param heldMs - how long it waited at the gate before */
  constructor(observers: Observers, heldMs: number) {
    this.observers = observers;
    this.heldMs = heldMs;
    observers.counts.enter();
  }

  /** The head leaves for the system of this name. */
  sent(request: RequestHead, serverName: string): void {
    const mirror = this.observers.mirror();
    if (mirror === undefined) {
      return;
    }
    const headers = `Host: ${serverName}\r\n${request.fields}`;
    this.recording = mirror.begin(this.startedMs, request.requestLine, headers);
    if (request.body === 0) {
      this.recording?.requestComplete();
    }
  }

  /** Part of the request's body leaves. @param last - nothing follows */
  sentBody(bytes: Uint8Array, last: boolean): void {
    this.recording?.requestBody(bytes);
    if (last) {
      this.recording?.requestComplete();
    }
  }

  /** The answer's head arrived, as it was received. */
  answered(status: number, head: string): void {
    this.recording?.answerHead(status, head);
  }

  /** Part of the answer's body arrived, not cut into chunks nor put together from them. */
  answeredBody(bytes: Buffer, from: number, to: number): void {
    if (from < to) {
      this.recording?.answerBody(bytes.subarray(from, to));
    }
  }

  /** The client has the whole answer, or the request ended for a reason. Called once. */
  end(brokenReason?: string): void {
    const { counts, latency } = this.observers;
    if (brokenReason === undefined) {
      const endedMs = nowMs();
      const tookMs = endedMs - this.startedMs;
      latency.add(endedMs, tookMs, this.heldMs);
      this.recording?.answerComplete(tookMs);
    } else {
      this.recording?.lost(brokenReason);
    }
    counts.leave(brokenReason);
  }
}
