/**
 * Compares the universes while clients use the old one: each mirrored request within the limits is sent to the
 * new universe as soon as it is told, and judged when the old universe's answer is told.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Admission, TokenBucket } from './admission.ts';
import { readDifferences } from './answer-difference.ts';
import { settleRead } from './asking-again.ts';
import type { Document } from './document.ts';
import type { Footprints } from './footprints.ts';
import { type ComparedRequest, compared, type Judged, knownOf, type Universes } from './judged.ts';
import type { TesterLimits } from './protocol.ts';
import type { LiveRequest, SiteAnswer } from './raw-message.ts';
import { isRead } from './route.ts';
import type { Firmness, Tally } from './tally.ts';
import { refusedHereOnly, settleWrite } from './write-judgement.ts';

/** Answers of one version that are further apart show clocks that count seconds. */
const LATER_MS = 1_200;
/** Samples for learning at the same time. */
const MAX_SAMPLES = 8;

/** How often each path of the list is asked for: its answers may come from several hosts. */
const OWN_PATH_ASKS = 4;
/** Twenty a second, for as long as the list is: most are refused at once. */
const OWN_PATH_PAUSE_MS = 50;

/** Requests to the new universe for each that it may be asked at once: behind more, answers come too late to tell anything. */
const ASKED_EACH = 4;

/** A mirrored request whose answer by the old universe is awaited. */
export interface Begun {
  readonly request: ComparedRequest;
  /** The new universe's answer or why there is none; absent where it was not sent there. */
  readonly fresh?: Promise<Document | Error>;
}

/** What a live comparison works with. */
export interface LiveComparisonParts {
  readonly universes: Universes;
  readonly footprints: Footprints;
  readonly tally: Tally;
  readonly limits: TesterLimits;
  readonly learnOnly: boolean;
  readonly nowMs: () => number;
}

/** One comparison, from `start` to `stop`. */
export class LiveComparison {
  readonly tally: Tally;
  /** Writes sent to the new universe. */
  writes = 0;
  private readonly parts: LiveComparisonParts;
  private readonly admission: Admission;
  private readonly oldReads: TokenBucket;
  private readonly stopping = new AbortController();
  /** Judgements under way. */
  private readonly judging = new Set<Promise<void>>();
  private asking = 0;
  private samples = 0;
  private isFinishing = false;
  private ownPathsAsked: Promise<void> = Promise.resolve();

  constructor(parts: LiveComparisonParts) {
    const { limits, nowMs } = parts;
    this.parts = parts;
    this.tally = parts.tally;
    const bucket = new TokenBucket(limits.requestsPerSecond, limits.requestsPerSecond / 2, nowMs);
    this.admission = new Admission(bucket);
    this.oldReads = new TokenBucket(limits.oldReadsPerSecond, limits.oldReadsPerSecond / 2, nowMs);
  }

  /** Takes a mirrored request; undefined where nothing will come of it. */
  begin(live: LiveRequest): Begun | undefined {
    const request = compared(live);
    if (this.parts.learnOnly) return this.wantsSample(request) ? { request } : undefined;
    const reason = this.isFinishing
      ? 'enough-compared'
      : this.isBusy()
        ? 'new-universe-busy'
        : this.admission.admit(request.route)
          ? undefined
          : 'rate';
    if (reason === undefined) return { request, fresh: this.send(request) };
    this.tally.drop(reason);
    return this.wantsSample(request) ? { request } : undefined;
  }

  /** Takes the old universe's answer to a request. */
  answered({ request, fresh }: Begun, answer: SiteAnswer): void {
    const old = this.parts.universes.read(answer, request);
    if (this.wantsSample(request)) void this.sample(request, old);
    if (fresh === undefined) return;
    if (answer.status >= 500 || answer.status === 304 || answer.status === 206) {
      this.tally.drop(answer.status >= 500 ? 'old-failed' : 'old-answer-is-partial');
      return;
    }
    this.judge(this.settle(request, old, fresh));
  }

  /** Asks both universes for the paths of the list, and judges the answers. */
  askOwnPaths(): void {
    const run = async (): Promise<void> => {
      const { universes } = this.parts;
      for (const target of universes.comparison.paths) {
        if (this.stopping.signal.aborted) return;
        const fields = [['accept', '*/*']] as const;
        const request = compared({ method: 'GET', target, fields, body: Buffer.alloc(0) });
        do await delay(OWN_PATH_PAUSE_MS, undefined, { signal: this.stopping.signal });
        while (this.isBusy());
        const old = await universes.askOld(request);
        if (old instanceof Error || old.status >= 500) this.tally.drop('old-failed');
        // One after the other would take longest of all that is compared.
        else
          for (let ask = 0; ask < OWN_PATH_ASKS; ask += 1)
            this.judge(this.settle(request, old, universes.askNew(request), 'own-path'));
      }
    };
    this.ownPathsAsked = run().catch((error: Error) => this.failed(error));
  }

  /**
   * Resolves once the list was asked for and everything that has begun to be judged is judged. Nothing more is begun
   * meanwhile: a universe with little to spare would answer new requests, and what is asked again would wait behind them.
   */
  async settled(): Promise<void> {
    await this.ownPathsAsked;
    this.isFinishing = true;
    await Promise.all(this.judging);
    this.isFinishing = false;
  }

  /** Judges nothing more, and resolves once nothing is under way in the new universe. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.settled();
    await this.parts.universes.fresh.quiet();
  }

  private isBusy(): boolean {
    const { universes, limits } = this.parts;
    return universes.fresh.busy >= ASKED_EACH * limits.maxAtOnce;
  }

  private async send(request: ComparedRequest): Promise<Document | Error> {
    const { universes, footprints } = this.parts;
    const { method, target, body } = request.live;
    if (isRead(method)) return universes.askNew(request);
    this.writes += 1;
    const write = { method, target, form: new URLSearchParams(body.toString('utf8')) };
    footprints.record(write);
    const fresh = await universes.askNew(request);
    if (!(fresh instanceof Error)) footprints.record(write, fresh.tree);
    return fresh;
  }

  private async settle(
    request: ComparedRequest,
    old: Document,
    pending: Promise<Document | Error>,
    firmness: Firmness = 'confirmed',
  ): Promise<void> {
    const { universes, limits } = this.parts;
    const fresh = await pending;
    const write = !isRead(request.live.method);
    if (write) {
      const { method, target, body } = request.live;
      const form = new URLSearchParams(body.toString('utf8'));
      this.parts.footprints.record({ method, target, form }, old.tree);
    } else if (
      !(fresh instanceof Error) &&
      readDifferences(old, fresh, knownOf(request, universes)).length === 0
    ) {
      this.tally.agree(request.route, firmness);
      return;
    }
    const isLong = !write || refusedHereOnly(old, fresh);
    if (isLong && this.asking >= limits.maxAskedAgain) {
      this.tally.drop('too-many-asked-again');
      return;
    }
    this.asking += 1;
    try {
      const context = {
        ...this.parts,
        oldReads: this.oldReads,
        pausesMs: limits.pausesMs,
        signal: this.stopping.signal,
      };
      const { judged, firmness: found } = write
        ? await settleWrite(request, old, fresh, context)
        : { judged: await settleRead(request, old, fresh, context), firmness };
      this.count(request, judged, found);
    } finally {
      this.asking -= 1;
    }
  }

  private count({ route }: ComparedRequest, judged: Judged, firmness: Firmness): void {
    if (judged.result === 'agreed') this.tally.agree(route, firmness, judged.later);
    else if (judged.result === 'excused') this.tally.excuse(route, firmness, judged.reason);
    else if (judged.result === 'mismatch') this.tally.mismatch(judged.mismatch, firmness);
    else this.tally.drop(judged.reason);
  }

  private judge(work: Promise<void>): void {
    const tracked = work
      .catch((error: Error) => this.failed(error))
      .finally(() => this.judging.delete(tracked));
    this.judging.add(tracked);
  }

  /** Judgements end when the comparison stops; anything else is a failure of the testbed and is told as such. */
  private failed(error: Error): void {
    if (error.name === 'AbortError') this.tally.drop('stopped');
    else this.tally.break(error);
  }

  private wantsSample({ live, route }: ComparedRequest): boolean {
    const isFree = this.samples < MAX_SAMPLES && !this.stopping.signal.aborted;
    return isFree && live.method === 'GET' && this.parts.universes.learned.wants(route);
  }

  /** Repeats a read on the old universe, at once and later. */
  private async sample(request: ComparedRequest, first: Document): Promise<void> {
    const { universes } = this.parts;
    // Half of the rate is left for asking again.
    if (!this.oldReads.take(0.5)) return;
    this.samples += 1;
    try {
      const second = await universes.askOld(request);
      if (second instanceof Error) return;
      universes.learned.requests += 1;
      universes.learned.observe(request.route, 'at-once', first, second);
      await delay(LATER_MS, undefined, { signal: this.stopping.signal });
      if (!this.oldReads.take()) return;
      const third = await universes.askOld(request);
      if (!(third instanceof Error)) universes.learned.observe(request.route, 'later', second, third);
    } catch (error) {
      this.failed(error as Error);
    } finally {
      this.samples -= 1;
    }
  }
}
