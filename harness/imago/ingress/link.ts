/**
 * One TLS connection to the upstream, as a client makes it: verified, HTTP/1.1, no session resumed. It
 * carries one request at a time and passes the answer on as it arrives.
 */
import type { TLSSocket } from 'node:tls';
import { BodyReader } from './body.ts';
import { MalformedMessage } from './fields.ts';
import { type AnswerHead, type RequestHead, readAnswerHead, UNTIL_CLOSE } from './head.ts';
import { connectFailure, connectTo, type Upstream } from './upstream.ts';

/** Limit on the head of an answer, in bytes. */
const HEAD_LIMIT = 65_536;
/** Clients give up after 5 s; a connection that takes longer is of no use to them. */
export const CONNECT_TIMEOUT_MS = 10_000;
const HEAD_END = Buffer.from('\r\n\r\n');
/** What a link tells its owner. After `onUnusable` it tells nothing more. */
export interface LinkEvents {
  /** Connected and verified. */
  readonly onReady: () => void;
  /** The answer's head, as it was received; not of interim answers. */
  readonly onAnswerHead: (status: number, head: string) => void;
  /** Part of the answer's body, as it was received, between two indexes; told before it is passed on. */
  readonly onAnswerBody: (bytes: Buffer, from: number, to: number) => void;
  /** Part of the answer to pass on, in order; false when it should pause until `resume`. */
  readonly onAnswer: (bytes: Buffer | string) => boolean;
  /** The answer is complete. @param closes - the connection ends with it */
  readonly onAnswerEnd: (closes: boolean) => void;
  /** More of the request's body may be sent. */
  readonly onDrain: () => void;
  /** No connection, or none any more. @param wasReset - whether the peer reset it, rather than end it */
  readonly onUnusable: (reason: string, detail: string, wasReset: boolean) => void;
}

/** A connection to one upstream, connecting from the start. */
export class Link {
  readonly upstream: Upstream;
  /** Whether requests can be sent. */
  ready = false;
  private readonly socket: TLSSocket;
  private readonly events: LinkEvents;
  private readonly timer: NodeJS.Timeout;
  private gone = false;
  private reached = false;
  /** Method of the request whose answer is awaited. */
  private method: string | undefined;
  private partialHead: Buffer | undefined;
  private answer: AnswerHead | undefined;
  private body: BodyReader | undefined;

  constructor(upstream: Upstream, events: LinkEvents) {
    this.upstream = upstream;
    this.events = events;
    this.timer = setTimeout(
      () => this.fail('connect-timeout', `${CONNECT_TIMEOUT_MS} ms`),
      CONNECT_TIMEOUT_MS,
    );
    this.socket = connectTo(upstream, (bytes) => this.take(bytes));
    this.socket.setNoDelay(true);
    this.socket.on('connect', () => {
      this.reached = true;
    });
    this.socket.on('secureConnect', () => {
      clearTimeout(this.timer);
      this.ready = true;
      this.events.onReady();
    });
    this.socket.on('drain', () => this.events.onDrain());
    this.socket.on('end', () => this.ended());
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.failed(error));
    this.socket.on('close', () => this.fail('connection-closed', 'closed'));
  }

  /**
   * Sends a request's head; its body follows by `sendBody`. Only when ready, one request at a time. Clients
   * address the interceptor, which stands for the site: the Host sent on is the site's name.
   */
  send(request: RequestHead, bodyFollows: boolean): void {
    this.method = request.method;
    if (bodyFollows) {
      this.socket.cork();
      process.nextTick(() => this.socket.uncork());
    }
    const { serverName } = this.upstream.address;
    this.socket.write(`${request.requestLine}Host: ${serverName}\r\n${request.fields}`, 'latin1');
  }

  /** Sends part of the request's body; false when the owner should wait for `onDrain`. */
  sendBody(bytes: Buffer): boolean {
    return this.socket.write(bytes);
  }

  /** Stops reading, because the client does not keep up. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Ends the connection between requests; nothing more is told. */
  end(): void {
    this.forget();
    this.socket.end();
    this.socket.resume();
    this.socket.setTimeout(2_000, () => this.socket.destroy());
  }

  /** Aborts whatever is going on; nothing more is told. */
  destroy(): void {
    this.forget();
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    let rest: Buffer | undefined = bytes;
    try {
      while (rest !== undefined && !this.gone) {
        rest = this.answer === undefined ? this.takeHead(rest) : this.takeBody(rest);
      }
    } catch (error) {
      if (!(error instanceof MalformedMessage)) {
        throw error;
      }
      this.fail('malformed-answer', error.message);
    }
  }

  /** Takes bytes of a head; returns what is behind it. */
  private takeHead(bytes: Buffer): Buffer | undefined {
    if (this.method === undefined) {
      throw new MalformedMessage('bytes that answer no request');
    }
    const all: Buffer = this.partialHead === undefined ? bytes : Buffer.concat([this.partialHead, bytes]);
    const end = all.indexOf(HEAD_END);
    if (end < 0 || end > HEAD_LIMIT) {
      if (all.length > HEAD_LIMIT) {
        throw new MalformedMessage(`head of more than ${HEAD_LIMIT} bytes`);
      }
      this.partialHead = all;
      return undefined;
    }
    this.partialHead = undefined;
    const bodyStart = end + 4;
    const received = all.toString('latin1', 0, bodyStart);
    const head = readAnswerHead(received, this.method);
    if (head.status === 101) {
      throw new MalformedMessage('status 101 where no upgrade was asked for');
    }
    if (head.status < 200) {
      this.pass(head.text ?? all.subarray(0, bodyStart));
      return all.length > bodyStart ? all.subarray(bodyStart) : undefined;
    }
    this.answer = head;
    this.events.onAnswerHead(head.status, received);
    this.body = new BodyReader(head.body);
    if (head.text === undefined) {
      return this.takeBody(all, bodyStart);
    }
    // Head and body leave in one write: two would be two packets.
    const headLength = head.text.length;
    const rewritten = Buffer.allocUnsafe(headLength + all.length - bodyStart);
    rewritten.write(head.text, 0, 'latin1');
    all.copy(rewritten, headLength, bodyStart);
    return this.takeBody(rewritten, headLength);
  }

  /** Takes bytes of a body, with the head before it when that is passed on in one piece. */
  private takeBody(bytes: Buffer, headLength = 0): Buffer | undefined {
    const end = (this.body as BodyReader).take(bytes, headLength);
    if (end < 0) {
      this.events.onAnswerBody(bytes, headLength, bytes.length);
      this.pass(bytes);
      return undefined;
    }
    this.events.onAnswerBody(bytes, headLength, end);
    const rest = end === bytes.length ? undefined : bytes.subarray(end);
    this.pass(rest === undefined ? bytes : bytes.subarray(0, end));
    this.complete(rest !== undefined);
    return rest;
  }

  private pass(bytes: Buffer | string): void {
    if (bytes.length > 0 && !this.gone && !this.events.onAnswer(bytes)) {
      this.socket.pause();
    }
  }

  private complete(more: boolean): void {
    const { closes } = this.answer as AnswerHead;
    this.method = undefined;
    this.answer = undefined;
    this.body = undefined;
    if (closes) {
      this.end();
    } else if (more) {
      // Bytes behind the answer belong to no request: the connection is out of step and carries no further one.
      this.destroy();
    }
    this.events.onAnswerEnd(closes || more);
  }

  private ended(): void {
    if (this.answer?.body === UNTIL_CLOSE) {
      this.complete(false);
      return;
    }
    this.fail('connection-closed', 'closed before the answer was complete');
  }

  private failed(error: NodeJS.ErrnoException): void {
    const detail = error.code ?? error.message;
    if (!this.ready) {
      this.fail(connectFailure(error.code, this.reached), detail);
    } else {
      const wasReset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      this.fail(wasReset ? 'connection-reset' : 'connection-failed', detail, wasReset);
    }
  }

  private fail(reason: string, detail: string, wasReset = false): void {
    if (this.gone) {
      return;
    }
    const wasReady = this.ready;
    this.forget();
    this.socket.destroy();
    const named =
      reason === 'connection-closed' && !wasReady ? connectFailure(undefined, this.reached) : reason;
    this.events.onUnusable(named, detail, wasReset);
  }

  private forget(): void {
    this.gone = true;
    this.ready = false;
    clearTimeout(this.timer);
  }
}
