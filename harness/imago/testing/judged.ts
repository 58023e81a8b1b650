/** A request that both universes answer, how they are asked, and what came of comparing them. */
import type { Comparison } from '../../contract/difference.ts';
import type { KnownDifferences } from './answer-difference.ts';
import { matchesRoute } from './declared-differences.ts';
import { type Document, readDocument } from './document.ts';
import type { LearnedPlaces } from './learned-places.ts';
import type { Mismatch } from './protocol.ts';
import { fieldValue, type LiveRequest, type SiteAnswer } from './raw-message.ts';
import { pathOf, routeOf } from './route.ts';
import type { SiteClient } from './site-client.ts';

/** A request with its kind. */
export interface ComparedRequest {
  readonly live: LiveRequest;
  readonly route: string;
}

/** What came of comparing. */
export type Judged =
  | { readonly result: 'agreed'; readonly later: boolean }
  | { readonly result: 'excused'; readonly reason: string }
  | { readonly result: 'mismatch'; readonly mismatch: Mismatch }
  /** Nothing can be said: one side was not to be asked. */
  | { readonly result: 'unjudged'; readonly reason: string };

/** Names the kind of a request. */
export function compared(live: LiveRequest): ComparedRequest {
  return { live, route: routeOf(live.method, live.target) };
}

/** Both universes and what is known of their differences. */
export class Universes {
  readonly old: SiteClient;
  readonly fresh: SiteClient;
  readonly comparison: Comparison;
  readonly learned: LearnedPlaces;
  private readonly siteName: string;

  constructor(
    clients: { readonly old: SiteClient; readonly fresh: SiteClient },
    comparison: Comparison,
    learned: LearnedPlaces,
    siteName: string,
  ) {
    this.old = clients.old;
    this.fresh = clients.fresh;
    this.comparison = comparison;
    this.learned = learned;
    this.siteName = siteName;
  }

  /** The old universe's answer to a read, or why there was none. */
  askOld(request: ComparedRequest): Promise<Document | Error> {
    return this.asked(this.old, request);
  }

  /** The new universe's answer, or why there was none. */
  askNew(request: ComparedRequest): Promise<Document | Error> {
    return this.asked(this.fresh, request);
  }

  /** An answer reduced to what is compared. */
  read(answer: SiteAnswer, { live }: ComparedRequest): Document {
    return readDocument(answer, this.siteName, fieldValue(live.fields, 'cookie'));
  }

  private async asked(client: SiteClient, request: ComparedRequest): Promise<Document | Error> {
    try {
      return this.read(await client.ask(request.live), request);
    } catch (error) {
      return error as Error;
    }
  }
}

/** What is known of the differences of a request's answers. */
export function knownOf({ live, route }: ComparedRequest, universes: Universes): KnownDifferences {
  const path = pathOf(live.target);
  return {
    declared: universes.comparison.differences.filter(({ routes }) =>
      routes.some((pattern) => matchesRoute(pattern, live.method, path)),
    ),
    volatile: universes.learned.volatile(route),
  };
}
