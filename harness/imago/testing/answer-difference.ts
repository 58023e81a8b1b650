/** Whether two answers to the same request say the same, and in what they differ. */
import type { DeclaredDifference } from '../../contract/difference.ts';
import { asDeclared, withoutAdditions } from './declared-differences.ts';
import type { Document } from './document.ts';
import { headerDifferences } from './header-difference.ts';
import { withoutVolatile } from './learned-places.ts';
import { outlineOf } from './outline.ts';
import type { MismatchKind } from './protocol.ts';
import { type DifferenceScope, treeDifferences } from './tree-difference.ts';

/** One difference of the new universe's answer. */
export interface AnswerDifference {
  readonly kind: Exclude<MismatchKind, 'no-answer'>;
  /** Of bodies of reads. */
  readonly scope?: DifferenceScope;
  readonly place?: string;
  readonly detail: string;
  /** What the differing part links to. */
  readonly links: readonly string[];
}

/** What is known about differences of a kind of request. */
export interface KnownDifferences {
  readonly declared: readonly DeclaredDifference[];
  /** As `KIND PLACE`. */
  readonly volatile: ReadonlySet<string>;
}

/** Differences of the new universe's answer to a read; none when it says the same. */
export function readDifferences(old: Document, fresh: Document, known: KnownDifferences): AnswerDifference[] {
  if (old.status !== fresh.status) return [statusDifference(old, fresh)];
  const left = withoutVolatile(asDeclared(old, known.declared), known.volatile);
  const right = withoutVolatile(withoutAdditions(fresh, known.declared), known.volatile);
  const bodies =
    left.tree === undefined || right.tree === undefined ? [] : treeDifferences(left.tree, right.tree);
  return [
    ...headersOf(left, right),
    ...bodies.map(
      ({ detail, links, scope, place }): AnswerDifference => ({ kind: 'body', detail, links, scope, place }),
    ),
  ];
}

/**
 * Differences of the new universe's answer to a write: status class, where it leads to and which page it is.
 * Values may differ: ids are given out by each universe, and its data lags.
 */
export function writeDifferences(
  old: Document,
  fresh: Document,
  known: KnownDifferences,
): AnswerDifference[] {
  if (statusClass(old) !== statusClass(fresh)) return [statusDifference(old, fresh)];
  const left = asDeclared(old, known.declared);
  const right = withoutAdditions(fresh, known.declared);
  const headers = headersOf(withLocationShape(left), withLocationShape(right));
  if (left.tree === undefined || right.tree === undefined) return headers;
  const [was, is] = [outlineOf(left.tree), outlineOf(right.tree)];
  const lines = [
    ...[...was].filter((line) => !is.has(line)).map((line) => `without ${line}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `has also ${line}`),
  ];
  return [
    ...headers,
    ...lines.map((line): AnswerDifference => ({ kind: 'body', detail: line.slice(0, 200), links: [] })),
  ];
}

/** First digit of a status. */
export function statusClass({ status }: Document): number {
  return Math.floor(status / 100);
}

function statusDifference(old: Document, fresh: Document): AnswerDifference {
  return { kind: 'status', detail: `status ${old.status} became ${fresh.status}`, links: [] };
}

function headersOf(left: Document, right: Document): AnswerDifference[] {
  return headerDifferences(left.headers, right.headers).map(({ detail }) => ({
    kind: 'header',
    detail,
    links: [],
  }));
}

function withLocationShape(document: Document): Document {
  const location = document.headers.get('location');
  if (location === undefined) return document;
  return {
    ...document,
    headers: new Map([...document.headers, ['location', location.replace(/\d+/g, '#')]]),
  };
}
