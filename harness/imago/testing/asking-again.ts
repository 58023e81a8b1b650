/**
 * Asks again about a read whose answers differed, because lag is not a fault: the new universe's data follows the
 * old one's, and clients change pages in between. What agreement is, `asked-answers.ts` says.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { TokenBucket } from './admission.ts';
import { Answers } from './asked-answers.ts';
import type { Document } from './document.ts';
import type { Footprints } from './footprints.ts';
import type { ComparedRequest, Judged, Universes } from './judged.ts';
import { TEST_WRITE } from './tally.ts';

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
  const { universes, footprints } = context;
  const seen = new Answers(request, old, fresh, { universes, footprints });
  for (const pauseMs of context.pausesMs) {
    if (seen.testWriteExplains()) return { result: 'excused', reason: TEST_WRITE };
    await delay(pauseMs, undefined, { signal: context.signal });
    seen.askedAgain += 1;
    if (seen.takeNew(await context.universes.askNew(request))) return await steady(seen, context);
    if (!(await turn(context))) continue;
    if (seen.takeOld(await context.universes.askOld(request))) return await steady(seen, context);
  }
  return seen.judgement();
}

/**
 * Makes sure of an agreement: what lagged stays right once it is, but a host that is wrong is met again. An answer
 * that has differed before in the same way, and still does, is a mismatch.
 */
async function steady(seen: Answers, context: AskAgain): Promise<Judged> {
  for (let ask = 0; ask < STEADY_ASKS; ask += 1) {
    await delay(STEADY_PAUSE_MS, undefined, { signal: context.signal });
    const detail = seen.returned(await context.universes.askNew(seen.request));
    if (detail !== undefined) {
      if (seen.testWriteExplains()) return { result: 'excused', reason: TEST_WRITE };
      return { result: 'mismatch', mismatch: { ...detail, detail: `now and then ${detail.detail}` } };
    }
  }
  return { result: 'agreed', later: true };
}

async function turn({ oldReads, signal }: AskAgain): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= TURN_MS; waitedMs += 50) {
    if (oldReads.take()) return true;
    await delay(50, undefined, { signal });
  }
  return false;
}
