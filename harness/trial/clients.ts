/** What the clients of one trial saw, kept in its record. */
import { sum } from 'simple-statistics';
import type { BinsRow, RequestsRow, TrialRecord } from '../../results/schema.ts';
import { BIN_MS } from '../../results/series.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import type { WorkloadWrite } from '../contract/workload.ts';
import type { WorkloadSummary } from '../workload/summary.ts';
import type { Load } from './load.ts';
import type { Timeline } from './timeline.ts';

/** Of the requests before the upgrade, the share that a sound system serves at least: one that does not was never brought up. */
const SERVED_BEFORE = 0.95;

/** The trial whose clients they are. */
interface WatchedClients {
  readonly record: TrialStore;
  readonly timeline: Timeline;
  readonly draft: Pick<TrialRecord, 'ratePerSecond'>;
}

/** Waits for the clients' last answers and the end of their generator, and keeps the series. */
export async function whatClientsSaw(
  { record, timeline, draft }: WatchedClients,
  load: Load,
  horizon: { readonly startMs: number; readonly endMs: number },
): Promise<{ summary: WorkloadSummary; writes: readonly WorkloadWrite[] }> {
  const end = await load.workload.done;
  if (end.ended === 'failed') throw new Error(end.reason);
  const summary = end.summarize({ phaseAt: timeline.phaseAt, horizon });
  await record.writeRequests(summary.rows);
  await record.writeBins(summary.bins);
  assertServedBefore(summary.rows);
  assertCovers(summary.bins, draft.ratePerSecond, horizon.endMs);
  return { summary, writes: end.writes };
}

/** What clients met before anything was done to the system is the testbed's doing, and no impact. */
export function assertServedBefore(rows: readonly RequestsRow[]): void {
  const before = rows.filter(({ phase }) => phase === 'before');
  const [offered, ok] = [sum(before.map((row) => row.offered)), sum(before.map((row) => row.ok))];
  if (ok < SERVED_BEFORE * offered)
    throw new Error(`before the upgrade only ${ok} of ${offered} requests were served`);
}

/** Requests that nobody made after the load's end would look like requests that the system has lost. */
export function assertCovers(bins: readonly BinsRow[], ratePerSecond: number, horizonEndMs: number): void {
  const lastMs = bins.at(-1)?.start_ms ?? Number.NEGATIVE_INFINITY;
  const missingMs = horizonEndMs - (lastMs + BIN_MS + 1000 / ratePerSecond);
  if (missingMs > 0)
    throw new Error(
      `the load ended ${missingMs.toFixed(0)} ms before the horizon: the upgrade began late, or requests were not offered`,
    );
}
