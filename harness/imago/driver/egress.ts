/**
 * The egress interceptor E: reads U_old's binary log as a replica would, and names every row that a transaction
 * changed, by table and primary key, once the transaction is complete.
 */
import ZongJi from '@vlasky/zongji';
import { positionOf, rankOf } from './log-position.ts';
import type { DatabaseAddress, LogPosition } from './protocol.ts';

/** Keys of one table that a transaction changed. */
export interface Change {
  readonly table: string;
  readonly key: bigint;
}

/** A complete transaction, or another event of the log without changes that matter. */
export interface LogEntry {
  readonly changes: readonly Change[];
  /** Place before it: reading again from here repeats it. */
  readonly since: number;
  /** Place after it. */
  readonly until: number;
}

/** Tables that are followed, each with its key column. */
export type FollowedTables = ReadonlyMap<string, string>;

/** How a log is read. */
export interface LogReading {
  readonly address: DatabaseAddress;
  readonly serverId: number;
  readonly from: LogPosition;
  readonly tables: FollowedTables;
  readonly onEntry: (entry: LogEntry) => void;
  /** Called once; nothing is read afterwards. */
  readonly onFailure: (error: Error) => void;
  /** Leaves out, at the server already, what sessions with `skip_replication` wrote. */
  readonly withoutMarked?: boolean;
}

/** Statements by which rows change without row events. */
const WITHOUT_ROWS = /^\s*(?:\/\*.*?\*\/\s*)*(truncate|drop|rename|insert|update|delete|replace|load)\b/is;
/** Changes rows where it changes a column's type; whether it does, only the server's parser could tell. */
const ALTERS = /^\s*(?:\/\*.*?\*\/\s*)*alter\s+(online\s+|ignore\s+)*table\b/is;

/** A log that is being read. */
export class LogReader {
  readonly #reading: LogReading;
  readonly #zongji: ZongJi;
  #file: string;
  /** Place after the last complete entry. */
  #boundary: number;
  #changes: Change[] = [];
  /** Between a transaction's first event and its last. */
  #isOpen = false;
  #isOver = false;
  #isHeldBack = false;

  constructor(reading: LogReading) {
    this.#reading = reading;
    this.#file = reading.from.file;
    this.#boundary = rankOf(reading.from);
    const { host, port, user, password, database } = reading.address;
    this.#zongji = new ZongJi({
      host,
      port,
      user,
      password,
      supportBigNumbers: true,
      bigNumberStrings: true,
    });
    this.#zongji.on('binlog', (event) => {
      try {
        this.#take(event as unknown as BinlogEvent);
      } catch (error) {
        this.#fail(error as Error);
      }
    });
    this.#zongji.on('error', (error: Error) => this.#fail(error));
    this.#zongji.on('ready', () => this.#beforeReading());
    this.#zongji.start({
      filename: reading.from.file,
      position: reading.from.position,
      serverId: reading.serverId,
      includeSchema: { [database]: [...reading.tables.keys()] },
    });
  }

  /** Place up to which everything was read. */
  get read(): number {
    return this.#boundary;
  }

  get position(): LogPosition {
    return positionOf(this.#boundary, this.#file);
  }

  /** Reading waits while there is more to do than may be kept. */
  holdBack(isHeldBack: boolean): void {
    if (isHeldBack !== this.#isHeldBack && !this.#isOver) {
      this.#isHeldBack = isHeldBack;
      const connection = (this.#zongji as unknown as Internals).connection;
      if (isHeldBack) connection?.pause();
      else connection?.resume();
    }
  }

  stop(): void {
    this.#isOver = true;
    this.#zongji.stop();
  }

  /** What must be said on the connection before it becomes a log's; queued ahead of the request for the log. */
  #beforeReading(): void {
    const connection = (this.#zongji as unknown as Internals).connection;
    if (this.#reading.withoutMarked === true) {
      connection?.query('SET skip_replication = 1', (error) => {
        if (error !== null) this.#fail(error);
      });
    }
  }

  #take(event: BinlogEvent): void {
    if (this.#isOver) {
      return;
    }
    switch (event.getTypeName()) {
      case 'Rotate':
        this.#file = event.binlogName as string;
        this.#boundary = Math.max(
          this.#boundary,
          rankOf({ file: this.#file, position: Number(event.position) }),
        );
        return;
      case 'WriteRows':
      case 'DeleteRows':
      case 'UpdateRows':
        this.#takeRows(event);
        return;
      case 'TableMap':
        return;
      case 'Xid':
        this.#complete(event);
        return;
      case 'Query':
        this.#takeStatement(event);
        return;
      case 'MariadbGtid':
        this.#isOpen = true;
        return;
      case 'XaPrepare':
        throw new Error('an XA transaction, whose commit the driver cannot follow');
      default:
        if (!this.#isOpen) {
          this.#complete(event);
        }
    }
  }

  #takeRows(event: BinlogEvent): void {
    const entry = event.tableMap?.[event.tableId as number];
    const key = entry === undefined ? undefined : this.#reading.tables.get(entry.tableName);
    if (entry === undefined || key === undefined) {
      throw new Error(`binary log ${this.#file}: row event of an unknown table`);
    }
    for (const row of event.rows ?? []) {
      // An update gives both images: a changed key is one row gone and another come.
      const images =
        'before' in row && 'after' in row && isImage(row.before) ? [row.before, row.after] : [row];
      for (const image of images as Record<string, unknown>[]) {
        const value = image[key];
        if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') {
          throw new Error(
            `binary log ${this.#file}: table ${entry.tableName}: row event without its key ${key}`,
          );
        }
        this.#changes.push({ table: entry.tableName, key: BigInt(value) });
      }
    }
  }

  #takeStatement(event: BinlogEvent): void {
    const statement = event.query ?? '';
    if (/^\s*begin\b/i.test(statement)) {
      return;
    }
    // In U_new's own log, tables being altered are the new release being installed.
    const isUnfollowed =
      WITHOUT_ROWS.test(statement) || (ALTERS.test(statement) && this.#reading.withoutMarked !== true);
    if (isUnfollowed) {
      const table = [...this.#reading.tables.keys()].find((name) =>
        new RegExp(`(^|[^\\w$])${name.replaceAll(/[^\w]/g, '\\$&')}([^\\w$]|$)`, 'i').test(statement),
      );
      if (table !== undefined && event.schema === this.#reading.address.database) {
        throw new Error(
          `table ${table} was changed by a statement whose rows the binary log does not show: ${statement.slice(0, 200)}`,
        );
      }
    }
    this.#complete(event);
  }

  #complete(event: BinlogEvent): void {
    if (event.nextPosition <= 0) {
      return;
    }
    const until = rankOf({ file: this.#file, position: event.nextPosition });
    const since = this.#boundary;
    const changes = this.#changes;
    this.#changes = [];
    this.#isOpen = false;
    this.#boundary = Math.max(since, until);
    this.#reading.onEntry({ changes, since, until: this.#boundary });
  }

  #fail(error: Error & { errno?: number }): void {
    if (this.#isOver) {
      return;
    }
    this.stop();
    this.#reading.onFailure(
      new Error(`binary log at ${this.position.file}:${this.position.position}: ${error.message}`, {
        cause: error,
      }),
    );
  }
}

/** What is used of the library's events. */
interface BinlogEvent {
  readonly nextPosition: number;
  readonly query?: string;
  readonly schema?: string;
  readonly binlogName?: string;
  readonly position?: number;
  readonly tableId?: number;
  readonly tableMap?: Record<number, { tableName: string }>;
  readonly rows?: Record<string, unknown>[];
  getTypeName(): string;
}

/** The library's connection that becomes the log's: its options have no place for what must be said on it before. */
interface Internals {
  readonly connection: {
    pause(): void;
    resume(): void;
    query(statement: string, done: (error: Error | null) => void): void;
  } | null;
}

function isImage(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
