/**
 * Asks again about a read whose answers differed, because lag is not a fault: the new universe's data follows the
 * old one's, and clients change pages in between. It agrees as soon as any answer of the new universe says the
 * same as any answer of the old one: then it says what the old one said a moment ago, or is about to say.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { TokenBucket } from './admission.ts';
import { type AnswerDifference, readDifferences } from './answer-difference.ts';
import type { Document } from './document.ts';
import type { Footprints } from './footprints.ts';
import { type ComparedRequest, type Judged, knownOf, type Universes } from './judged.ts';
import { differencesBetween } from './learned-places.ts';
import type { Mismatch } from './protocol.ts';
import { TEST_WRITE, VOLATILE } from './tally.ts';

/** How long one waits for its turn to ask the old universe. */
const TURN_MS = 2_000;

/** What is needed to ask again. */
export interface AskAgain {
  readonly universes: Universes;
  readonly footprints: Footprints;
  /** Reads of the old universe beyond its clients' own. */
  readonly oldReads: TokenBucket;
  /** Pauses before each time of asking again. */
  readonly pausesMs: readonly number[];
  /** Aborted when the comparison stops. */
  readonly signal: AbortSignal;
}

/**
 * After an answer has agreed, the new universe is asked so often again: its answers may come from several hosts of
 * a tier, and one of two that is wrong is not met four times in a row in 15 of 16 cases.
 */
const STEADY_ASKS = 4;
const STEADY_PAUSE_MS = 30;

/**
 * Settles a read that differed.
 * @param fresh - the new universe's answer, or why there was none
 */
export async function settleRead(
  request: ComparedRequest,
  old: Document,
  fresh: Document | Error,
  context: AskAgain,
): Promise<Judged> {
  const seen = new Answers(request, old, fresh, context);
  for (const pauseMs of context.pausesMs) {
    if (seen.testWriteExplains()) return { result: 'excused', reason: TEST_WRITE };
    await delay(pauseMs, undefined, { signal: context.signal });
    seen.askedAgain += 1;
    if (seen.takeNew(await context.universes.askNew(request))) return await steady(seen);
    if (!(await turn(context))) continue;
    if (seen.takeOld(await context.universes.askOld(request))) return await steady(seen);
  }
  return seen.judgement();
}

/**
 * Makes sure of an agreement: what lagged stays right once it is, but a host that is wrong is met again. An answer
 * that has differed before in the same way, and still does, is a mismatch.
 */
async function steady(seen: Answers): Promise<Judged> {
  const { context, request } = seen;
  for (let ask = 0; ask < STEADY_ASKS; ask += 1) {
    await delay(STEADY_PAUSE_MS, undefined, { signal: context.signal });
    const detail = seen.returned(await context.universes.askNew(request));
    if (detail !== undefined) {
      if (seen.testWriteExplains()) return { result: 'excused', reason: TEST_WRITE };
      return { result: 'mismatch', mismatch: { ...detail, detail: `now and then ${detail.detail}` } };
    }
  }
  return { result: 'agreed', later: true };
}

/** What both universes have answered to one request so far. */
class Answers {
  askedAgain = 0;
  readonly request: ComparedRequest;
  readonly context: AskAgain;
  private readonly olds: Document[];
  private readonly freshs: Document[] = [];
  /** How answers of the new universe differed when they did. */
  private readonly differed = new Set<string>();
  private failure = '';

  constructor(request: ComparedRequest, old: Document, fresh: Document | Error, context: AskAgain) {
    this.request = request;
    this.context = context;
    this.olds = [old];
    this.takeNew(fresh);
  }

  /** Takes an answer of the new universe; true if it says what the old one said at some time. */
  takeNew(fresh: Document | Error): boolean {
    if (fresh instanceof Error) this.failure = fresh.message;
    else {
      if (this.olds.some((one) => this.agree(one, fresh))) return true;
      this.freshs.push(fresh);
    }
    this.differed.add(this.signature(fresh));
    return false;
  }

  /** Takes an answer of the old universe; true if the new one said so at some time. */
  takeOld(old: Document | Error): boolean {
    if (old instanceof Error) return false;
    this.olds.push(old);
    return this.freshs.some((one) => this.agree(old, one));
  }

  /** A mismatch, if an answer of the new universe differs from all of the old one's as an earlier one did. */
  returned(fresh: Document | Error): Mismatch | undefined {
    if (!(fresh instanceof Error) && this.olds.some((one) => this.agree(one, fresh))) return undefined;
    if (!this.differed.has(this.signature(fresh))) return undefined;
    if (fresh instanceof Error) return mismatchOf(this.request, 'no-answer', fresh.message, this.askedAgain);
    this.freshs.push(fresh);
    return this.mismatch(this.differences(this.olds.at(-1) as Document, fresh));
  }

  /** Whether the last answers differ only in what test writes changed in the new universe. */
  testWriteExplains(): boolean {
    const [old, fresh] = [this.olds.at(-1), this.freshs.at(-1)];
    if (old === undefined || fresh === undefined) return false;
    const { footprints } = this.context;
    const { target } = this.request.live;
    return this.differences(old, fresh).every(
      (one) => explainable(one, fresh) && footprints.explain(target, one),
    );
  }

  /** The last word, when no answer agreed. */
  judgement(): Judged {
    if (this.olds.length === 1) return { result: 'unjudged', reason: 'old-not-asked-again' };
    const [old, fresh] = [this.olds.at(-1) as Document, this.freshs.at(-1)];
    if (fresh === undefined) {
      const mismatch = mismatchOf(this.request, 'no-answer', this.failure, this.askedAgain);
      return { result: 'mismatch', mismatch };
    }
    const known = knownOf(this.request, this.context.universes);
    const volatile = new Set([...known.volatile, ...changingIn(this.olds)]);
    const differences = readDifferences(old, fresh, { ...known, volatile });
    if (differences.length === 0) return { result: 'excused', reason: VOLATILE };
    if (this.testWriteExplains()) return { result: 'excused', reason: TEST_WRITE };
    return { result: 'mismatch', mismatch: this.mismatch(differences) };
  }

  private agree(old: Document, fresh: Document): boolean {
    return this.differences(old, fresh).length === 0;
  }

  private differences(old: Document, fresh: Document): AnswerDifference[] {
    return readDifferences(old, fresh, knownOf(this.request, this.context.universes));
  }

  /** Names a way of differing: the same for two answers of which one is as wrong as the other. */
  private signature(fresh: Document | Error): string {
    if (fresh instanceof Error) return 'no answer';
    const [first] = this.differences(this.olds.at(-1) as Document, fresh);
    return first === undefined || first.kind === 'body' ? `page ${fresh.tree?.text}` : first.detail;
  }

  private mismatch(differences: readonly AnswerDifference[]): Mismatch {
    const [first] = differences;
    const more = differences.length <= 1 ? '' : ` (and ${differences.length - 1} more)`;
    return mismatchOf(this.request, first?.kind ?? 'body', `${first?.detail ?? ''}${more}`, this.askedAgain);
  }
}

/** A mismatch of a request, ready to be told. */
export function mismatchOf(
  request: ComparedRequest,
  kind: Mismatch['kind'],
  detail: string,
  askedAgain: number,
): Mismatch {
  const { method, target } = request.live;
  return { request: `${method} ${target}`, route: request.route, kind, detail, askedAgain };
}

/** Places in which each of the old universe's own answers differs from each other: nothing can be said of them. */
function changingIn(olds: readonly Document[]): readonly string[] {
  if (olds.length < 3) return [];
  const pairs = olds.flatMap((one, index) =>
    olds.slice(index + 1).map((other) => new Set(differencesBetween(one, other))),
  );
  const [first, ...rest] = pairs;
  return [...(first ?? [])].filter((place) => rest.every((places) => places.has(place)));
}

function explainable({ kind }: AnswerDifference, fresh: Document): boolean {
  return kind === 'body' || (kind === 'status' && fresh.status < 500);
}

async function turn({ oldReads, signal }: AskAgain): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= TURN_MS; waitedMs += 50) {
    if (oldReads.take()) return true;
    await delay(50, undefined, { signal });
  }
  return false;
}
