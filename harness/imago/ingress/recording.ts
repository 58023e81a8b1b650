/** What is kept of one live request and its answer until both are told to the tester. */
import type { MirroredRequest } from '../mirror-frames.ts';
import type { Mirror } from './mirror.ts';

/** Head of a request that is told once its body is complete. */
type Begun = Omit<MirroredRequest, 'bodyBytes' | 'truncated'>;

/** A body as far as it is kept: up to the limit, while the mirror has room. */
class KeptBody {
  parts: Uint8Array[] = [];
  keptBytes = 0;
  seenBytes = 0;

  /** Keeps what fits; what is longer than the limit is cut there. False when the mirror has no room. */
  take(mirror: Mirror, bytes: Uint8Array, limitBytes: number): boolean {
    this.seenBytes += bytes.length;
    const room = limitBytes - this.keptBytes;
    const part = bytes.length <= room ? bytes : bytes.subarray(0, room);
    if (part.length === 0) {
      return true;
    }
    if (!mirror.keep(part.length)) {
      return false;
    }
    this.keptBytes += part.length;
    this.parts.push(part);
    return true;
  }
}

/** Follows one request. Its methods do nothing once it is over: told as lost, or dropped. */
export class Recording {
  private readonly mirror: Mirror;
  private readonly bodyLimitBytes: number;
  private readonly request: Begun;
  private body = new KeptBody();
  private requestTold = false;
  private status = 0;
  private headers = '';
  private headKept = 0;
  private over = false;

  /** The request's head is kept already. */
  constructor(mirror: Mirror, bodyLimitBytes: number, request: Begun) {
    this.mirror = mirror;
    this.bodyLimitBytes = bodyLimitBytes;
    this.request = request;
    this.headKept = request.requestLine.length + request.headers.length;
  }

  requestBody(bytes: Uint8Array): void {
    if (!this.over && !this.requestTold && !this.body.take(this.mirror, bytes, this.bodyLimitBytes)) {
      this.abandon();
    }
  }

  /** All of it was forwarded: it is told. */
  requestComplete(): void {
    this.tellRequest(true);
  }

  answerHead(status: number, head: string): void {
    // An answer may come before the request is complete; what it was sent for is told first.
    this.tellRequest(false);
    if (this.over) {
      return;
    }
    if (!this.mirror.keep(head.length)) {
      this.abandon();
      return;
    }
    this.status = status;
    this.headKept = head.length;
    this.headers = head.slice(head.indexOf('\r\n') + 2);
  }

  answerBody(bytes: Uint8Array): void {
    if (!this.over && !this.body.take(this.mirror, bytes, this.bodyLimitBytes)) {
      this.abandon();
    }
  }

  /** The client has all of it: it is told. */
  answerComplete(tookMs: number): void {
    if (this.over) {
      return;
    }
    this.finish();
    const { parts, seenBytes, keptBytes } = this.body;
    const { number } = this.request;
    const told = this.mirror.tell(
      {
        kind: 'answer',
        number,
        status: this.status,
        headers: this.headers,
        bodyBytes: seenBytes,
        truncated: keptBytes < seenBytes,
        tookMs,
      },
      parts,
    );
    if (!told) {
      this.mirror.tell({ kind: 'lost', number, reason: 'dropped' });
    }
  }

  /** There will be no answer, or nobody to tell it to. */
  lost(reason: string): void {
    this.tellRequest(false);
    if (!this.over) {
      this.finish();
      this.mirror.tell({ kind: 'lost', number: this.request.number, reason });
    }
  }

  private tellRequest(complete: boolean): void {
    if (this.over || this.requestTold) {
      return;
    }
    const { parts, seenBytes, keptBytes } = this.body;
    const truncated = !complete || keptBytes < seenBytes;
    this.freeKept();
    this.body = new KeptBody();
    this.requestTold = true;
    if (!this.mirror.tell({ ...this.request, bodyBytes: seenBytes, truncated }, parts)) {
      this.over = true;
      this.mirror.forget(this);
    }
  }

  /** No room for a body: what was told already gets no answer. */
  private abandon(): void {
    this.finish();
    this.mirror.drop();
    if (this.requestTold) {
      this.mirror.tell({ kind: 'lost', number: this.request.number, reason: 'dropped' });
    }
  }

  private finish(): void {
    this.over = true;
    this.freeKept();
    this.mirror.forget(this);
  }

  private freeKept(): void {
    this.mirror.free(this.headKept + this.body.keptBytes);
    this.headKept = 0;
  }
}
