/**
 * Connections to the database: a pool of a stated size. Nothing is tried twice; what fails is the client's to see.
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { connect, type LookupFunction, type Socket } from 'node:net';
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { createPool } from 'mysql2/promise';

/** Time to reach the database. */
const CONNECT_TIMEOUT_MS = 2000;
/** Requests that wait for a connection; more fail at once. */
const QUEUE_LIMIT = 256;

/** Where the database is and who asks. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly connections: number;
}

/** A value in a statement. */
export type Value = string | number | null;

/** Anything that runs statements: the pool, or one connection in a transaction. */
export interface Runner {
  readonly rows: (statement: string, values?: readonly Value[]) => Promise<RowDataPacket[]>;
  readonly run: (statement: string, values?: readonly Value[]) => Promise<ResultSetHeader>;
}

/** A pool of connections. */
export interface Connections extends Runner {
  /** Commits when `work` resolves, rolls back when it throws. */
  readonly transaction: <T>(work: (runner: Runner) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/**
 * Opens no connection yet: each is made when it is first wanted. The database's name is resolved at once and its
 * address kept: a name service that fails later disturbs nobody.
 */
export function connections(access: DatabaseAccess): Connections {
  const pool = createPool({
    stream: connectedTo(access),
    user: access.user,
    password: access.password,
    database: access.database,
    connectionLimit: access.connections,
    maxIdle: access.connections,
    connectTimeout: CONNECT_TIMEOUT_MS,
    queueLimit: QUEUE_LIMIT,
    waitForConnections: true,
    charset: 'UTF8MB4_UNICODE_CI',
    dateStrings: true,
  });
  return {
    ...runner(pool),
    transaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  };
}

/** Makes connections as mysql2 itself does, but for the address that is kept. */
function connectedTo({ host, port }: DatabaseAccess): () => Socket {
  let kept: Promise<LookupAddress> | undefined;
  const resolve: LookupFunction = (_name, _options, done) => {
    kept ??= lookup(host, { family: 4 });
    kept.then(
      ({ address, family }) => done(null, address, family),
      (error: NodeJS.ErrnoException) => {
        kept = undefined;
        done(error, '');
      },
    );
  };
  // A name that leads nowhere yet is asked for again with the first connection, which then tells.
  resolve(host, {}, () => undefined);
  return () =>
    connect({ host, port, lookup: resolve, autoSelectFamily: false }).setNoDelay(true).setKeepAlive(true);
}

async function inTransaction<T>(pool: Pool, work: (runner: Runner) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await work(runner(connection));
    await connection.commit();
    connection.release();
    return result;
  } catch (error) {
    // A connection whose transaction cannot be rolled back for certain must not serve again.
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy(),
    );
    throw error;
  }
}

/**
 * Values are put into the text of a statement (escaped), not into a prepared one: a prepared statement that meets a
 * trigger made since then, on a table made since then, fails for as long as its connection lives (MDEV-26048), and
 * online schema changes are made of such triggers.
 */
function runner(connection: Pool | PoolConnection): Runner {
  return {
    rows: async (statement, values = []) =>
      (await connection.query<RowDataPacket[]>(statement, [...values]))[0],
    run: async (statement, values = []) =>
      (await connection.query<ResultSetHeader>(statement, [...values]))[0],
  };
}

/** Thrown inside a transaction to undo it and answer with `result`. */
export class Undo<T> extends Error {
  readonly result: T;
  constructor(result: T) {
    super('undone');
    this.result = result;
  }
}

/** A transaction that may end in an `Undo`, whose result it then gives. */
export async function undoable<T>(pool: Connections, work: (runner: Runner) => Promise<T>): Promise<T> {
  try {
    return await pool.transaction(work);
  } catch (error) {
    if (error instanceof Undo) return error.result as T;
    throw error;
  }
}

/** Whether a statement failed for this reason, by MariaDB's name of it. */
export function isDatabaseError(error: unknown, code: string): boolean {
  return error instanceof Error && (error as Error & { code?: string }).code === code;
}
