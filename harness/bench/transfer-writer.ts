/** Live writes beside a transfer: a bounded rate of transactions straight to the old database. */
import mysql from 'mysql2/promise';
import { ACCOUNT, type TransferStand } from './transfer-stand.ts';

/** Transactions a second: those of some 200 requests of the workload. */
export const WRITES_PER_SECOND = 20;
/** Steps through keys that no table's length divides: writes fall before, in and behind what is being copied. */
const STRIDE = 7_919;

/** What was written. */
export interface Written {
  /** Those that were committed. */
  readonly transactions: number;
  /** Those that the server undid, choosing them among transactions that waited for each other. */
  readonly deadlocks: number;
  readonly p95Ms: number;
}

/** Writes that go on until they are ended. */
export interface Writer {
  /** The busier of the two tables that it writes. */
  readonly table: string;
  /** Ends them, after the transaction that is under way. @throws if one failed */
  readonly end: () => Promise<Written>;
}

/** Starts to write: a row of one table is copied under a new key, a number of another table's row raised. */
export async function startWriter(
  { scenario, addresses }: TransferStand,
  perSecond: number = WRITES_PER_SECOND,
): Promise<Writer> {
  const connection = await mysql.createConnection({
    host: addresses.old,
    ...ACCOUNT,
    database: scenario.facts.database,
  });
  const { table, copied, raised } = await statementsFor(connection, scenario.facts.writtenTables);
  const takenMs: number[] = [];
  let deadlocks = 0;
  let ending = false;
  let failure: Error | undefined;
  const startNs = process.hrtime.bigint();
  const writing = (async () => {
    for (let number = 0; !ending; number += 1) {
      const dueMs = (number * 1_000) / perSecond;
      const waitMs = dueMs - Number(process.hrtime.bigint() - startNs) / 1e6;
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const beginNs = process.hrtime.bigint();
      try {
        await connection.beginTransaction();
        await connection.query(copied, [number * STRIDE]);
        await connection.query(raised, [number * STRIDE]);
        await connection.commit();
      } catch (error) {
        // An answer like another: the server undid the transaction, because what copies the table wanted the same rows.
        if ((error as mysql.QueryError).code !== 'ER_LOCK_DEADLOCK') throw error;
        deadlocks += 1;
        continue;
      }
      takenMs.push(Number(process.hrtime.bigint() - beginNs) / 1e6);
    }
  })().catch((error: Error) => {
    failure = error;
  });
  return {
    table,
    end: async () => {
      ending = true;
      await writing;
      await connection.end();
      if (failure !== undefined)
        throw new Error(`bench transfer: a live write: ${failure.message}`, { cause: failure });
      const sorted = takenMs.toSorted((a, b) => a - b);
      return {
        transactions: sorted.length,
        deadlocks,
        p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN,
      };
    },
  };
}

/** Of the tables that the application writes, the busiest two whose rows can be copied without meeting a unique key. */
async function statementsFor(connection: mysql.Connection, tables: readonly string[]) {
  const usable: { table: string; key: string; others: string[]; number: string | undefined }[] = [];
  for (const table of tables) {
    const [columns] = await connection.query<mysql.RowDataPacket[]>(
      `SELECT column_name AS name, column_key AS keyed, data_type AS type, extra FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
      [table],
    );
    const key = columns.find(({ extra }) => extra === 'auto_increment')?.name as string | undefined;
    if (key === undefined || columns.some(({ keyed }) => keyed === 'UNI')) continue;
    const others = columns.map(({ name }) => name as string).filter((name) => name !== key);
    const number = columns.find(({ type, keyed }) => type === 'int' && keyed === '')?.name as
      | string
      | undefined;
    usable.push({ table, key, others, number });
  }
  const [first, second] = usable;
  if (first === undefined || second?.number === undefined) {
    throw new Error(`bench transfer: no two of ${tables.join(', ')} can be written to without knowing them`);
  }
  const row = ({ table, key }: typeof first) =>
    `(SELECT ${key} FROM ${table} WHERE ${key} > ? MOD (SELECT MAX(${key}) FROM ${table}) ORDER BY ${key} LIMIT 1)`;
  const names = first.others.join(', ');
  return {
    table: first.table,
    copied: `INSERT INTO ${first.table} (${names}) SELECT ${names} FROM ${first.table} WHERE ${first.key} = ${row(first)}`,
    raised: `UPDATE ${second.table} SET ${second.number} = ${second.number} + 1 WHERE ${second.key} = (SELECT * FROM ${row(second)} one)`,
  };
}
