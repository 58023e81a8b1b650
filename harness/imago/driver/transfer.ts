/**
 * Copies every table in key-ordered chunks, reading the next while the present one is written. A chunk, its
 * comparison with what was read and the note that it is done are one transaction in U_new.
 *
 * What changes on U_old meanwhile is E's: a key beyond the chunk that is being read needs no work, a key in a chunk
 * under way waits until that is written, a key behind is projected again. See KeyQueue and Applier.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { putRows } from './applier.ts';
import { progressStatement } from './checkpoint.ts';
import { keysInTheWay } from './collisions.ts';
import { compareRange, describe } from './comparison.ts';
import type { Reach } from './key-queue.ts';
import type { Pace } from './pace.ts';
import { checkWarnings, insertText, isAboutRows, isCollision, nameRefused } from './refusals.ts';
import type { Row } from './session.ts';
import {
  chunkStatement,
  cutStatement,
  type KeyRange,
  rowsStatement,
  sourceKeysStatement,
  targetChecksumStatement,
} from './statements.ts';
import { CHUNK_LIMIT_BYTES } from './universes.ts';
import { lowerEnd, PENDING_LIMIT, type Table, type Work } from './work.ts';

/** Long enough that round trips do not count, short enough that a chunk takes some 20 ms of each server. */
const CHUNK_BYTES = 524_288;
/** Enough that round trips do not count. */
export const CHUNK_ROWS = 10_000;
/** Times that a chunk is read again because it was seen to differ. */
const CHUNK_ATTEMPTS = 5;
/** The server's number for a text that GROUP_CONCAT cut short. */
const CUT_BY_GROUP_CONCAT = 1260;

interface Chunk {
  readonly range: KeyRange;
  /** Where the table is copied to once this is written. */
  readonly reach: Reach;
  readonly rows: number;
  readonly checksum: bigint;
  readonly literals: string;
  /** Key and literals of rows elsewhere that were in its way. */
  readonly others: readonly Row[];
  readonly seen: number;
}

/** Copying of all tables. */
export class Transfer {
  readonly #work: Work;
  readonly #pace: Pace;
  readonly #chunkRows: number;
  #isStopped = false;
  #startedNs: bigint | undefined;
  #endedNs: bigint | undefined;
  #pausedMs = 0;
  #copiedBefore = 0;

  constructor(work: Work, pace: Pace, chunkRows = CHUNK_ROWS) {
    this.#work = work;
    this.#pace = pace;
    this.#chunkRows = chunkRows;
  }

  /** Milliseconds from the start to now, or to the end. */
  get elapsedMs(): number {
    return this.#startedNs === undefined
      ? 0
      : Number((this.#endedNs ?? process.hrtime.bigint()) - this.#startedNs) / 1e6;
  }

  get pauseShare(): number {
    return this.elapsedMs === 0 ? 0 : Math.min(1, this.#pausedMs / this.elapsedMs);
  }

  get copiedRows(): number {
    return this.#work.tables.reduce((sum, { copiedRows }) => sum + copiedRows, 0);
  }

  get rowsPerSecond(): number {
    return this.elapsedMs === 0 ? 0 : ((this.copiedRows - this.#copiedBefore) * 1000) / this.elapsedMs;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Copies what is not copied yet. Rejects with what stopped it. */
  async run(): Promise<void> {
    this.#startedNs = process.hrtime.bigint();
    this.#copiedBefore = this.copiedRows;
    for (const table of this.#work.tables) {
      await this.#copy(table);
    }
    this.#endedNs = process.hrtime.bigint();
  }

  async #copy(table: Table): Promise<void> {
    if (table.queue.copied === 'all') {
      return;
    }
    let next = this.#read(table, lowerEnd(table.queue.copied), table.plan.rowBytes);
    let rowBytes = table.plan.rowBytes;
    for (let reach: Reach = 'none'; reach !== 'all' && !this.#isStopped; ) {
      const startNs = process.hrtime.bigint();
      const chunk = await next;
      reach = chunk.reach;
      if (chunk.rows > 0) {
        rowBytes = Math.ceil(chunk.literals.length / chunk.rows);
      }
      if (typeof reach === 'bigint') {
        next = this.#read(table, reach, rowBytes);
        // Awaited in the next round; should writing fail first, that is the error to tell.
        next.catch(() => {});
      }
      await this.#write(table, chunk);
      await this.#stand(Number(process.hrtime.bigint() - startNs) / 1e6);
    }
  }

  /** Stands back for clients, and for keys that wait. */
  async #stand(busyMs: number): Promise<void> {
    const startNs = process.hrtime.bigint();
    const pauseMs = this.#pace.pauseMs(busyMs);
    if (pauseMs >= 1) {
      await delay(pauseMs);
    }
    while (this.#work.pendingKeys > PENDING_LIMIT && !this.#isStopped) {
      await delay(5);
    }
    this.#pausedMs += Number(process.hrtime.bigint() - startNs) / 1e6;
  }

  async #read(table: Table, low: bigint | undefined, rowBytes: number): Promise<Chunk> {
    const { chunks } = this.#work.universes.old;
    const { plan, queue } = table;
    for (let rows = Math.max(1, Math.min(this.#chunkRows, Math.floor(CHUNK_BYTES / rowBytes))); ; ) {
      const [end] = (await chunks.one(cutStatement(plan, low, rows))).rows[0] ?? [];
      const high = end === null || end === undefined ? undefined : BigInt(end);
      const reach = high ?? 'all';
      // Before reading: from here on no change in this range is passed over.
      queue.beginReading(reach);
      const range = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
      const chunk = await this.#readRange(table, range, reach);
      if (chunk !== 'too long') {
        return chunk;
      }
      if (rows === 1) {
        throw new Error(
          `copy ${plan.target}: row ${plan.key} = ${high} is longer than ${CHUNK_LIMIT_BYTES} bytes`,
        );
      }
      rows = Math.max(1, Math.floor(rows / 8));
    }
  }

  /** @param others - rows elsewhere that are read as of the same moment */
  async #readRange(
    table: Table,
    range: KeyRange,
    reach: Reach,
    others: ReadonlySet<bigint> = new Set(),
  ): Promise<Chunk | 'too long'> {
    const { chunks } = this.#work.universes.old;
    const statements = [
      chunkStatement(table.plan, range),
      'SHOW WARNINGS LIMIT 1',
      ...(others.size > 0 ? [rowsStatement(table.plan, [...others])] : []),
    ];
    let reading = await chunks.readAt(statements);
    // A change that was passed over must be in what was read instead.
    while (reading.seen < this.#work.passedOver) {
      reading = await chunks.readAt(statements);
    }
    const [sources, warnings, elsewhere] = reading.results;
    if (Number(warnings?.rows[0]?.[1]) === CUT_BY_GROUP_CONCAT) {
      return 'too long';
    }
    try {
      checkWarnings('U_old', warnings);
    } catch (error) {
      throw await this.#named(table, range, error as Error);
    }
    const found = (sources?.rows ?? []).filter(([rows]) => Number(rows) > 0);
    return {
      range,
      reach,
      rows: found.reduce((sum, [rows]) => sum + Number(rows), 0),
      checksum: found.reduce((sum, [, checksum]) => sum ^ BigInt(checksum ?? 0), 0n),
      literals: found.map(([, , literals]) => literals).join(','),
      others: elsewhere?.rows ?? [],
      seen: reading.seen,
    };
  }

  async #write(table: Table, first: Chunk): Promise<void> {
    let chunk = first;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#insert(table, chunk);
        return;
      } catch (error) {
        if (error instanceof Differs && attempt < CHUNK_ATTEMPTS) {
          chunk = (await this.#readRange(table, chunk.range, chunk.reach)) as Chunk;
          continue;
        }
        throw isAboutRows(error) ? await this.#named(table, chunk.range, error as Error) : error;
      }
    }
  }

  async #insert(table: Table, first: Chunk): Promise<void> {
    const { plan, queue } = table;
    const { writer } = this.#work.universes.new;
    let chunk = first;
    const inTheWay = new Set<bigint>();
    await this.#work.transaction(async () => {
      inTheWay.clear();
      for (chunk = first; !(await this.#put(table, chunk, inTheWay)); ) {
        chunk = (await this.#readRange(table, chunk.range, chunk.reach, inTheWay)) as Chunk;
      }
      const [rows, checksum] = (await writer.one(targetChecksumStatement(plan, chunk.range))).rows[0] ?? [];
      if (Number(rows) !== chunk.rows || BigInt(checksum ?? 0) !== chunk.checksum) {
        const mismatches = await compareRange(this.#work, table, chunk.range, writer);
        throw new Differs(
          `copy ${plan.target}: of ${chunk.rows} rows read, ${rows} were written, or otherwise than read: ${describe(mismatches)}`,
        );
      }
      const progress = {
        copied: chunk.reach,
        copiedRows: table.copiedRows + chunk.rows,
        chunks: table.chunks + 1,
      };
      const written = new Map([[table, inTheWay]]);
      return [progressStatement(plan.name, progress), ...this.#work.notes(written, chunk.seen)];
    });
    table.copiedRows += chunk.rows;
    table.chunks += 1;
    queue.applied(inTheWay, chunk.seen);
    queue.endWriting(chunk.reach);
    this.#work.moved();
  }

  /** @returns whether it is done; else rows in the way were added, to be read again with the chunk */
  async #put(table: Table, chunk: Chunk, inTheWay: Set<bigint>): Promise<boolean> {
    const { writer } = this.#work.universes.new;
    if (inTheWay.size > 0 && (await putRows(this.#work, table, inTheWay, chunk.others)) > 0) {
      return false;
    }
    if (chunk.rows === 0) {
      return true;
    }
    try {
      await insertText(writer, table.plan, chunk.literals);
      return true;
    } catch (error) {
      const found = isCollision(error) ? await keysInTheWay(writer, table.plan, [chunk.literals]) : [];
      const added = found.filter((key) => !inTheWay.has(key));
      if (added.length === 0) {
        throw error;
      }
      for (const key of added) inTheWay.add(key);
      return false;
    }
  }

  async #named(table: Table, range: KeyRange, error: Error): Promise<Error> {
    const { rows } = await this.#work.universes.old.keys.one(sourceKeysStatement(table.plan, range));
    const keys = rows
      .map(([key]) => BigInt(key as string))
      .toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));
    return nameRefused(this.#work, table.plan, keys, false, error);
  }
}

/** What was written reads otherwise than what was read. */
class Differs extends Error {}
