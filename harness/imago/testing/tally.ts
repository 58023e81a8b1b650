/** What was compared and with what result, and the rule by which that is judged. */
import type { Mismatch, TesterVerdict } from './protocol.ts';

/**
 * The rule. A mismatch counts when it is confirmed: asked again, and neither lag nor chance nor a test write nor
 * a declared difference explains it.
 * - On a path of the tester's own list, one fails the comparison: nobody writes there.
 * - Of mirrored requests, two do: by chance one may meet a write that is on its way for seconds, two hardly.
 * - Of pages that answer writes, three of a kind do, if they are half of that kind: such an answer cannot be
 *   asked for twice, and a list that is still empty in the new universe has another outline.
 * - Of writes that failed only at first, in a way that lag does not explain (an error, no answer), five, if they
 *   are a fifth of all writes: a deadlock with the data that arrives fails few, one wrong host of two every other.
 * - At least half of the live requests that were compared must have agreed: excuses alone are no proof, and what the
 *   tester asks of its own accord says nothing of what clients ask.
 * - Conflicts (409) where the old universe accepted a write are the new one having that row already: it was transferred
 *   before the mirrored request came, which is the usual order where the driver is fast.
 */
const OWN_PATHS_TO_FAIL = 1;
const CONFIRMED_TO_FAIL = 2;
const OUTLINES_TO_FAIL = 3;
const OUTLINE_SHARE = 0.5;
const AGREED_SHARE = 0.5;
const UNSTEADY_TO_FAIL = 5;
const UNSTEADY_SHARE = 0.2;

/** How firmly a mismatch is known. */
export type Firmness = 'own-path' | 'confirmed' | 'outline' | 'unsteady';

/** Mismatches that are told; all are counted. */
const MAX_MISMATCHES = 40;
const MAX_ROUTES = 300;
const DETAIL_LENGTH = 300;

interface RouteCounts {
  compared: number;
  outlines: number;
}

/** Counts of one comparison. */
export class Tally {
  compared = 0;
  agreed = 0;
  /** Of both, what clients had asked. */
  readonly live = { compared: 0, agreed: 0 };
  agreedLater = 0;
  readonly mismatched: Record<Firmness, number> = { 'own-path': 0, confirmed: 0, outline: 0, unsteady: 0 };
  readonly excused: Record<string, number> = {};
  readonly dropped: Record<string, number> = {};
  readonly mismatches: Mismatch[] = [];
  private writes = 0;
  /** A failure of the tester's own. */
  broken: Error | undefined;
  private readonly routes = new Map<string, RouteCounts>();
  private readonly watchers = new Set<() => void>();

  agree(route: string, firmness: Firmness, later = false): void {
    this.agreed += 1;
    if (firmness !== 'own-path') this.live.agreed += 1;
    if (later) this.agreedLater += 1;
    this.judged(route, firmness);
    this.tell();
  }

  excuse(route: string, firmness: Firmness, reason: string): void {
    this.excused[reason] = (this.excused[reason] ?? 0) + 1;
    this.judged(route, firmness);
    this.tell();
  }

  mismatch(mismatch: Mismatch, firmness: Firmness): void {
    this.mismatched[firmness] += 1;
    const counts = this.judged(mismatch.route, firmness);
    if (firmness === 'outline') counts.outlines += 1;
    if (this.mismatches.length < MAX_MISMATCHES)
      this.mismatches.push({
        ...mismatch,
        request: mismatch.request.slice(0, DETAIL_LENGTH),
        detail: mismatch.detail.slice(0, DETAIL_LENGTH),
      });
    this.tell();
  }

  drop(reason: string): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }

  /** Takes a failure of the tester's own: no verdict can be given any more. */
  break(error: Error): void {
    this.broken ??= error;
    this.tell();
  }

  /** Why the comparison has failed; undefined while it has not. */
  failure(): string | undefined {
    const own = this.mismatched['own-path'];
    const { confirmed } = this.mismatched;
    if (own >= OWN_PATHS_TO_FAIL)
      return `${own} of the listed paths answer otherwise in the new universe (${OWN_PATHS_TO_FAIL} fails)`;
    if (confirmed >= CONFIRMED_TO_FAIL)
      return `${confirmed} confirmed mismatches of live requests (${CONFIRMED_TO_FAIL} fail)`;
    const { unsteady } = this.mismatched;
    if (unsteady >= UNSTEADY_TO_FAIL && unsteady >= UNSTEADY_SHARE * this.writes)
      return `${unsteady} of ${this.writes} writes failed at first (${UNSTEADY_TO_FAIL} and ${UNSTEADY_SHARE * 100} % fail)`;
    for (const [route, { compared, outlines }] of this.routes) {
      if (outlines >= OUTLINES_TO_FAIL && outlines >= OUTLINE_SHARE * compared)
        return `${outlines} of ${compared} answers to ${route} are another page (${OUTLINES_TO_FAIL} and ${OUTLINE_SHARE * 100} % fail)`;
    }
    return undefined;
  }

  /** Why too little is known to pass; undefined where enough is. */
  doubt(): string | undefined {
    const { agreed, compared } = this.live;
    if (agreed >= AGREED_SHARE * compared) return undefined;
    return `only ${agreed} of ${compared} live requests agreed (${AGREED_SHARE * 100} % are wanted)`;
  }

  /** Calls `watcher` whenever something was judged, until the function that is returned is called. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The part of a verdict that counts. */
  counts(): Pick<
    TesterVerdict,
    'compared' | 'agreed' | 'agreedLater' | 'excused' | 'mismatched' | 'dropped' | 'mismatches'
  > {
    const mismatched = Object.values(this.mismatched).reduce((sum, one) => sum + one, 0);
    const { compared, agreed, agreedLater, mismatches } = this;
    return {
      ...{ compared, agreed, agreedLater, mismatched },
      excused: { ...this.excused },
      dropped: { ...this.dropped },
      mismatches: [...mismatches],
    };
  }

  private judged(route: string, firmness: Firmness): RouteCounts {
    this.compared += 1;
    if (firmness !== 'own-path') this.live.compared += 1;
    if (!/^(GET|HEAD) /.test(route)) this.writes += 1;
    const key = this.routes.has(route) || this.routes.size < MAX_ROUTES ? route : 'other';
    const counts = this.routes.get(key) ?? { compared: 0, outlines: 0 };
    this.routes.set(key, counts);
    counts.compared += 1;
    return counts;
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher();
  }
}

/** Excuses by name. */
export const CONFLICT = 'conflict-after-transfer';
export const TEST_WRITE = 'test-write';
export const VOLATILE = 'differs-by-itself';
export const REFUSED_BY_OLD = 'refused-by-old-meanwhile';
