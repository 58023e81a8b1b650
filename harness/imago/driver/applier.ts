/**
 * Projects again the keys that changed on U_old: reads the rows that they have there now, and puts those in place of
 * what U_new has. To do so twice, or late, is harmless; only to do it from rows older than the change would be wrong,
 * so a reading that does not see the change yet is repeated.
 *
 * Rows are deleted and inserted rather than replaced; see collisions.ts.
 */
import { keysInTheWay } from './collisions.ts';
import type { AsOf } from './log-position.ts';
import { checkWarnings, insertRows, isAboutRows, isCollision, nameRefused } from './refusals.ts';
import type { Row, Session } from './session.ts';
import { deleteStatement, rowsStatement } from './statements.ts';
import type { Table, Work } from './work.ts';

/** Keys in one batch at most, and their estimated length. */
const BATCH_KEYS = 500;
const BATCH_BYTES = 1_048_576;

/** Times that rows are put again where tests write rows of the same keys at the same time. */
const PUT_ATTEMPTS = 10;

/** Works through the keys that wait. */
export class Applier {
  readonly #work: Work;
  readonly #onFailure: (error: Error) => void;
  #isRunning = false;
  #isStopped = false;
  #isSuspended = false;
  appliedKeys = 0;

  constructor(work: Work, onFailure: (error: Error) => void) {
    this.#work = work;
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
      const ready = table.queue.ready(limit);
      if (ready.keys.length > 0) {
        batch.set(table, ready);
      }
    }
    return batch;
  }

  async #apply(batch: ReadonlyMap<Table, { keys: bigint[]; until: number }>): Promise<void> {
    const needed = Math.max(...[...batch.values()].map(({ until }) => until));
    const written = new Map<Table, Set<bigint>>();
    let asOf: AsOf = { seen: 0, latest: 0 };
    let current: Table | undefined;
    try {
      await this.#work.transaction(async (writer) => {
        for (const [table, { keys }] of batch) {
          written.set(table, new Set(keys));
        }
        for (;;) {
          const reading = await this.#read(written, needed);
          asOf = reading.asOf;
          let inTheWay = 0;
          for (const { table, keys, rows, warnings } of reading.tables) {
            current = table;
            checkWarnings('U_old', warnings);
            inTheWay += await putRows(writer, table, keys, rows);
          }
          if (inTheWay === 0) {
            return this.#work.notes(written, asOf.seen);
          }
        }
      });
    } catch (error) {
      if (current === undefined || !isAboutRows(error)) {
        throw error;
      }
      const keys = [...(written.get(current) ?? [])];
      throw await nameRefused(this.#work, current.plan, keys, true, error as Error);
    }
    for (const [table, keys] of written) {
      this.appliedKeys += keys.size;
      this.#work.applied(table, keys, asOf);
    }
  }

  /** Rows of these keys on U_old, all as of one moment, at which the changes are seen. */
  async #read(written: ReadonlyMap<Table, Set<bigint>>, needed: number) {
    const statements = [...written].flatMap(([{ plan }, keys]) => [
      rowsStatement(plan, [...keys]),
      'SHOW WARNINGS LIMIT 1',
    ]);
    for (;;) {
      const { asOf, results } = await this.#work.universes.old.keys.readAt(statements);
      if (asOf.seen >= needed) {
        const tables = [...written].map(([table, keys], at) => ({
          table,
          keys,
          rows: results[2 * at]?.rows ?? [],
          warnings: results[2 * at + 1],
        }));
        return { asOf, tables };
      }
    }
  }
}

/**
 * Puts rows read from U_old in place of what U_new has for these keys; a key that no chunk has reached only loses
 * what is there. Adds to `keys` those of rows that are in the way.
 * @returns how many were added: with any, all must be read again as of one moment, and put again
 */
export async function putRows(
  writer: Session,
  { plan, queue }: Table,
  keys: Set<bigint>,
  rows: readonly Row[],
): Promise<number> {
  const literals = rows
    .filter(([key]) => queue.isCopied(BigInt(key as string)))
    .map(([, row]) => String(row));
  for (let attempt = 1; ; attempt += 1) {
    await writer.one(deleteStatement(plan, [...keys]));
    try {
      await insertRows(writer, plan, literals);
      return 0;
    } catch (error) {
      const inTheWay = isCollision(error) ? await keysInTheWay(writer, plan, literals) : [];
      const added = inTheWay.filter((key) => !keys.has(key));
      for (const key of added) keys.add(key);
      if (added.length > 0) {
        return added.length;
      }
      // A test may have written a row of the same key in U_new after the deletion: then it is there to be deleted now.
      if (!isCollision(error) || attempt === PUT_ATTEMPTS) {
        throw error;
      }
    }
  }
}
