/**
 * Everything the clients saw, one row a request, in arrays of fixed capacity: a trial offers a known number
 * of requests, so the memory is known too (19 bytes a request, and the writes).
 */
import type { WorkloadWrite } from '../contract/workload.ts';
import { OUTCOMES, type StreamPoint } from './k6-stream.ts';

/** Code of a request that was due and never started; the other codes are places in `OUTCOMES`. */
export const DROPPED = OUTCOMES.length;

/** Collects the points of one run of the load, in the order in which they come. */
export class AnswerStore {
  readonly capacity: number;
  /** Epoch milliseconds at which the request began, or was dropped. */
  readonly startedWallMs: Float64Array;
  readonly latencyMs: Float32Array;
  /** Place in `OUTCOMES`, or `DROPPED`. */
  readonly outcome: Uint8Array;
  /** Place in `interactions`; no meaning where dropped. */
  readonly interaction: Uint8Array;
  readonly interactions: string[] = [];
  readonly writes: WorkloadWrite[] = [];
  count = 0;
  /** Of those, the requests that were answered as they must be. */
  served = 0;

  /** @param capacity most requests that may come, dropped ones among them */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.startedWallMs = new Float64Array(capacity);
    this.latencyMs = new Float32Array(capacity);
    this.outcome = new Uint8Array(capacity);
    this.interaction = new Uint8Array(capacity);
  }

  /** @throws when more requests come than the load was to offer */
  add(point: StreamPoint): void {
    if (point.point === 'dropped') {
      for (let n = 0; n < point.count; n++) this.#row(point.atWallMs, 0, DROPPED, 0);
      return;
    }
    this.#row(
      point.startedWallMs,
      point.latencyMs,
      OUTCOMES.indexOf(point.outcome),
      this.#interactionCode(point.interaction),
    );
    if (point.outcome === 'ok') this.served++;
    if (point.write !== undefined) this.writes.push(point.write);
  }

  #row(startedWallMs: number, latencyMs: number, outcome: number, interaction: number): void {
    if (this.count >= this.capacity)
      throw new Error(
        `store answers: more than ${this.capacity} requests, which is more than the load was to offer`,
      );
    this.startedWallMs[this.count] = startedWallMs;
    this.latencyMs[this.count] = latencyMs;
    this.outcome[this.count] = outcome;
    this.interaction[this.count] = interaction;
    this.count++;
  }

  #interactionCode(name: string): number {
    const known = this.interactions.indexOf(name);
    if (known >= 0) return known;
    if (this.interactions.length > 255) throw new Error('store answers: more than 256 kinds of interaction');
    return this.interactions.push(name) - 1;
  }
}
