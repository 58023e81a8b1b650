/** A session with one universe's database: statements as text, rows as arrays, integers without loss. */
import { Readable } from 'node:stream';
import mysql from 'mysql2/promise';
import { type AsOf, rankOf } from './log-position.ts';
import type { DatabaseAddress, LogPosition } from './protocol.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** Asked outside of a snapshot: end of the latest transaction that is committed in the engine too. */
const LAST_COMMIT = "SHOW STATUS LIKE 'binlog_snapshot_%'";

/** One row, by position; integers beyond 2^53 are text. */
export type Row = readonly (string | number | null)[];

/** What a statement gave: rows, or how it went. */
export interface Result {
  readonly rows: readonly Row[];
  /** Warnings and notes; of statements that give no rows. */
  readonly warnings: number;
  /** Rows changed; of statements that give no rows. */
  readonly affected: number;
}

/** What the database refused, or that it is gone. */
export class DatabaseError extends Error {
  /** The server's error number; 0 if the connection failed. */
  readonly errno: number;
  constructor(universe: string, cause: Error & { errno?: number; sqlMessage?: string; code?: string }) {
    super(`${universe}: ${cause.sqlMessage ?? cause.message}`, { cause });
    this.errno = cause.sqlMessage === undefined ? 0 : (cause.errno ?? 0);
  }
}

/** One connection. */
export class Session {
  readonly #connection: mysql.Connection;
  readonly #universe: string;

  private constructor(connection: mysql.Connection, universe: string) {
    this.#connection = connection;
    this.#universe = universe;
  }

  /**
   * @param universe - what errors call it: U_old or U_new
   * @param settings - session variables, as in SET
   * @param onLost - called if the connection ends by itself
   */
  static async open(
    address: DatabaseAddress,
    universe: string,
    settings: string,
    onLost: (error: Error) => void,
  ): Promise<Session> {
    let connection: mysql.Connection;
    try {
      connection = await mysql.createConnection({
        ...address,
        connectTimeout: CONNECT_TIMEOUT_MS,
        charset: 'utf8mb4',
        multipleStatements: true,
        rowsAsArray: true,
        supportBigNumbers: true,
        bigNumberStrings: true,
        dateStrings: true,
      });
    } catch (error) {
      throw new DatabaseError(`${universe} at ${address.host}:${address.port}`, error as Error);
    }
    connection.on('error', (error: Error) => onLost(new DatabaseError(universe, error)));
    const session = new Session(connection, universe);
    await session.run(`SET ${settings}`);
    return session;
  }

  /** Runs one statement. */
  async one(statement: string): Promise<Result> {
    const [result] = await this.run(statement);
    return result as Result;
  }

  /** Runs statements separated by semicolons; one result each. */
  async run(statements: string): Promise<Result[]> {
    try {
      const [results, fields] = await this.#connection.query(statements);
      // With several statements both are arrays of what one statement gives.
      const isMany =
        Array.isArray(fields) && fields.some((field) => field === undefined || Array.isArray(field));
      return isMany ? (results as unknown[]).map(resultOf) : [resultOf(results)];
    } catch (error) {
      throw new DatabaseError(this.#universe, error as Error);
    }
  }

  /** Runs a LOAD DATA LOCAL statement whose file is this text. What does not fit is skipped or bent with a warning. */
  async load(statement: string, file: string): Promise<Result> {
    try {
      const [result] = await this.#connection.query({
        sql: statement,
        // One packet, as a statement of that length would be: servers limit both alike.
        infileStreamFactory: () => Readable.from([Buffer.from(file)], { objectMode: false }),
      });
      return resultOf(result);
    } catch (error) {
      throw new DatabaseError(this.#universe, error as Error);
    }
  }

  /** Types of a statement's columns, as the protocol numbers them. */
  async fields(
    statement: string,
  ): Promise<{ type: number; charset: number; decimals: number; flags: number }[]> {
    try {
      const [, fields] = await this.#connection.query(statement);
      return (fields as mysql.FieldPacket[]).map((field) => ({
        type: field.columnType ?? field.type ?? 0,
        charset: Number((field as unknown as { characterSet?: number }).characterSet ?? 0),
        decimals: field.decimals ?? 0,
        flags: Number(field.flags),
      }));
    } catch (error) {
      throw new DatabaseError(this.#universe, error as Error);
    }
  }

  /**
   * Reads as of one moment and tells which place in the server's log that is. An event that E has received need not be
   * visible yet, for the log is written before the engine commits; so whoever reads must compare this place with the
   * event's.
   *
   * The place is asked for before the snapshot is taken and after it is given back, for the place that the server
   * names for the snapshot itself may be a later one: see docs/decisions/23-place-of-a-snapshot.md.
   */
  async readAt(statements: readonly string[]): Promise<{ asOf: AsOf; results: Result[] }> {
    const all = [
      LAST_COMMIT,
      'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
      ...statements,
      'COMMIT',
      LAST_COMMIT,
    ];
    try {
      const results = await this.run(all.join('; '));
      const asOf = { seen: rankIn(results[0]), latest: rankIn(results.at(-1)) };
      return { asOf, results: results.slice(2, -2) };
    } catch (error) {
      await this.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  /**
   * Place in the server's log up to which everything is committed in the engine as well: whatever is read from now on shows it.
   * The log's end may be later, by transactions that are written and show nowhere yet.
   */
  async committedEnd(): Promise<LogPosition> {
    return positionIn(await this.one(LAST_COMMIT));
  }

  /** End of the server's log. */
  async logEnd(): Promise<LogPosition> {
    const [file, position] = (await this.one('SHOW MASTER STATUS')).rows[0] ?? [];
    if (typeof file !== 'string') {
      throw new Error(`${this.#universe}: no binary log is written`);
    }
    return { file, position: Number(position) };
  }

  /** Ends the connection at once, whatever it is doing. */
  close(): void {
    this.#connection.destroy();
  }
}

function rankIn(status: Result | undefined): number {
  return rankOf(positionIn(status));
}

function positionIn(status: Result | undefined): LogPosition {
  const values = new Map(status?.rows.map(([key, value]) => [String(key).toLowerCase(), String(value)]));
  const file = values.get('binlog_snapshot_file') ?? '';
  return { file, position: Number(values.get('binlog_snapshot_position')) };
}

function resultOf(result: unknown): Result {
  if (Array.isArray(result)) {
    return { rows: result as Row[], warnings: 0, affected: 0 };
  }
  const { warningStatus = 0, affectedRows = 0 } = result as mysql.ResultSetHeader;
  return { rows: [], warnings: warningStatus, affected: affectedRows };
}
