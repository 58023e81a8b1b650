/**
 * One client's connection. It has one upstream connection of its own, made with its first request: what
 * happens to one happens to the other, so that clients feel what they would feel without an interceptor.
 */
import type { Socket } from 'node:net';
import { BodyReader } from './body.ts';
import type { Counts } from './counts.ts';
import type { Gate } from './gate.ts';
import { MalformedMessage, type RequestHead, readRequestHead } from './head.ts';
import { Link } from './link.ts';
import { brokenAnswer, malformedAnswer } from './own-answers.ts';
import type { Upstream } from './upstream.ts';

/** What all connections of an interceptor share. */
export interface Shared {
  readonly counts: Counts;
  readonly gate: Gate;
  /** Where requests go that leave now. */
  readonly upstream: () => Upstream | undefined;
}

/** Limits in bytes: the head of a request, and what is kept of bytes that cannot be forwarded yet. */
const HEAD_LIMIT = 65_536;
const PENDING_LIMIT = 65_536;
/** How long a client may take to read a last answer before its connection is cut. */
const LINGER_MS = 2_000;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * `idle`, between requests (or in the middle of a head) - `held`, at the gate - `connecting` - `sending`, the
 * request's body goes on - `answering`, the whole request is sent - `closing`, a last answer was given.
 */
type State = 'idle' | 'held' | 'connecting' | 'sending' | 'answering' | 'closing';

/** Follows one connection from accept to close. */
export class ClientConnection {
  private readonly socket: Socket;
  private readonly shared: Shared;
  private state: State = 'idle';
  private link: Link | undefined;
  private request: RequestHead | undefined;
  private body: BodyReader | undefined;
  /** Bytes read and not forwarded: part of a head, the body of a request that waits, or later requests. */
  private pending: Buffer | undefined;
  private answerBegun = false;
  /** The answer came before the request was complete. */
  private answerDone = false;
  private inFlight = false;
  /** Sweeps since anything was last read from either side. */
  private quietSweeps = 0;
  private readonly waiter = { pass: () => this.forward() };

  constructor(socket: Socket, shared: Shared) {
    this.socket = socket;
    this.shared = shared;
    shared.counts.connections += 1;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.take(bytes));
    socket.on('drain', () => this.link?.resume());
    // A client that ends its side is taken to have left, as by most servers; answers would reach nobody.
    socket.on('end', () => this.left());
    // Always followed by `close`, which says all that matters here: the client is gone.
    socket.on('error', () => {});
    socket.on('close', () => {
      shared.counts.connections -= 1;
      this.left();
    });
  }

  /** Cuts the connection; a request in flight counts as broken for this reason. */
  cut(reason: string): void {
    this.settle(reason);
    this.link?.destroy();
    this.socket.destroy();
  }

  /**
   * Called at a steady pace; a connection on which nothing moved for too many calls is cut. Requests held do
   * not count: the hold has a limit of its own.
   */
  sweep(quietLimit: number): void {
    this.quietSweeps = this.state === 'held' ? 0 : this.quietSweeps + 1;
    if (this.quietSweeps > quietLimit) {
      this.cut('stalled');
    }
  }

  private take(bytes: Buffer): void {
    this.quietSweeps = 0;
    this.shared.counts.bytesFromClients += bytes.length;
    if (this.state === 'idle') {
      this.takeHead(this.pending === undefined ? bytes : Buffer.concat([this.pending, bytes]));
    } else if (this.state === 'sending') {
      this.sendBody(bytes);
    } else if (this.state !== 'closing') {
      this.keep(bytes);
    }
  }

  private keep(bytes: Buffer): void {
    this.pending = this.pending === undefined ? bytes : Buffer.concat([this.pending, bytes]);
    if (this.pending.length > PENDING_LIMIT) {
      this.socket.pause();
    }
  }

  private takePending(): Buffer | undefined {
    const bytes = this.pending;
    this.pending = undefined;
    this.socket.resume();
    return bytes;
  }

  private takeHead(received: Buffer): void {
    const bytes = withoutLeadingLines(received);
    const end = bytes.indexOf(HEAD_END);
    if (end < 0 || end > HEAD_LIMIT) {
      this.pending = bytes.length > 0 ? bytes : undefined;
      if (bytes.length > HEAD_LIMIT) {
        this.refuse(new MalformedMessage(`head of more than ${HEAD_LIMIT} bytes`, 431));
      }
      return;
    }
    const bodyStart = end + 4;
    try {
      this.request = readRequestHead(bytes.toString('latin1', 0, bodyStart));
    } catch (error) {
      this.refuse(error);
      return;
    }
    this.body = this.request.body === 0 ? undefined : new BodyReader(this.request.body);
    this.pending = bytes.length > bodyStart ? bytes.subarray(bodyStart) : undefined;
    this.answerBegun = false;
    this.answerDone = false;
    if (this.shared.gate.closed) {
      this.state = 'held';
      this.shared.gate.wait(this.waiter);
    } else {
      this.forward();
    }
  }

  /** The request leaves: from here on it is in flight. */
  private forward(): void {
    this.shared.counts.enter();
    this.inFlight = true;
    const upstream = this.shared.upstream();
    if (upstream === undefined) {
      this.break('no-upstream', 'none was given yet');
      return;
    }
    if (this.link?.ready === true && this.link.upstream === upstream) {
      this.start(this.link);
      return;
    }
    this.link?.end();
    this.state = 'connecting';
    const link: Link = new Link(upstream, {
      onReady: () => this.start(link),
      onAnswer: (bytes) => this.passAnswer(bytes),
      onAnswerEnd: (closes) => this.answerEnded(closes),
      onDrain: () => this.socket.resume(),
      onUnusable: (reason, detail, wasReset) => this.linkGone(link, reason, detail, wasReset),
    });
    this.link = link;
  }

  private start(link: Link): void {
    const request = this.request as RequestHead;
    link.send(request, this.body !== undefined);
    if (this.body === undefined) {
      this.state = 'answering';
      return;
    }
    this.state = 'sending';
    const bytes = this.takePending();
    if (bytes !== undefined) {
      this.sendBody(bytes);
    }
  }

  private sendBody(bytes: Buffer): void {
    let end: number;
    try {
      end = (this.body as BodyReader).take(bytes);
    } catch (error) {
      this.link?.destroy();
      this.settle('malformed-request');
      this.refuse(error);
      return;
    }
    const ofBody = end < 0 || end === bytes.length ? bytes : bytes.subarray(0, end);
    if (ofBody.length > 0 && this.link?.sendBody(ofBody) === false) {
      this.socket.pause();
    }
    if (end >= 0) {
      this.state = 'answering';
      this.body = undefined;
      if (end < bytes.length) {
        this.keep(bytes.subarray(end));
      }
      if (this.answerDone) {
        this.finish(false);
      }
    }
  }

  private passAnswer(bytes: Buffer | string): boolean {
    this.answerBegun = true;
    this.quietSweeps = 0;
    this.shared.counts.bytesToClients += bytes.length;
    return typeof bytes === 'string' ? this.socket.write(bytes, 'latin1') : this.socket.write(bytes);
  }

  private answerEnded(closes: boolean): void {
    if (this.state === 'answering' || closes) {
      this.finish(closes);
    } else {
      this.answerDone = true;
    }
  }

  private finish(linkCloses: boolean): void {
    const closes = linkCloses || (this.request as RequestHead).closes;
    this.settle();
    if (closes) {
      this.link?.end();
      this.link = undefined;
      this.endSocket();
      return;
    }
    this.state = 'idle';
    const next = this.takePending();
    if (next !== undefined) {
      this.takeHead(next);
    }
  }

  /** The upstream connection could not be made, or broke. */
  private linkGone(link: Link, reason: string, detail: string, wasReset: boolean): void {
    if (this.link !== link) {
      return;
    }
    const connecting = this.state === 'connecting';
    this.link = undefined;
    if (this.state === 'idle' || this.state === 'held') {
      // A retired upstream may drop its idle connections without clients noticing.
      if (this.state === 'idle' && this.shared.upstream() === link.upstream) {
        this.socket.end();
      }
    } else if (!this.answerBegun && (connecting || reason === 'malformed-answer')) {
      this.break(reason, detail);
    } else {
      this.settle(reason);
      this.breakSocket(wasReset);
    }
  }

  /** Breaks the connection as the upstream broke its own, behind what was passed on already. */
  private breakSocket(wasReset: boolean): void {
    this.state = 'closing';
    if (wasReset) {
      this.socket.resetAndDestroy();
    } else {
      this.socket.setTimeout(LINGER_MS, () => this.socket.destroy());
      this.socket.destroySoon();
    }
  }

  private break(reason: string, detail: string): void {
    this.settle(reason);
    this.say(brokenAnswer(reason, detail));
  }

  private refuse(error: unknown): void {
    if (!(error instanceof MalformedMessage)) {
      throw error;
    }
    this.shared.counts.malformed += 1;
    if (this.answerBegun) {
      this.socket.destroy();
    } else {
      this.say(malformedAnswer(error));
    }
  }

  /** Gives a last answer of the interceptor's own. */
  private say(answer: string): void {
    this.shared.counts.bytesToClients += answer.length;
    this.socket.write(answer, 'latin1');
    this.endSocket();
  }

  /** Ends the connection, still reading: to close with bytes unread would reset it before the answer is read. */
  private endSocket(): void {
    this.state = 'closing';
    this.pending = undefined;
    this.socket.end();
    this.socket.resume();
    this.socket.setTimeout(LINGER_MS, () => this.socket.destroy());
  }

  private left(): void {
    this.shared.gate.leave(this.waiter);
    if (this.inFlight) {
      this.settle('client-left');
      this.link?.destroy();
      this.socket.destroy();
    } else {
      this.link?.end();
    }
    this.link = undefined;
  }

  /** Counts the end of the request in flight, once. */
  private settle(brokenReason?: string): void {
    if (this.inFlight) {
      this.inFlight = false;
      this.shared.counts.leave(brokenReason);
    }
  }
}

/** Some clients send an empty line behind a body; it is to be ignored before a request line. */
function withoutLeadingLines(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 13 && bytes[start + 1] === 10) {
    start += 2;
  }
  return start === 0 ? bytes : bytes.subarray(start);
}
