/**
 * Projects again the keys that changed on U_old: reads the rows that they have there now, and puts those in place of
 * what U_new has. To do so twice, or late, is harmless; only to do it from rows older than the change would be wrong,
 * so a reading that does not see the change yet is repeated.
 *
 * Rows are deleted and inserted rather than replaced, because REPLACE would silently remove another row that has the
 * same value of a secondary unique key. Such a collision is real for a moment: U_old gave the value from one row to
 * another, and the first of them is still to be projected again. It changed before the other could take the value, so
 * its event precedes what was read, and once E has read that far both are in one batch, which begins by deleting
 * both. A collision that stays may be with a row that a test wrote in U_new: what others wrote there is then projected
 * again, too. One that stays after that is a projection that makes two rows alike: an error, told by row.
 */
import { checkWarnings, insertRows, isAboutRows, isCollision, nameRefused } from './refusals.ts';
import { deleteStatement, rowsStatement } from './statements.ts';
import type { Table, Work } from './work.ts';

/** Keys in one batch at most, and their estimated length. */
const BATCH_KEYS = 500;
const BATCH_BYTES = 1_048_576;
/** Times that colliding rows are read again with all that changed in between. */
const COLLISION_ATTEMPTS = 8;
/** How long E may take to read what a snapshot has seen already. */
const CATCH_UP_MS = 2_000;

/** Works through the keys that wait. */
export class Applier {
  readonly #work: Work;
  readonly #queueOthers: () => Promise<void>;
  readonly #onFailure: (error: Error) => void;
  #isRunning = false;
  #isStopped = false;
  #isSuspended = false;
  #collisions = 0;
  appliedKeys = 0;

  /** @param queueOthers - queues the keys that others wrote in U_new */
  constructor(work: Work, queueOthers: () => Promise<void>, onFailure: (error: Error) => void) {
    this.#work = work;
    this.#queueOthers = queueOthers;
    this.#onFailure = onFailure;
    work.watch(() => this.kick());
  }

  /** Begins, unless it is at work already. */
  kick(): void {
    if (this.#isRunning || this.#isStopped || this.#isSuspended) {
      return;
    }
    this.#isRunning = true;
    this.#run()
      .catch((error: Error) => {
        this.#isStopped = true;
        this.#onFailure(error);
      })
      .finally(() => {
        this.#isRunning = false;
      });
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Lets keys wait, from the end of the present batch on. */
  suspend(): void {
    this.#isSuspended = true;
  }

  resume(): void {
    this.#isSuspended = false;
    this.kick();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped && !this.#isSuspended) {
      const batch = this.#nextBatch();
      if (batch.size === 0) {
        return;
      }
      await this.#apply(batch);
      // Not by kick(): this loop looks again itself.
      this.#work.moved();
    }
  }

  #nextBatch(): Map<Table, { keys: bigint[]; until: number }> {
    const batch = new Map<Table, { keys: bigint[]; until: number }>();
    for (const table of this.#work.tables) {
      const limit = Math.max(1, Math.min(BATCH_KEYS, Math.floor(BATCH_BYTES / table.plan.rowBytes)));
      const ready = table.queue.ready(limit * 2 ** this.#collisions);
      if (ready.keys.length > 0) {
        batch.set(table, ready);
      }
    }
    return batch;
  }

  async #apply(batch: ReadonlyMap<Table, { keys: bigint[]; until: number }>): Promise<void> {
    const { universes } = this.#work;
    const needed = Math.max(...[...batch.values()].map(({ until }) => until));
    const statements = [...batch].flatMap(([{ plan }, { keys }]) => [
      rowsStatement(plan, keys),
      'SHOW WARNINGS LIMIT 1',
    ]);
    let current: Table | undefined;
    let seen = 0;
    const written = new Map([...batch].map(([table, { keys }]) => [table, new Set(keys)]));
    try {
      await this.#work.transaction(async () => {
        let reading = await universes.old.keys.readAt(statements);
        while (reading.seen < needed) {
          reading = await universes.old.keys.readAt(statements);
        }
        seen = reading.seen;
        const rows = [...batch].map(([table, { keys }], at) => ({
          table,
          keys,
          literals: reading.results[2 * at]?.rows.map((row) => String(row[1])) ?? [],
          warnings: reading.results[2 * at + 1],
        }));
        for (const { table, keys, literals, warnings } of rows) {
          current = table;
          checkWarnings('U_old', warnings);
          await universes.new.writer.one(deleteStatement(table.plan, keys));
          await insertRows(universes.new.writer, table.plan, literals);
        }
        return this.#work.notes(written, seen);
      });
    } catch (error) {
      await this.#refused(error as Error, current, batch, seen);
      return;
    }
    this.#collisions = 0;
    for (const [table, { keys }] of batch) {
      table.queue.applied(keys, seen);
      this.appliedKeys += keys.length;
    }
  }

  /** Returns if another try may succeed. */
  async #refused(
    error: Error,
    table: Table | undefined,
    batch: ReadonlyMap<Table, { keys: bigint[] }>,
    seen: number,
  ): Promise<void> {
    if (isCollision(error) && this.#collisions < COLLISION_ATTEMPTS) {
      this.#collisions += 1;
      await readUpTo(this.#work, seen, CATCH_UP_MS);
      if (this.#collisions > 1) await this.#queueOthers();
      return;
    }
    if (table === undefined || !isAboutRows(error)) {
      throw error;
    }
    throw await nameRefused(this.#work, table.plan, batch.get(table)?.keys ?? [], true, error);
  }
}

/** Resolves once E has read up to this place, or after the time given, or at once without E. */
export function readUpTo(work: Work, rank: number, timeoutMs: number): Promise<void> {
  const isThere = (): boolean => work.egress === undefined || work.egress.read >= rank;
  if (isThere()) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    const unwatch = work.watch(() => {
      if (isThere()) done();
    });
  });
}
