/**
 * What differs by itself between two answers of the same version, learned by place for each kind of request:
 * tokens, clocks, counters, order. Values are never learned.
 *
 * Clients change pages too, between one answer and the next, and such places must not be learned. So a place
 * counts as volatile only if it differs in most pairs: in half of those asked one right after the other, or in four
 * fifths of those asked more than a second apart. The latter are for clocks, and hold for values only: rows come and
 * go by clients. And where a place is there several times, as in the rows of a list, most of it must differ: a clock
 * goes on in every row, a client changes one.
 */
import type { Document } from './document.ts';
import { headerDifferences } from './header-difference.ts';
import { edited } from './places.ts';
import { element } from './tree.ts';
import { treeDifferences } from './tree-difference.ts';

/** Time between the answers of a pair. */
export type PairSpan = 'at-once' | 'later';

/** Pairs of each span before anything is believed, and after which nothing more is asked. */
const LEAST_PAIRS = 4;
const ENOUGH_PAIRS = 12;
const INSTANCE_SHARE = 0.5;
const VOLATILE_SHARE: Readonly<Record<PairSpan, number>> = { 'at-once': 0.5, later: 0.8 };
/** Bounds of what is remembered. */
const MAX_ROUTES = 300;
const MAX_PLACES = 200;

interface RouteMemory {
  readonly pairs: Record<PairSpan, number>;
  /** By `KIND PLACE`: in how many pairs it differed. */
  readonly differed: Map<string, Record<PairSpan, number>>;
}

/** Memory of one comparison. */
export class LearnedPlaces {
  /** Reads that were repeated. */
  requests = 0;
  private readonly routes = new Map<string, RouteMemory>();

  /** Whether another sample of this kind of request would teach anything. */
  wants(route: string): boolean {
    const memory = this.routes.get(route);
    return memory === undefined ? this.routes.size < MAX_ROUTES : memory.pairs.later < ENOUGH_PAIRS;
  }

  /** Takes two answers of the old universe to the same request. */
  observe(route: string, span: PairSpan, first: Document, second: Document): void {
    const memory = this.memoryOf(route);
    // An answer with another status is another page: the database was busy, say.
    if (memory === undefined || first.status !== second.status) return;
    memory.pairs[span] += 1;
    for (const key of mostlyDifferent(first, second)) {
      if (span === 'later' && !/^(value|header) /.test(key)) continue;
      const counts = memory.differed.get(key) ?? { 'at-once': 0, later: 0 };
      counts[span] += 1;
      if (memory.differed.has(key) || memory.differed.size < MAX_PLACES) memory.differed.set(key, counts);
    }
  }

  /** Places of a kind of request that are not to be compared, as `KIND PLACE`. */
  volatile(route: string): ReadonlySet<string> {
    const memory = this.routes.get(route);
    if (memory === undefined || memory.differed.size === 0) return NOTHING;
    const spans = ['at-once', 'later'] as const;
    const isVolatile = (counts: Record<PairSpan, number>): boolean =>
      spans.some(
        (span) =>
          memory.pairs[span] >= LEAST_PAIRS && counts[span] >= VOLATILE_SHARE[span] * memory.pairs[span],
      );
    return new Set([...memory.differed].flatMap(([key, counts]) => (isVolatile(counts) ? [key] : [])));
  }

  /** All volatile places, as `ROUTE KIND PLACE`. */
  all(): string[] {
    return [...this.routes.keys()].flatMap((route) =>
      [...this.volatile(route)].map((key) => `${route} ${key}`),
    );
  }

  private memoryOf(route: string): RouteMemory | undefined {
    let memory = this.routes.get(route);
    if (memory === undefined && this.routes.size < MAX_ROUTES) {
      memory = { pairs: { 'at-once': 0, later: 0 }, differed: new Map() };
      this.routes.set(route, memory);
    }
    return memory;
  }
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** How often a value's place is there; 1 for everything else. */
function instancesOf(key: string, { tree }: Document): number {
  let count = 0;
  if (key.startsWith('value ') && tree !== undefined)
    edited(tree, {
      value: (place, value) => {
        if (`value ${place}` === key) count += 1;
        return value;
      },
      element: (_, one) => one,
    });
  return Math.max(1, count);
}

const NOTHING: ReadonlySet<string> = new Set();

/** Places that differ between two answers, wherever they are in each, as `KIND PLACE`. */
export function mostlyDifferent(first: Document, second: Document): string[] {
  return [...countsOf(differencesBetween(first, second))].flatMap(([key, count]) =>
    count < INSTANCE_SHARE * instancesOf(key, first) ? [] : [key],
  );
}

/** Places in which two answers differ, as `KIND PLACE`; one that is there several times may be told several times. */
function differencesBetween(first: Document, second: Document): string[] {
  const bodies =
    first.tree === undefined || second.tree === undefined ? [] : treeDifferences(first.tree, second.tree);
  return [
    ...headerDifferences(first.headers, second.headers).map(({ place }) => `header ${place}`),
    ...bodies.map(({ kind, place }) => `${kind} ${place}`),
  ];
}

/** An answer without its volatile places. */
export function withoutVolatile(document: Document, volatile: ReadonlySet<string>): Document {
  if (volatile.size === 0) return document;
  const headers = new Map([...document.headers].filter(([name]) => !volatile.has(`header ${name}`)));
  const tree =
    document.tree &&
    edited(document.tree, {
      value: (place, value) => (volatile.has(`value ${place}`) ? undefined : value),
      element: (place, one) => {
        if (volatile.has(`children ${place}`)) return element(one.tag, one.attributes, []);
        if (!volatile.has(`order ${place}`)) return one;
        const text = (child: (typeof one.children)[number]): string =>
          typeof child === 'string' ? child : child.text;
        const sorted = [...one.children].sort((left, right) => (text(left) < text(right) ? -1 : 1));
        return element(one.tag, one.attributes, sorted);
      },
    });
  return { ...document, headers, tree };
}
