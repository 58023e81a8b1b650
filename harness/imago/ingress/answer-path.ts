/** The way of an answer from the upstream's connection to the client: at once, or as late as a disturbance wants it. */
import type { ClientSocket } from './client-socket.ts';
import type { Disturbance } from './disturbance.ts';
import { nowMs } from './latency.ts';

/** Bytes of an answer that can be withheld; a longer one goes on at once, and does not count as withheld. */
const WITHHELD_LIMIT = 4_194_304;

/** An answer that is kept back as a whole: parts of it one by one would need an order of their own. */
interface Withheld {
  readonly factor: number;
  readonly sentMs: number;
  readonly parts: (Buffer | string)[];
  bytes: number;
  /** Set once the answer is complete. */
  due?: { readonly closes: boolean; readonly timer: NodeJS.Timeout };
}

/** One connection's answers, one after the other. */
export class AnswerPath {
  /** Whether the client has any of the latest answer. */
  begun = false;
  private readonly disturbance: Disturbance;
  private readonly client: ClientSocket;
  private readonly onEnd: (closes: boolean) => void;
  private withheld: Withheld | undefined;

  /** @param onEnd - the client has the whole answer; told whether its connection upstream ended with it */
  constructor(disturbance: Disturbance, client: ClientSocket, onEnd: (closes: boolean) => void) {
    this.disturbance = disturbance;
    this.client = client;
    this.onEnd = onEnd;
  }

  /** A request leaves: what comes from here on is its answer. */
  begin(): void {
    this.begun = false;
    const factor = this.disturbance.active ? this.disturbance.factor() : 1;
    this.withheld = factor === 1 ? undefined : { factor, sentMs: nowMs(), parts: [], bytes: 0 };
  }

  /** Part of the answer; false when the upstream should pause. */
  pass(bytes: Buffer | string): boolean {
    if (this.withheld === undefined) {
      this.begun = true;
      return this.client.write(bytes);
    }
    this.withheld.parts.push(bytes);
    this.withheld.bytes += bytes.length;
    return this.withheld.bytes <= WITHHELD_LIMIT || this.flush();
  }

  /** The answer is complete. */
  ended(closes: boolean): void {
    const { withheld } = this;
    if (withheld === undefined) {
      this.onEnd(closes);
      return;
    }
    const completeMs = nowMs();
    const tookMs = completeMs - withheld.sentMs;
    const pass = (): void => {
      this.disturbance.answeredLate(tookMs, nowMs() - completeMs);
      this.flush();
    };
    // Timers know whole milliseconds; rounded, they are as often early as late.
    const timer = setTimeout(pass, Math.round((withheld.factor - 1) * tookMs));
    withheld.due = { closes, timer };
  }

  /** Passes on what is withheld, before it is due: nothing more is to come. Gives whether the client keeps up. */
  flush(): boolean {
    const { withheld } = this;
    if (withheld === undefined) {
      return true;
    }
    this.cancel();
    const keepsUp = withheld.parts.map((part) => this.pass(part)).at(-1) ?? true;
    if (withheld.due !== undefined) {
      this.onEnd(withheld.due.closes);
    }
    return keepsUp;
  }

  /** Forgets what is withheld: there is nobody to pass it to. */
  cancel(): void {
    clearTimeout(this.withheld?.due?.timer);
    this.withheld = undefined;
  }
}
