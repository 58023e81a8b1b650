/** What the parts of the driver share while they work on one pair of universes. */
import { dirtyStatement, placeStatement } from './checkpoint.ts';
import type { LogReader } from './egress.ts';
import { KeyQueue, type Reach } from './key-queue.ts';
import { type AsOf, positionOf } from './log-position.ts';
import { DatabaseError, type Session } from './session.ts';
import type { TablePlan } from './statements.ts';
import { Turns } from './turns.ts';
import type { Universes } from './universes.ts';

/** Keys waiting beyond which copying waits; each is some 200 bytes. */
export const PENDING_LIMIT = 50_000;
/** Keys waiting beyond which reading the log waits too. */
export const PENDING_HARD_LIMIT = 200_000;
/**
 * Keys projected again that may wait for their comparison, over all tables; each is some 100 bytes, and as many take
 * two seconds to compare, far longer than clients can be held. Where comparing once a second leaves that many, it
 * does not keep up with the writes, and no quiescence would be short.
 */
const DIRTY_LIMIT = 200_000;
/** Times that a transaction is tried when others' locks are in its way. */
const LOCK_ATTEMPTS = 10;
const LOCK_TIMEOUT_ERROR = 1205;
const DEADLOCK_ERROR = 1213;

/** One table and where it stands. */
export interface Table {
  readonly plan: TablePlan;
  readonly queue: KeyQueue;
  /** Up to here chunks were found equal after they were written. */
  compared: Reach;
  /** Rows and chunks up to there. */
  copiedRows: number;
  chunks: number;
}

/** A pair of universes under work. */
export class Work {
  readonly universes: Universes;
  readonly tables: readonly Table[];
  /** What is written to U_new takes its turn: each chunk in its lane, everything else in all lanes. */
  readonly #lanes: readonly Turns[];
  egress: LogReader | undefined;
  #lagEvents = 0;
  readonly #watchers = new Set<() => void>();
  /** Tells the driver that it cannot go on. */
  readonly failed: (error: Error) => void;
  readonly #dirtyLimit: number;

  constructor(
    universes: Universes,
    plans: readonly TablePlan[],
    failed: (error: Error) => void,
    dirtyLimit = DIRTY_LIMIT,
  ) {
    this.#dirtyLimit = dirtyLimit;
    this.universes = universes;
    this.#lanes = universes.new.writers.map(() => new Turns());
    this.failed = failed;
    this.tables = plans.map((plan) => ({
      plan,
      queue: new KeyQueue(),
      compared: 'none',
      copiedRows: 0,
      chunks: 0,
    }));
  }

  get lagEvents(): number {
    return this.pendingKeys === 0 ? 0 : this.#lagEvents;
  }

  get pendingKeys(): number {
    return this.tables.reduce((sum, { queue }) => sum + queue.pendingCount, 0);
  }

  /** Whether a waiting key could be applied: its chunk is written. */
  get hasReadyKeys(): boolean {
    return this.tables.some(({ queue }) => queue.ready(1).keys.length > 0);
  }

  get dirtyKeys(): number {
    return this.tables.reduce((sum, { queue }) => sum + queue.dirtyCount, 0);
  }

  /** Takes in a change of an old table. */
  touch(sourceTable: string, key: bigint, since: number, until: number): void {
    if (this.pendingKeys === 0) {
      this.#lagEvents = 0;
    }
    for (const { plan, queue } of this.tables) {
      if (plan.sources.some(({ table }) => table === sourceTable) && queue.touch(key, since, until)) {
        this.#lagEvents += 1;
      }
    }
  }

  /**
   * These keys were written from rows as of then.
   * @throws if more wait for their comparison than may
   */
  applied(table: Table, keys: Iterable<bigint>, asOf: AsOf): void {
    table.queue.applied(keys, asOf);
    if (this.dirtyKeys > this.#dirtyLimit) {
      const most = this.tables.reduce((one, other) =>
        other.queue.dirtyCount > one.queue.dirtyCount ? other : one,
      );
      throw new Error(
        `project again: ${this.dirtyKeys} changed keys wait to be compared, ${most.queue.dirtyCount} of them of ${most.plan.target}; at most ${this.#dirtyLimit} may`,
      );
    }
  }

  /** Tells whoever waits that something has moved on. */
  moved(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Calls `watcher` whenever something has moved on. @returns what ends it */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Place from which E must read again if the driver dies now, once `without` are applied as of `seen`. */
  #resumeRank(without: ReadonlyMap<Table, ReadonlySet<bigint>>, seen: number): number | undefined {
    if (this.egress === undefined) {
      return undefined;
    }
    const oldest = this.tables.map((table) =>
      table.queue.oldestWithout(without.get(table) ?? new Set(), seen),
    );
    return Math.min(this.egress.read, ...oldest.filter((rank) => rank !== undefined));
  }

  /** Statements that keep E's place, and the keys that are written and must be compared, with the data. */
  notes(written: ReadonlyMap<Table, ReadonlySet<bigint>>, seen: number): string[] {
    const rank = this.#resumeRank(written, seen);
    const place =
      rank === undefined || this.egress === undefined
        ? []
        : [placeStatement('egress', positionOf(rank, this.egress.position.file))];
    const dirty = [...written]
      .filter(([, keys]) => keys.size > 0)
      .map(([{ plan }, keys]) => dirtyStatement(plan.name, [...keys]));
    return [...dirty, ...place];
  }

  /**
   * Runs `work` on U_new as one transaction, while nothing else is written; tried again where locks of others are
   * in the way. `work` returns the statements that go with the commit.
   */
  transaction(work: (writer: Session) => Promise<readonly string[]>): Promise<void> {
    const alone = this.#lanes.reduceRight<() => Promise<void>>(
      (inner, lane) => () => lane.take(inner),
      () => attempt(this.universes.new.writers[0], work),
    );
    return alone();
  }

  /** The same beside other lanes: for a chunk, whose table no other lane writes. */
  laneTransaction(lane: number, work: (writer: Session) => Promise<readonly string[]>): Promise<void> {
    const writer = this.universes.new.writers[lane] as Session;
    return (this.#lanes[lane] as Turns).take(() => attempt(writer, work));
  }
}

async function attempt(
  writer: Session,
  work: (writer: Session) => Promise<readonly string[]>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await writer.one('START TRANSACTION');
      const last = await work(writer);
      await writer.run([...last, 'COMMIT'].join('; '));
      return;
    } catch (error) {
      await writer.one('ROLLBACK').catch(() => {});
      const errno = error instanceof DatabaseError ? error.errno : 0;
      if ((errno !== LOCK_TIMEOUT_ERROR && errno !== DEADLOCK_ERROR) || tries === LOCK_ATTEMPTS) {
        throw error;
      }
    }
  }
}

/** How far a table is copied, as the lower end of what is next; `undefined` is before the first key. */
export function lowerEnd(reach: Reach): bigint | undefined {
  return typeof reach === 'bigint' ? reach : undefined;
}
