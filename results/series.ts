/**
 * The series of a sealed trial, and whether they still tell what its record tells: a file that was cut off between two
 * lines is a whole CSV file, and would be taken for a system that was never out of service.
 */
import { join } from 'node:path';
import { RecordError } from './errors.ts';
import { BINS_FILE, EVENTS_FILE, REQUESTS_FILE } from './layout.ts';
import type { BinsRow, RequestsRow, TrialEvent, TrialRecord } from './schema.ts';
import { readBins, readEvents, readRequests } from './trial-files.ts';

/** What was recorded while a trial ran; empty where the trial ended before its load. */
export interface Series {
  readonly bins: readonly BinsRow[];
  readonly requests: readonly RequestsRow[];
  readonly events: readonly TrialEvent[];
}

/** Clients wait no longer for an answer, in milliseconds, and a request that timed out counts as this: no latency is worse. */
export const CLIENT_TIMEOUT_MS = 5_000;

/** Width of a bin of `bins.csv`, in milliseconds. */
export const BIN_MS = 100;

/** Reads and checks all series of a sealed trial. @throws RecordError `damaged` naming the file and what is wrong with it. */
export async function readSeries(folder: string, record: TrialRecord): Promise<Series> {
  const [bins, requests, { events, truncated }] = await Promise.all([
    readBins(folder),
    readRequests(folder),
    readEvents(folder),
  ]);
  if (truncated)
    throw damaged(join(folder, EVENTS_FILE), 'its last line is cut off, though the trial was sealed');
  checkBins(join(folder, BINS_FILE), bins, record.horizon);
  if (bins.length > 0) checkRequests(join(folder, REQUESTS_FILE), requests, totalsOf(bins));
  checkEvents(join(folder, EVENTS_FILE), events, record);
  return { bins, requests, events };
}

/** An upgrade that ran has left steps, and one that was stopped the step that failed. */
function checkEvents(
  path: string,
  events: readonly TrialEvent[],
  { horizon, upgrade: { outcome } }: TrialRecord,
): void {
  // One that is stuck may be so in its first step.
  if (horizon === null || outcome === 'none' || outcome === 'stuck') return;
  const ends = events.filter((event) => event.event === 'step-end');
  if (ends.length === 0) throw damaged(path, 'no step has ended, where trial.json has an upgrade');
  const isStopped = outcome === 'stopped' || outcome === 'rolled-back';
  if (isStopped && !ends.some((end) => end.outcome === 'failed'))
    throw damaged(path, `no step has failed, where trial.json has an upgrade that was ${outcome}`);
}

interface Totals {
  readonly offered: number;
  readonly ok: number;
}

/** Bins follow each other, and those within the horizon hold the requests that the record counted there. */
function checkBins(path: string, bins: readonly BinsRow[], horizon: TrialRecord['horizon']): void {
  const firstMs = bins[0]?.start_ms ?? 0;
  const gap = bins.findIndex((bin, index) => bin.start_ms !== firstMs + index * BIN_MS);
  if (gap >= 0)
    throw damaged(path, `line ${gap + 2} begins at ${bins[gap]?.start_ms} ms and not ${BIN_MS} ms after the one before`);
  if (horizon === null) return;
  const { startMs } = horizon;
  const endMs = startMs + horizon.seconds * 1000;
  // The horizon begins and ends within a bin, whose requests may lie on either side.
  const least = totalsOf(bins.filter((bin) => bin.start_ms >= startMs && bin.start_ms + BIN_MS <= endMs));
  const most = totalsOf(bins.filter((bin) => bin.start_ms + BIN_MS > startMs && bin.start_ms < endMs));
  for (const figure of ['offered', 'ok'] as const) {
    const [low, high, told] = [least[figure], most[figure], horizon[figure]];
    if (told < low || told > high)
      throw damaged(
        path,
        `${figure}: ${low === high ? low : `${low} to ${high}`} within the horizon, where trial.json has ${told}`,
      );
  }
}

/** Both files count the same requests. */
function checkRequests(path: string, requests: readonly RequestsRow[], told: Totals): void {
  const found = totalsOf(requests);
  for (const figure of ['offered', 'ok'] as const)
    if (found[figure] !== told[figure])
      throw damaged(path, `${figure}: ${found[figure]} in all, where ${BINS_FILE} has ${told[figure]}`);
}

function totalsOf(rows: readonly Totals[]): Totals {
  let [offered, ok] = [0, 0];
  for (const row of rows) {
    offered += row.offered;
    ok += row.ok;
  }
  return { offered, ok };
}

function damaged(path: string, what: string): RecordError {
  return new RecordError('damaged', path, `read ${path}: ${what}`);
}
