/**
 * What a driver that takes over must know, kept in U_new beside the data: how far each table is copied, which keys
 * are to be compared, and where the logs are to be read from. It is written in the transactions that write the
 * data, so it is never ahead of them and never behind.
 */
import type { Reach } from './key-queue.ts';
import type { LogPosition } from './protocol.ts';
import type { Session } from './session.ts';

/** Schema in U_new. */
export const CHECKPOINT_SCHEMA = 'upfault_imago';

const TABLES = [
  `CREATE DATABASE IF NOT EXISTS ${CHECKPOINT_SCHEMA}`,
  `CREATE TABLE IF NOT EXISTS ${CHECKPOINT_SCHEMA}.progress (
     projection VARCHAR(64) NOT NULL PRIMARY KEY,
     copied VARCHAR(20) NOT NULL COMMENT 'last key copied, or none, or all',
     compared VARCHAR(20) NOT NULL COMMENT 'last key copied and found equal',
     copied_rows BIGINT NOT NULL, chunks BIGINT NOT NULL) ENGINE=InnoDB`,
  `CREATE TABLE IF NOT EXISTS ${CHECKPOINT_SCHEMA}.place (
     log VARCHAR(8) NOT NULL PRIMARY KEY COMMENT 'egress: log of U_old; foreign: log of U_new',
     file VARCHAR(255) NOT NULL, position BIGINT NOT NULL) ENGINE=InnoDB`,
  `CREATE TABLE IF NOT EXISTS ${CHECKPOINT_SCHEMA}.dirty (
     projection VARCHAR(64) NOT NULL, row_key DECIMAL(20, 0) NOT NULL, PRIMARY KEY (projection, row_key)) ENGINE=InnoDB`,
];

/** Whose log a place is in: U_old's, or U_new's (where others' writes are looked for). */
export type Log = 'egress' | 'foreign';

/** How far one table is. */
export interface Progress {
  readonly copied: Reach;
  /** Up to here chunks were found equal after they were written; a chunk or two behind `copied`. */
  readonly compared: Reach;
  /** Rows and chunks up to `compared`. */
  readonly copiedRows: number;
  readonly chunks: number;
}

/** What is found at the start. */
export interface Checkpoint {
  readonly progress: ReadonlyMap<string, Progress>;
  readonly dirty: ReadonlyMap<string, readonly bigint[]>;
  readonly places: ReadonlyMap<Log, LogPosition>;
}

/** Makes the checkpoint's tables where they are not there yet, and reads them. */
export async function loadCheckpoint(session: Session): Promise<Checkpoint> {
  await session.run(TABLES.join('; '));
  const [progress, dirty, places] = await session.run(
    [
      `SELECT projection, copied, compared, copied_rows, chunks FROM ${CHECKPOINT_SCHEMA}.progress`,
      `SELECT projection, row_key FROM ${CHECKPOINT_SCHEMA}.dirty`,
      `SELECT log, file, position FROM ${CHECKPOINT_SCHEMA}.place`,
    ].join('; '),
  );
  const keys = new Map<string, bigint[]>();
  for (const [projection, key] of dirty?.rows ?? []) {
    const list = keys.get(String(projection)) ?? [];
    keys.set(String(projection), list);
    list.push(BigInt(String(key)));
  }
  return {
    progress: new Map(
      progress?.rows.map(([projection, copied, compared, rows, chunks]) => [
        String(projection),
        {
          copied: decodeReach(String(copied)),
          compared: decodeReach(String(compared)),
          copiedRows: Number(rows),
          chunks: Number(chunks),
        },
      ]),
    ),
    dirty: keys,
    places: new Map(
      places?.rows.map(([log, file, position]) => [
        log as Log,
        { file: String(file), position: Number(position) },
      ]),
    ),
  };
}

/** Notes how far a table is copied. */
export function progressStatement(projection: string, progress: Progress): string {
  const { copied, compared, copiedRows, chunks } = progress;
  return `REPLACE INTO ${CHECKPOINT_SCHEMA}.progress VALUES (${quoted(projection)}, '${encodeReach(copied)}', '${encodeReach(compared)}', ${copiedRows}, ${chunks})`;
}

/** Notes where a log is to be read from. */
export function placeStatement(log: Log, { file, position }: LogPosition): string {
  return `REPLACE INTO ${CHECKPOINT_SCHEMA}.place VALUES ('${log}', ${quoted(file)}, ${position})`;
}

/** A transaction that changes nothing of meaning, to be seen in U_new's log. */
export function markerStatement(): string {
  return `REPLACE INTO ${CHECKPOINT_SCHEMA}.place VALUES ('marker', UUID(), 0)`;
}

/** Notes keys that are to be compared. */
export function dirtyStatement(projection: string, keys: readonly bigint[]): string {
  const rows = keys.map((key) => `(${quoted(projection)}, ${key})`);
  return `INSERT IGNORE INTO ${CHECKPOINT_SCHEMA}.dirty VALUES ${rows.join(', ')}`;
}

/** Forgets keys that were found equal. */
export function comparedStatement(projection: string, keys: readonly bigint[]): string {
  return `DELETE FROM ${CHECKPOINT_SCHEMA}.dirty WHERE projection = ${quoted(projection)} AND row_key IN (${keys.join(', ')})`;
}

/** A reach as it is kept. */
export function encodeReach(reach: Reach): string {
  return String(reach);
}

/** @throws if it is none */
export function decodeReach(text: string): Reach {
  if (text === 'none' || text === 'all') {
    return text;
  }
  if (!/^-?\d{1,20}$/.test(text)) {
    throw new Error(`checkpoint: ${text}: a key, none or all is wanted`);
  }
  return BigInt(text);
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
