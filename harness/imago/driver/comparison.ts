/** Compares the projection of U_old with the tables of U_new: by chunk, and by row where chunks differ. */
import { comparedStatement } from './checkpoint.ts';
import { nextRange } from './cutting.ts';
import type { Pace } from './pace.ts';
import { type ComparisonReport, MISMATCH_LIMIT, type Mismatch } from './protocol.ts';
import type { Row } from './session.ts';
import {
  type KeyRange,
  type RowSelection,
  sourceChecksumStatement,
  sourceDigestsStatement,
  type TablePlan,
  targetChecksumStatement,
  targetDigestsStatement,
} from './statements.ts';
import { waitAtMost } from './waiting.ts';
import type { Table, Work } from './work.ts';

/** Short enough that pauses between chunks are felt as pauses: some 20 ms of each server. */
const CHUNK_ROWS = 10_000;
/** Keys in one statement at most. */
const BATCH_KEYS = 5_000;
/** Times that a differing row is looked at again, where E runs: a change may just be on its way. */
const LOOKS = 5;
const LOOK_WAIT_MS = 200;

/**
 * Compares and forgets what was found equal.
 * @param pace - where clients are served meanwhile: comparing all of a large database takes long, and stands back for
 *   them as copying does. What is dirty is compared at once, for that may be in a quiescence
 */
export async function compare(work: Work, scope: 'dirty' | 'all', pace?: Pace): Promise<ComparisonReport> {
  const startNs = process.hrtime.bigint();
  const found = scope === 'dirty' ? await compareDirty(work) : await compareAll(work, pace);
  const mismatches = found.mismatches.slice(0, MISMATCH_LIMIT);
  const ms = Number(process.hrtime.bigint() - startNs) / 1e6;
  return { equal: mismatches.length === 0, chunks: found.chunks, rows: found.rows, mismatches, ms };
}

/** Names the first of them. */
export function describe(mismatches: readonly Mismatch[]): string {
  const named = mismatches.slice(0, 5).map(({ table, key, why }) => `${table} ${key} ${why}`);
  return named.length === 0 ? 'no row differs any more' : named.join(', ');
}

async function compareDirty(work: Work): Promise<{ chunks: number; rows: number; mismatches: Mismatch[] }> {
  const asked = work.tables.flatMap((table) =>
    batches(table.queue.dirtyKeys()).map((keys) => ({ table, keys })),
  );
  let rows = 0;
  const mismatches: Mismatch[] = [];
  for (const group of groups(asked)) {
    for (const found of await digests(
      work,
      group.map(({ table, keys }) => ({ table, rows: { keys } })),
    )) {
      rows += found.keys.length;
      mismatches.push(...(await lookAgain(work, found)));
      const differing = new Set(found.mismatches.map(({ key }) => key));
      const equal = found.keys.filter((key) => !differing.has(String(key)));
      forget(work, found.table, found.table.queue.foundEqual(equal, found.seen));
    }
  }
  return { chunks: asked.length, rows, mismatches };
}

async function compareAll(
  work: Work,
  pace: Pace | undefined,
): Promise<{ chunks: number; rows: number; mismatches: Mismatch[] }> {
  let chunks = 0;
  let rows = 0;
  const mismatches: Mismatch[] = [];
  for (const table of work.tables) {
    const dirty = table.queue.dirtyKeys();
    const before = mismatches.length;
    let earliest = Number.POSITIVE_INFINITY;
    let low: bigint | undefined;
    for (let isLast = false; !isLast && mismatches.length < MISMATCH_LIMIT; ) {
      const chunkNs = process.hrtime.bigint();
      const range = await nextRange(work.universes.old.keys, table.plan, low, CHUNK_ROWS);
      isLast = range.high === undefined;
      const found = await compareChunk(work, table, range);
      chunks += 1;
      rows += found.rows;
      earliest = Math.min(earliest, found.seen);
      mismatches.push(...found.mismatches);
      low = range.high;
      await pace?.stand(Number(process.hrtime.bigint() - chunkNs) / 1e6);
    }
    if (mismatches.length === before) {
      forget(work, table, table.queue.foundEqual(dirty, earliest));
    }
  }
  return { chunks, rows, mismatches };
}

/** Compares one range, by row where checksums differ. */
export async function compareChunk(
  work: Work,
  table: Table,
  range: KeyRange,
): Promise<{ rows: number; seen: number; mismatches: readonly Mismatch[] }> {
  const { old, new: target } = work.universes;
  const [reading, written] = await Promise.all([
    old.keys.readAt([sourceChecksumStatement(table.plan, range)]),
    target.reader.one(targetChecksumStatement(table.plan, range)),
  ]);
  const [wanted, wantedChecksum] = total(reading.results[0]?.rows);
  const [found, foundChecksum] = total(written.rows);
  if (wanted === found && wantedChecksum === foundChecksum) {
    return { rows: wanted, seen: reading.asOf.seen, mismatches: [] };
  }
  const [differing] = await digests(work, [{ table, rows: { range } }]);
  const mismatches = differing === undefined ? [] : await lookAgain(work, differing);
  return { rows: wanted, seen: reading.asOf.seen, mismatches };
}

interface Found {
  readonly table: Table;
  readonly keys: readonly bigint[];
  readonly mismatches: readonly Mismatch[];
  readonly seen: number;
}

/** Digests of rows from both sides, in one round trip each, at the same time. */
async function digests(
  work: Work,
  asked: readonly { readonly table: Table; readonly rows: RowSelection }[],
): Promise<Found[]> {
  if (asked.length === 0) {
    return [];
  }
  const [reading, written] = await Promise.all([
    work.universes.old.keys.readAt(asked.map(({ table, rows }) => sourceDigestsStatement(table.plan, rows))),
    work.universes.new.reader.run(
      asked.map(({ table, rows }) => targetDigestsStatement(table.plan, rows)).join('; '),
    ),
  ]);
  return asked.map(({ table, rows }, at) => {
    const wanted = byKey(reading.results[at]?.rows);
    const found = byKey(written[at]?.rows);
    const keys = 'keys' in rows ? rows.keys : [...new Set([...wanted.keys(), ...found.keys()])].map(BigInt);
    return {
      table,
      keys,
      mismatches: differences(table.plan.target, keys, wanted, found),
      seen: reading.asOf.seen,
    };
  });
}

/** A difference that stays while E goes on is one; without E there is nothing to wait for. */
async function lookAgain(work: Work, first: Found): Promise<readonly Mismatch[]> {
  let found = first;
  for (let look = 1; look < LOOKS && found.mismatches.length > 0 && work.egress !== undefined; look += 1) {
    await settled(work, found.seen);
    const keys = found.mismatches.slice(0, BATCH_KEYS).map(({ key }) => BigInt(key));
    const [again] = await digests(work, [{ table: first.table, rows: { keys } }]);
    found = again ?? found;
  }
  return found.mismatches;
}

async function settled(work: Work, rank: number): Promise<void> {
  // Without E there is nothing to wait for.
  await waitAtMost(work, () => work.egress === undefined || work.egress.read >= rank, LOOK_WAIT_MS);
  await waitAtMost(work, () => work.pendingKeys === 0, LOOK_WAIT_MS);
}

function differences(
  table: string,
  keys: readonly bigint[],
  wanted: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const each of keys) {
    const key = String(each);
    const one = wanted.get(key);
    const other = found.get(key);
    if (one !== other) {
      const why = one === undefined ? 'not in U_old' : other === undefined ? 'missing in U_new' : 'differs';
      mismatches.push({ table, key, why });
    }
  }
  return mismatches;
}

function byKey(rows: readonly Row[] = []): Map<string, string> {
  return new Map(rows.map(([key, digest]) => [String(key), String(digest)]));
}

/** The checksum of a chunk, of what its statement gave: a row a source. */
export function checksumOf(plan: TablePlan, rows: readonly Row[]): string {
  return plan.sources.length === 1 ? String(rows[0]?.[1] ?? '') : String(total(rows)[1]);
}

function total(rows: readonly Row[] = []): [number, bigint] {
  return [
    rows.reduce((sum, [count]) => sum + Number(count), 0),
    rows.reduce((sum, [, checksum]) => sum ^ BigInt(checksum ?? 0), 0n),
  ];
}

/**
 * Written down later: the comparison is in the quiescence, and to compare a key once more is harmless. But its turn is taken in
 * the same moment as the keys are found equal: one that changes again afterwards is noted behind it, and stays noted.
 */
function forget(work: Work, { plan }: Table, keys: readonly bigint[]): void {
  const statements = batches(keys).map((part) => comparedStatement(plan.name, part));
  if (statements.length > 0) {
    work.transaction(async () => statements).catch((error: Error) => work.failed(error));
  }
}

function batches(keys: readonly bigint[]): bigint[][] {
  const parts: bigint[][] = [];
  for (let at = 0; at < keys.length; at += BATCH_KEYS) {
    parts.push(keys.slice(at, at + BATCH_KEYS));
  }
  return parts;
}

/** As many batches a round trip as keep its statements short. */
function groups<T extends { readonly keys: readonly bigint[] }>(asked: readonly T[]): T[][] {
  const made: T[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const one of asked) {
    if (size + one.keys.length > BATCH_KEYS) {
      made.push([]);
      size = 0;
    }
    made.at(-1)?.push(one);
    size += one.keys.length;
  }
  return made;
}
