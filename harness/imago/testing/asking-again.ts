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
 * Settles a read that differed.
 * @param fresh - the new universe's answer, or why there was none
 */
export async function settleRead(
  request: ComparedRequest,
  old: Document,
  fresh: Document | Error,
  context: AskAgain,
): Promise<Judged> {
  const olds: Document[] = [old];
  const freshs: Document[] = fresh instanceof Error ? [] : [fresh];
  let failure = fresh instanceof Error ? fresh.message : '';
  const agree = (one: Document, other: Document): boolean =>
    readDifferences(one, other, knownOf(request, context.universes)).length === 0;
  let askedAgain = 0;
  for (const pauseMs of context.pausesMs) {
    if (testWriteExplains(request, olds, freshs, context)) return { result: 'excused', reason: TEST_WRITE };
    await delay(pauseMs, undefined, { signal: context.signal });
    askedAgain += 1;
    const next = await context.universes.askNew(request);
    if (next instanceof Error) failure = next.message;
    else {
      if (olds.some((one) => agree(one, next))) return { result: 'agreed', later: true };
      freshs.push(next);
    }
    if (!(await turn(context))) continue;
    const nextOld = await context.universes.askOld(request);
    if (nextOld instanceof Error) continue;
    if (freshs.some((one) => agree(nextOld, one))) return { result: 'agreed', later: true };
    olds.push(nextOld);
  }
  if (olds.length === 1) return { result: 'unjudged', reason: 'old-not-asked-again' };
  const lastFresh = freshs.at(-1);
  if (lastFresh === undefined)
    return { result: 'mismatch', mismatch: mismatchOf(request, 'no-answer', failure, askedAgain) };
  return judgeLast(request, olds, lastFresh, askedAgain, context);
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

function judgeLast(
  request: ComparedRequest,
  olds: readonly Document[],
  fresh: Document,
  askedAgain: number,
  context: AskAgain,
): Judged {
  const old = olds.at(-1) as Document;
  const known = knownOf(request, context.universes);
  const volatile = new Set([...known.volatile, ...changingIn(olds)]);
  const differences = readDifferences(old, fresh, { ...known, volatile });
  const [first] = differences;
  if (first === undefined) return { result: 'excused', reason: VOLATILE };
  if (testWriteExplains(request, olds, [fresh], context)) return { result: 'excused', reason: TEST_WRITE };
  const more = differences.length === 1 ? '' : ` (and ${differences.length - 1} more)`;
  return {
    result: 'mismatch',
    mismatch: mismatchOf(request, first.kind, `${first.detail}${more}`, askedAgain),
  };
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

/** Whether the last answers differ only in what test writes changed in the new universe. */
function testWriteExplains(
  request: ComparedRequest,
  olds: readonly Document[],
  freshs: readonly Document[],
  { footprints, universes }: AskAgain,
): boolean {
  const [old, fresh] = [olds.at(-1), freshs.at(-1)];
  if (old === undefined || fresh === undefined) return false;
  const page = footprints.covers(request.live.target);
  return readDifferences(old, fresh, knownOf(request, universes)).every((one) =>
    explainable(one, fresh) ? page || one.links.some((link) => footprints.covers(link)) : false,
  );
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
