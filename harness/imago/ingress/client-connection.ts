/**
 * One client's connection. It has one upstream connection of its own, made with its first request: what
 * happens to one happens to the other, so that clients feel what they would feel without an interceptor.
 */
import type { Socket } from 'node:net';
import { BodyReader } from './body.ts';
import { ClientSocket } from './client-socket.ts';
import { Exchange, type Observers } from './exchange.ts';
import { MalformedMessage } from './fields.ts';
import type { Gate } from './gate.ts';
import { type RequestHead, readRequestHead } from './head.ts';
import { Intake } from './intake.ts';
import { nowMs } from './latency.ts';
import { Link } from './link.ts';
import { brokenAnswer, malformedAnswer } from './own-answers.ts';
import type { Upstream } from './upstream.ts';

/** What all connections of an interceptor share. */
export interface Shared extends Observers {
  readonly gate: Gate;
  /** Where requests go that leave now. */
  readonly upstream: () => Upstream | undefined;
}

/**
 * `idle`, between requests (or in the middle of a head) - `held`, at the gate - `connecting` - `sending`, the
 * request's body goes on - `answering`, the whole request is sent - `closing`, a last answer was given.
 */
type State = 'idle' | 'held' | 'connecting' | 'sending' | 'answering' | 'closing';

/** Follows one connection from accept to close. */
export class ClientConnection {
  private readonly client: ClientSocket;
  private readonly shared: Shared;
  private state: State = 'idle';
  private link: Link | undefined;
  private request: RequestHead | undefined;
  private body: BodyReader | undefined;
  private readonly intake: Intake;
  private answerBegun = false;
  /** The answer came before the request was complete. */
  private answerDone = false;
  /** The request in flight. */
  private exchange: Exchange | undefined;
  private heldSinceMs: number | undefined;
  /** Sweeps since anything was last read from either side. */
  private quietSweeps = 0;
  private readonly waiter = { pass: () => this.forward() };

  constructor(socket: Socket, shared: Shared) {
    this.client = new ClientSocket(socket, shared.counts);
    this.intake = new Intake(this.client);
    this.shared = shared;
    shared.counts.connections += 1;
    socket.on('data', (bytes: Buffer) => this.take(bytes));
    socket.on('drain', () => this.link?.resume());
    // A client that ends its side is taken to have left, as by most servers; answers would reach nobody.
    socket.on('end', () => this.left());
    socket.on('close', () => {
      shared.counts.connections -= 1;
      this.left();
    });
  }

  /** Cuts the connection; a request in flight counts as broken for this reason. */
  cut(reason: string): void {
    this.settle(reason);
    this.link?.destroy();
    this.client.destroy();
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
      this.takeHead(bytes);
    } else if (this.state === 'sending') {
      this.sendBody(bytes);
    } else if (this.state !== 'closing') {
      this.intake.keep(bytes);
    }
  }

  private takeHead(bytes: Buffer): void {
    let request: RequestHead;
    try {
      const head = this.intake.head(bytes);
      if (head === undefined) {
        return;
      }
      request = readRequestHead(head);
    } catch (error) {
      this.refuse(error);
      return;
    }
    this.request = request;
    this.body = request.body === 0 ? undefined : new BodyReader(request.body);
    this.answerBegun = false;
    this.answerDone = false;
    if (this.shared.gate.closed) {
      this.state = 'held';
      this.heldSinceMs = nowMs();
      this.shared.gate.wait(this.waiter);
    } else {
      this.forward();
    }
  }

  /** The request leaves: from here on it is in flight. */
  private forward(): void {
    this.exchange = new Exchange(
      this.shared,
      this.heldSinceMs === undefined ? 0 : nowMs() - this.heldSinceMs,
    );
    this.heldSinceMs = undefined;
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
      onAnswerHead: (status, head) => this.exchange?.answered(status, head),
      onAnswerBody: (bytes, from, to) => this.exchange?.answeredBody(bytes, from, to),
      onAnswer: (bytes) => this.passAnswer(bytes),
      onAnswerEnd: (closes) => this.answerEnded(closes),
      onDrain: () => this.client.resume(),
      onUnusable: (reason, detail, wasReset) => this.linkGone(link, reason, detail, wasReset),
    });
    this.link = link;
  }

  private start(link: Link): void {
    const request = this.request as RequestHead;
    this.exchange?.sent(request, link.upstream.address.serverName);
    link.send(request, this.body !== undefined);
    if (this.body === undefined) {
      this.state = 'answering';
      return;
    }
    this.state = 'sending';
    const bytes = this.intake.take();
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
    this.exchange?.sentBody(ofBody, end >= 0);
    if (ofBody.length > 0 && this.link?.sendBody(ofBody) === false) {
      this.client.pause();
    }
    if (end >= 0) {
      this.state = 'answering';
      this.body = undefined;
      if (end < bytes.length) {
        this.intake.keep(bytes.subarray(end));
      }
      if (this.answerDone) {
        this.finish(false);
      }
    }
  }

  private passAnswer(bytes: Buffer | string): boolean {
    this.answerBegun = true;
    this.quietSweeps = 0;
    return this.client.write(bytes);
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
      this.endClient();
      return;
    }
    this.state = 'idle';
    const next = this.intake.take();
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
        this.client.endIdle();
      }
    } else if (!this.answerBegun && (connecting || reason === 'malformed-answer')) {
      this.break(reason, detail);
    } else {
      this.settle(reason);
      this.state = 'closing';
      this.client.breakOff(wasReset);
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
      this.client.destroy();
    } else {
      this.say(malformedAnswer(error));
    }
  }

  /** Gives a last answer of the interceptor's own. */
  private say(answer: string): void {
    this.client.write(answer);
    this.endClient();
  }

  private endClient(): void {
    this.state = 'closing';
    this.client.end();
  }

  private left(): void {
    this.shared.gate.leave(this.waiter);
    if (this.exchange !== undefined) {
      this.settle('client-left');
      this.link?.destroy();
      this.client.destroy();
    } else {
      this.link?.end();
    }
    this.link = undefined;
  }

  /** Counts the end of the request in flight, once. */
  private settle(brokenReason?: string): void {
    const exchange = this.exchange;
    this.exchange = undefined;
    exchange?.end(brokenReason);
  }
}
