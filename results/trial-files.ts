/** Reads what a trial's folder holds besides `trial.json`. Absent series are empty: a trial can end before its load. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvRows, numberCell, optionalNumberCell } from './csv.ts';
import { errorCode, onFile, RecordError } from './errors.ts';
import {
  BINS_FILE,
  EVENTS_FILE,
  EVIDENCE_FOLDER,
  LOGS_FOLDER,
  REQUESTS_FILE,
} from './layout.ts';
import { type BinsRow, Phase, type RequestsRow, TrialEvent } from './schema.ts';
import { BINS_COLUMNS, REQUESTS_COLUMNS } from './trial-store.ts';
import { checked } from './validate.ts';

/** A trial's timeline. */
export interface Events {
  readonly events: readonly TrialEvent[];
  /** The last line was cut off, as a crash while appending leaves it, and is not among the events. */
  readonly truncated: boolean;
}

/**
 * Text of a file, or undefined where there is none. Read in one go: a thousand trials are thousands of small files, and to wait for
 * each step of opening and reading takes twice as long as to do them.
 */
async function textOf(path: string): Promise<string | undefined> {
  return onFile('read', path, async () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/** The timeline. @throws RecordError `damaged` for a bad line that is not the last. */
export async function readEvents(folder: string): Promise<Events> {
  const path = join(folder, EVENTS_FILE);
  const text = (await textOf(path)) ?? '';
  const lines = text.split('\n');
  const unfinished = lines.pop() ?? '';
  const events = lines.map((line, index) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      const message = `read ${path}: line ${index + 1} is not JSON`;
      throw new RecordError('damaged', path, message, { cause: error });
    }
    return checked(path, `line ${index + 1}`, TrialEvent, value);
  });
  return { events, truncated: unfinished !== '' };
}

/** Requests by second. */
export async function readRequests(folder: string): Promise<RequestsRow[]> {
  const path = join(folder, REQUESTS_FILE);
  const text = await textOf(path);
  if (text === undefined) return [];
  return csvRows(path, text, REQUESTS_COLUMNS).map((row, index) => {
    const line = index + 2;
    const number = (column: string) => numberCell(path, line, column, row[column]);
    const optional = (column: string) => optionalNumberCell(path, line, column, row[column]);
    return {
      second: number('second'),
      phase: checked(path, `line ${line}, phase`, Phase, row.phase),
      offered: number('offered'),
      ok: number('ok'),
      failed: number('failed'),
      dropped: number('dropped'),
      p50_ms: optional('p50_ms'),
      p95_ms: optional('p95_ms'),
      p99_ms: optional('p99_ms'),
    };
  });
}

/** 100 ms bins. */
export async function readBins(folder: string): Promise<BinsRow[]> {
  const path = join(folder, BINS_FILE);
  const text = await textOf(path);
  if (text === undefined) return [];
  return csvRows(path, text, BINS_COLUMNS).map((row, index) => ({
    start_ms: numberCell(path, index + 2, 'start_ms', row.start_ms),
    offered: numberCell(path, index + 2, 'offered', row.offered),
    ok: numberCell(path, index + 2, 'ok', row.ok),
  }));
}

/** What lies beside the series. No label rests on it, so that what cannot be read is said and the rest is kept. */
export interface Attachments {
  /** Texts of the readings by file name without `.txt`, in the names' order. */
  readonly evidence: ReadonlyMap<string, string>;
  /** Names of the logs, in order. */
  readonly logs: readonly string[];
  /** Why a file or folder could not be read, by its path in the trial's folder. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Readings and names of logs. */
export async function readAttachments(folder: string): Promise<Attachments> {
  const unreadable = new Map<string, string>();
  const tried = async <T>(path: string, read: (path: string) => Promise<T>): Promise<T | undefined> => {
    try {
      return await read(join(folder, path));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      unreadable.set(path, error.message);
      return undefined;
    }
  };
  const evidence = new Map<string, string>();
  for (const name of (await tried(EVIDENCE_FOLDER, namesIn)) ?? []) {
    if (!name.endsWith('.txt')) continue;
    const text = await tried(evidencePath(name.slice(0, -4)), textOf);
    if (text !== undefined) evidence.set(name.slice(0, -4), text);
  }
  return { evidence, logs: (await tried(LOGS_FOLDER, namesIn)) ?? [], unreadable };
}

/** Path of a reading in its trial's folder. @param name as `plainName` gives it for the step */
export function evidencePath(name: string): string {
  return join(EVIDENCE_FOLDER, `${name}.txt`);
}

/** Names in a folder in their own order, hidden ones left out; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return onFile('list', folder, async () => {
    try {
      return readdirSync(folder).filter((name) => !name.startsWith('.')).sort();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw error;
    }
  });
}
