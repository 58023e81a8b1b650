/**
 * Judges a mirrored write. The old universe is never asked again: it would be written twice. The new one is, where
 * it refused or failed what the old one accepted: a session or an item may be on its way still, and repeating a
 * test write does no harm, because the new universe is reconciled.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { statusClass, writeDifferences } from './answer-difference.ts';
import { mismatchOf } from './asked-answers.ts';
import type { AskAgain } from './asking-again.ts';
import type { Document } from './document.ts';
import { type ComparedRequest, type Judged, knownOf } from './judged.ts';
import { CONFLICT, type Firmness, REFUSED_BY_OLD } from './tally.ts';

/** A judgement with its firmness, should it be a mismatch. */
export interface JudgedWrite {
  readonly judged: Judged;
  readonly firmness: Firmness;
}

/** Refusals by the old universe that something in between explains: gone, or taken by somebody who was faster. */
const OVERTAKEN = [404, 409, 410];

/** Whether the new universe refused or failed what the old one accepted, so that it is asked again. */
export function refusedHereOnly(old: Document, fresh: Document | Error): boolean {
  return old.status < 400 && (fresh instanceof Error || fresh.status >= 400);
}

function isConflict(fresh: Document | Error): boolean {
  return !(fresh instanceof Error) && fresh.status === 409;
}

/** Refusals that go away when what is on its way has arrived: a session, an item. */
function lagMayRefuse(fresh: Document | Error): boolean {
  return !(fresh instanceof Error) && [401, 404].includes(fresh.status);
}

/** Settles a write. @param first - the new universe's answer, or why there was none */
export async function settleWrite(
  request: ComparedRequest,
  old: Document,
  first: Document | Error,
  context: Pick<AskAgain, 'universes' | 'pausesMs' | 'signal'>,
): Promise<JudgedWrite> {
  const isUnsteady = refusedHereOnly(old, first) && !lagMayRefuse(first) && !isConflict(first);
  let fresh = first;
  let askedAgain = 0;
  for (const pauseMs of context.pausesMs) {
    // A conflict does not go away: the row is there.
    if (!refusedHereOnly(old, fresh) || isConflict(fresh)) break;
    await delay(pauseMs, undefined, { signal: context.signal });
    askedAgain += 1;
    fresh = await context.universes.askNew(request);
  }
  const mismatch = (kind: 'no-answer' | 'status' | 'header' | 'body', detail: string): JudgedWrite => ({
    judged: { result: 'mismatch', mismatch: mismatchOf(request, kind, detail, askedAgain) },
    firmness: kind === 'body' ? 'outline' : 'confirmed',
  });
  const excused = (reason: string): JudgedWrite => ({
    judged: { result: 'excused', reason },
    firmness: 'confirmed',
  });
  if (fresh instanceof Error) return mismatch('no-answer', fresh.message);
  if (old.status < 400 && isConflict(fresh)) return excused(CONFLICT);
  if (statusClass(old) === 4 && fresh.status < 400 && OVERTAKEN.includes(old.status))
    return excused(REFUSED_BY_OLD);
  const [difference] = writeDifferences(old, fresh, knownOf(request, context.universes));
  if (difference !== undefined) return mismatch(difference.kind, difference.detail);
  if (isUnsteady) {
    const seen = first instanceof Error ? first.message : `status ${old.status} became ${first.status}`;
    const kind = first instanceof Error ? 'no-answer' : 'status';
    const found = mismatchOf(request, kind, `now and then ${seen}`, askedAgain);
    return { judged: { result: 'mismatch', mismatch: found }, firmness: 'unsteady' };
  }
  return { judged: { result: 'agreed', later: askedAgain > 0 }, firmness: 'confirmed' };
}
