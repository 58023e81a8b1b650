/**
 * One client's connection. It has one upstream connection of its own, made with its first request: what
 * happens to one happens to the other, so that clients feel what they would feel without an interceptor.
 */
import type { Socket } from 'node:net';
import { AnswerPath } from './answer-path.ts';
import { ClientSocket } from './client-socket.ts';
import type { Disturbance } from './disturbance.ts';
import { Exchange, type Observers } from './exchange.ts';
import { MalformedMessage } from './fields.ts';
import type { Gate } from './gate.ts';
import type { RequestHead } from './head.ts';
import { Intake } from './intake.ts';
import { nowMs } from './latency.ts';
import { Link } from './link.ts';
import { brokenAnswer, malformedAnswer, refusedAnswer } from './own-answers.ts';
import type { Upstream } from './upstream.ts';

/** What all connections of an interceptor share. */
export interface Shared extends Observers {
  readonly gate: Gate;
  readonly disturbance: Disturbance;
  /** Where requests go that leave now. */
  readonly upstream: () => Upstream | undefined;
}

/**
 * `idle`, between requests (or in the middle of a head) - `refusing`, to the end of its body a request that is to get no
 * further - `held`, at the gate - `connecting` - `sending`, the request's body goes on - `answering`, the whole request is
 * sent - `closing`, a last answer was given.
 */
type State = 'idle' | 'refusing' | 'held' | 'connecting' | 'sending' | 'answering' | 'closing';

/** Follows one connection from accept to close. */
export class ClientConnection {
  private readonly client: ClientSocket;
  private readonly shared: Shared;
  private state: State = 'idle';
  private link: Link | undefined;
  private request: RequestHead | undefined;
  private readonly intake: Intake;
  private readonly answers: AnswerPath;
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
    this.answers = new AnswerPath(shared.disturbance, this.client, (closes) => this.answerEnded(closes));
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
    this.answers.cancel();
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
      if (this.state === 'refusing') this.refuseOnPurpose();
    }
  }

  private takeHead(bytes: Buffer): void {
    let request: RequestHead | undefined;
    try {
      request = this.intake.request(bytes);
    } catch (error) {
      this.refuse(error);
      return;
    }
    if (request === undefined) return;
    this.request = request;
    this.answerDone = false;
    if (this.shared.disturbance.active && this.shared.disturbance.refuses()) {
      this.state = 'refusing';
      this.refuseOnPurpose();
    } else if (this.shared.gate.closed) {
      this.state = 'held';
      this.heldSinceMs = nowMs();
      this.shared.gate.wait(this.waiter);
    } else {
      this.forward();
    }
  }

  /** Answers in the system's place once the whole request is there, so that the connection can go on. */
  private refuseOnPurpose(): void {
    try {
      if (!this.intake.dropBody()) return;
    } catch (error) {
      this.refuse(error);
      return;
    }
    const request = this.request as RequestHead;
    this.client.write(refusedAnswer(request));
    this.goOn(request.closes);
  }

  /** The request leaves: from here on it is in flight. */
  private forward(): void {
    this.answers.begin();
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
      onAnswer: (bytes) => {
        this.quietSweeps = 0;
        return this.answers.pass(bytes);
      },
      onAnswerEnd: (closes) => this.answers.ended(closes),
      onDrain: () => this.client.resume(),
      onUnusable: (reason, detail, wasReset) => this.linkGone(link, reason, detail, wasReset),
    });
    this.link = link;
  }

  private start(link: Link): void {
    const request = this.request as RequestHead;
    this.exchange?.sent(request, link.upstream.address.serverName);
    link.send(request, this.intake.bodyFollows);
    if (!this.intake.bodyFollows) {
      this.state = 'answering';
      return;
    }
    this.state = 'sending';
    const bytes = this.intake.take();
    if (bytes !== undefined) this.sendBody(bytes);
  }

  private sendBody(bytes: Buffer): void {
    let part: Buffer;
    try {
      part = this.intake.bodyPart(bytes);
    } catch (error) {
      this.link?.destroy();
      this.settle('malformed-request');
      this.refuse(error, this.answers.begun);
      return;
    }
    const isLast = !this.intake.bodyFollows;
    this.exchange?.sentBody(part, isLast);
    if (part.length > 0 && this.link?.sendBody(part) === false) {
      this.client.pause();
    }
    if (isLast) {
      this.state = 'answering';
      if (this.answerDone) this.finish(false);
    }
  }

  private answerEnded(closes: boolean): void {
    if (this.state === 'answering' || closes) this.finish(closes);
    else this.answerDone = true;
  }

  private finish(linkCloses: boolean): void {
    this.settle();
    this.goOn(linkCloses || (this.request as RequestHead).closes);
  }

  /** Behind an answer: to the next request, or the connection's end. */
  private goOn(closes: boolean): void {
    if (closes) {
      this.link?.end();
      this.link = undefined;
      this.endClient();
      return;
    }
    this.state = 'idle';
    const next = this.intake.take();
    if (next !== undefined) this.takeHead(next);
  }

  /** The upstream connection could not be made, or broke. */
  private linkGone(link: Link, reason: string, detail: string, wasReset: boolean): void {
    // A whole answer that is only withheld is the client's, and no request of its own is in flight any more.
    if (this.link === link) this.answers.flush();
    if (this.link !== link) return;
    const connecting = this.state === 'connecting';
    this.link = undefined;
    if (this.state === 'idle' || this.state === 'held' || this.state === 'refusing') {
      // A retired upstream may drop its idle connections without clients noticing.
      if (this.state === 'idle' && this.shared.upstream() === link.upstream) {
        // What the client sends before it knows must meet a closed connection, as it would there: not be done and never answered.
        this.state = 'closing';
        this.client.endIdle();
      }
    } else if (!this.answers.begun && (connecting || reason === 'malformed-answer')) {
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

  /** @param inAnswer the client has part of an answer already, into which nothing of ours may be put */
  private refuse(error: unknown, inAnswer = false): void {
    if (!(error instanceof MalformedMessage)) {
      throw error;
    }
    this.answers.cancel();
    this.shared.counts.malformed += 1;
    if (inAnswer) {
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
    this.answers.cancel();
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
