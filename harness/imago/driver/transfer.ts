/**
 * Copies every table in key-ordered chunks: while one is written the next is read, and the one before compared with
 * what was read. A chunk and the note of how far the table is are one transaction in U_new. A driver that takes over
 * goes on after the last chunk that was found equal, and takes back what was written after it.
 *
 * What changes on U_old meanwhile is E's: a key beyond the chunk that is being read needs no work, a key in a chunk
 * under way waits until that is written, a key behind is projected again. See KeyQueue and Applier.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { putRows } from './applier.ts';
import { progressStatement } from './checkpoint.ts';
import { keysInTheWay } from './collisions.ts';
import { checksumOf, compareChunk, describe } from './comparison.ts';
import { nextRange } from './cutting.ts';
import type { Reach } from './key-queue.ts';
import { Loading, type WayIn } from './loading.ts';
import type { AsOf } from './log-position.ts';
import type { Pace } from './pace.ts';
import { checkWarnings, isAboutRows, isCollision, nameRefused } from './refusals.ts';
import type { Row, Session } from './session.ts';
import {
  chunkStatement,
  type KeyRange,
  rowsStatement,
  sourceKeysStatement,
  writtenChunkStatement,
} from './statements.ts';
import { CHUNK_LIMIT_BYTES, LANES } from './universes.ts';
import { lowerEnd, PENDING_LIMIT, type Table, type Work } from './work.ts';

/** Long enough that round trips do not count, short enough that a chunk takes some 20 ms of each server. */
const CHUNK_BYTES = 524_288;
/** Enough that round trips do not count. */
export const CHUNK_ROWS = 10_000;
/** The server's number for a text that GROUP_CONCAT cut short. */
const CUT_BY_GROUP_CONCAT = 1260;

interface Chunk {
  readonly range: KeyRange;
  /** Where the table is copied to once this is written. */
  readonly reach: Reach;
  readonly rows: number;
  readonly checksum: string;
  readonly literals: string;
  /** Key and literals of rows elsewhere that were in its way. */
  readonly others: readonly Row[];
  readonly asOf: AsOf;
}

/** Copying of all tables. */
export class Transfer {
  readonly #work: Work;
  readonly #pace: Pace;
  readonly #chunkRows: number;
  readonly #loading = new Loading();
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
    return this.elapsedMs === 0 ? 0 : Math.min(1, this.#pausedMs / LANES / this.elapsedMs);
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
    // The largest first, so that no lane is left with one of them in the end.
    const waiting = this.#work.tables.toSorted((one, other) => other.plan.bytes - one.plan.bytes);
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
        await this.#copy(table, lane);
      }
    });
    await Promise.all(lanes);
    this.#endedNs = process.hrtime.bigint();
  }

  async #copy(table: Table, lane: number): Promise<void> {
    if (table.queue.copied === 'all') {
      return;
    }
    let rowBytes = table.plan.rowBytes;
    let next = this.#read(table, lowerEnd(table.queue.copied), rowBytes);
    let comparing: Promise<void> = Promise.resolve();
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
      const written = await this.#write(table, chunk, lane);
      await comparing;
      comparing = this.#compare(table, written);
      comparing.catch(() => {});
      await this.#stand(Number(process.hrtime.bigint() - startNs) / 1e6);
    }
    await comparing;
    await this.#work.laneTransaction(lane, async () => [this.#progress(table, table.queue.copied)]);
  }

  #progress({ plan, compared, copiedRows, chunks }: Table, copied: Reach): string {
    return progressStatement(plan.name, { copied, compared, copiedRows, chunks });
  }

  /** A chunk that reads otherwise is no difference yet: keys of it may have been applied since. */
  async #compare(table: Table, chunk: Chunk): Promise<void> {
    const { reader } = this.#work.universes.new;
    const written = (await reader.one(writtenChunkStatement(table.plan, chunk.range))).rows;
    const rows = Number(written[0]?.[0]);
    if (rows !== chunk.rows || checksumOf(table.plan, written) !== chunk.checksum) {
      const { mismatches } = await compareChunk(this.#work, table, chunk.range);
      if (mismatches.length > 0) {
        throw new Error(
          `copy ${table.plan.target}: of ${chunk.rows} rows read, ${rows} were written, or otherwise than read: ${describe(mismatches)}`,
        );
      }
    }
    table.compared = chunk.reach;
    table.copiedRows += chunk.rows;
    table.chunks += 1;
  }

  /** Stands back for clients, and for keys that wait; not for those of a chunk under way, which wait for this copy themselves. */
  async #stand(busyMs: number): Promise<void> {
    const startNs = process.hrtime.bigint();
    await this.#pace.stand(busyMs);
    while (this.#work.pendingKeys > PENDING_LIMIT && this.#work.hasReadyKeys && !this.#isStopped) {
      await delay(5);
    }
    this.#pausedMs += Number(process.hrtime.bigint() - startNs) / 1e6;
  }

  async #read(table: Table, low: bigint | undefined, rowBytes: number): Promise<Chunk> {
    const { chunks } = this.#work.universes.old;
    const { plan, queue } = table;
    for (let rows = Math.max(1, Math.min(this.#chunkRows, Math.floor(CHUNK_BYTES / rowBytes))); ; ) {
      const range = await nextRange(chunks, plan, low, rows);
      const reach = range.high ?? 'all';
      // Before reading: from here on no change in this range is passed over.
      const needed = queue.beginReading(reach);
      const chunk = await this.#readRange(table, range, reach, needed);
      if (chunk !== 'too long') {
        return chunk;
      }
      if (rows === 1 && range.high !== undefined) {
        throw new Error(
          `copy ${plan.target}: row ${plan.key} = ${range.high} is longer than ${CHUNK_LIMIT_BYTES} bytes`,
        );
      }
      rows = Math.max(1, Math.floor(rows / 8));
    }
  }

  /**
   * @param needed - the place in U_old's log that must be seen
   * @param others - rows elsewhere that are read as of the same moment
   */
  async #readRange(
    table: Table,
    range: KeyRange,
    reach: Reach,
    needed: number,
    others: ReadonlySet<bigint> = new Set(),
  ): Promise<Chunk | 'too long'> {
    const { chunks } = this.#work.universes.old;
    const statements = [
      chunkStatement(table.plan, range),
      'SHOW WARNINGS LIMIT 1',
      ...(others.size > 0 ? [rowsStatement(table.plan, [...others])] : []),
    ];
    let reading = await chunks.readAt(statements);
    while (reading.asOf.seen < needed) {
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
      checksum: checksumOf(table.plan, found),
      literals: found.map(([, , literals]) => literals).join(','),
      others: elsewhere?.rows ?? [],
      asOf: reading.asOf,
    };
  }

  async #write(table: Table, chunk: Chunk, lane: number): Promise<Chunk> {
    try {
      return await this.#loading.attempt(table.plan, (way) => this.#put(way, table, chunk, lane));
    } catch (error) {
      throw isAboutRows(error) ? await this.#named(table, chunk.range, error as Error) : error;
    }
  }

  /** @returns the chunk as it was written: read again, where rows were in its way */
  async #put(way: WayIn, table: Table, first: Chunk, lane: number): Promise<Chunk> {
    let chunk = first;
    const inTheWay = new Set<bigint>();
    await this.#work.laneTransaction(lane, async (writer) => {
      inTheWay.clear();
      for (chunk = first; !(await this.#isPut(writer, way, table, chunk, inTheWay)); ) {
        const again = await this.#readRange(table, chunk.range, chunk.reach, chunk.asOf.seen, inTheWay);
        if (again === 'too long') {
          throw new Error(`copy ${table.plan.target}: rows up to ${chunk.reach} grew while they were copied`);
        }
        chunk = again;
      }
      const written = new Map([[table, inTheWay]]);
      return [this.#progress(table, chunk.reach), ...this.#work.notes(written, chunk.asOf.seen)];
    });
    table.queue.endWriting(chunk.reach);
    this.#work.applied(table, inTheWay, chunk.asOf);
    this.#work.moved();
    return chunk;
  }

  /** @returns whether it is done; else rows in the way were added, to be read again with the chunk */
  async #isPut(
    writer: Session,
    way: WayIn,
    table: Table,
    chunk: Chunk,
    inTheWay: Set<bigint>,
  ): Promise<boolean> {
    if (inTheWay.size > 0 && (await putRows(writer, table, inTheWay, chunk.others)) > 0) {
      return false;
    }
    if (chunk.rows === 0) {
      return true;
    }
    try {
      await way(writer, table.plan, chunk.literals, chunk.rows);
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
