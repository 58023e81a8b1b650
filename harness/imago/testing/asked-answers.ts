/**
 * The answers of both universes to one request that was asked again, and what they say. The new universe agrees
 * as soon as any of its answers says the same as any answer of the old one: then it says what the old one said a
 * moment ago, or is about to say. On pages that clients change all the time no two answers may be the same; there,
 * only what differs each time in the same place of the same row is a mismatch.
 */
import { type AnswerDifference, readDifferences } from './answer-difference.ts';
import type { Document } from './document.ts';
import type { Footprints } from './footprints.ts';
import { type ComparedRequest, type Judged, knownOf, type Universes } from './judged.ts';
import { mostlyDifferent } from './learned-places.ts';
import type { Mismatch } from './protocol.ts';
import { TEST_WRITE, VOLATILE } from './tally.ts';

/** What an answer is judged with. */
export interface Judging {
  readonly universes: Universes;
  readonly footprints: Footprints;
}

/** What both universes have answered to one request so far. */
export class Answers {
  askedAgain = 0;
  readonly request: ComparedRequest;
  private readonly context: Judging;
  private readonly olds: Document[];
  private readonly freshs: Document[] = [];
  /** Answers of both at about the same time. */
  private readonly rounds: { readonly old: Document; readonly fresh: Document }[] = [];
  /** The new universe's latest answer, until the old one's of that round has come. */
  private latest: Document | undefined;
  /** How answers of the new universe differed when they did. */
  private readonly differed = new Set<string>();
  private failure = '';

  constructor(request: ComparedRequest, old: Document, fresh: Document | Error, context: Judging) {
    this.request = request;
    this.context = context;
    this.olds = [old];
    this.takeNew(fresh);
    if (!(fresh instanceof Error)) this.rounds.push({ old, fresh });
  }

  /** Takes an answer of the new universe; true if it says what the old one said at some time. */
  takeNew(fresh: Document | Error): boolean {
    this.latest = fresh instanceof Error ? undefined : fresh;
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
    if (this.latest !== undefined) this.rounds.push({ old, fresh: this.latest });
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
    return old !== undefined && fresh !== undefined && this.explained(this.differences(old, fresh), fresh);
  }

  /** The last word, when no answer agreed. */
  judgement(): Judged {
    if (this.olds.length === 1) return { result: 'unjudged', reason: 'old-not-asked-again' };
    const fresh = this.freshs.at(-1);
    const last = this.rounds.at(-1);
    if (fresh === undefined || last === undefined) {
      const mismatch = mismatchOf(this.request, 'no-answer', this.failure, this.askedAgain);
      return { result: 'mismatch', mismatch };
    }
    const known = knownOf(this.request, this.context.universes);
    const volatile = new Set([...known.volatile, ...changingIn(this.olds)]);
    const differences = readDifferences(last.old, last.fresh, { ...known, volatile });
    if (differences.length === 0) return { result: 'excused', reason: VOLATILE };
    const lasting = differences.filter((one) => this.rounds.every((round) => this.isIn(round, one)));
    if (lasting.length === 0) return { result: 'agreed', later: true };
    if (this.explained(lasting, last.fresh)) return { result: 'excused', reason: TEST_WRITE };
    return { result: 'mismatch', mismatch: this.mismatch(lasting) };
  }

  /** Whether answers of a round differed in the same place and row. */
  private isIn(round: { readonly old: Document; readonly fresh: Document }, one: AnswerDifference): boolean {
    return this.differences(round.old, round.fresh).some((other) => identityOf(other) === identityOf(one));
  }

  private explained(differences: readonly AnswerDifference[], fresh: Document): boolean {
    const { target } = this.request.live;
    return differences.every(
      (one) => explainable(one, fresh) && this.context.footprints.explain(target, one),
    );
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
    olds.slice(index + 1).map((other) => new Set(mostlyDifferent(one, other))),
  );
  const [first, ...rest] = pairs;
  return [...(first ?? [])].filter((place) => rest.every((places) => places.has(place)));
}

function explainable({ kind }: AnswerDifference, fresh: Document): boolean {
  return kind === 'body' || (kind === 'status' && fresh.status < 500);
}

/** What a difference is about: the place and, in a list, the row; the status or header itself. */
function identityOf({ kind, place, links, scope, detail }: AnswerDifference): string {
  return kind === 'body' ? [scope, place, ...links].join(' ') : detail;
}
