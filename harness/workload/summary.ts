/**
 * The clients' side of a trial, reduced to what the record holds. Phases are known only when the upgrade has
 * ended, so this runs once, after the load.
 */
import type { BinsRow, Phase, RequestsRow, TrialRecord } from '../../results/schema.ts';
import { BIN_MS } from '../../results/series.ts';
import { type AnswerStore, DROPPED } from './answer-store.ts';
import { OUTCOMES } from './k6-stream.ts';
import { percentileOf } from './percentile.ts';
import { type Opening, scheduleOf } from './schedule.ts';

type HorizonFigures = NonNullable<TrialRecord['horizon']>;

/** Requests that begin later than this were not offered when they should have been. */
const LATE_START_MS = 50;

const OK = OUTCOMES.indexOf('ok');
const TIMEOUT = OUTCOMES.indexOf('timeout');

/** What the summary needs to know beyond the answers. Times are on the trial's clock. */
export interface SummaryRequest {
  readonly phaseAt: (ms: number) => Phase;
  readonly horizon: { readonly startMs: number; readonly endMs: number };
}

/** What the clients saw, by the time at which each request was due. */
export interface WorkloadSummary {
  /** One row a second; its phase is the one at the second's start. `offered = ok + failed + dropped`. */
  readonly rows: readonly RequestsRow[];
  /** One row each 100 ms, without gaps. */
  readonly bins: readonly BinsRow[];
  readonly horizon: HorizonFigures;
  /** Requests of the horizon that began over 50 ms late, or never. */
  readonly lateStarts: number;
  /** Requests of the horizon by interaction. */
  readonly interactions: Readonly<Record<string, { readonly offered: number; readonly ok: number }>>;
}

/** How the load was offered. */
export interface Offered {
  readonly ratePerSecond: number;
  readonly opening?: Opening;
  /** Latency at which a timeout counts: it was at least that, and is never left out. */
  readonly timeoutMs: number;
  readonly toTrialMs: (wallMs: number) => number;
}

/** Reduces the answers to rows and figures. */
export function summarize(store: AnswerStore, offered: Offered, request: SummaryRequest): WorkloadSummary {
  const { dueWallMs, lateMs } = scheduleOf(
    store.startedWallMs.subarray(0, store.count),
    offered.ratePerSecond,
    offered.opening,
  );
  const due = dueWallMs.map(offered.toTrialMs);
  const within = (row: number) =>
    (due[row] as number) >= request.horizon.startMs && (due[row] as number) < request.horizon.endMs;
  const rows = [...due.keys()];
  const inHorizon = rows.filter(within);
  return {
    rows: secondsOf(store, due, offered.timeoutMs, request.phaseAt),
    bins: binsOf(store, due),
    horizon: horizonOf(store, inHorizon, offered.timeoutMs, request.horizon),
    lateStarts: inHorizon.filter(
      (row) => store.outcome[row] === DROPPED || (lateMs[row] as number) > LATE_START_MS,
    ).length,
    interactions: interactionsOf(store, inHorizon),
  };
}

function secondsOf(
  store: AnswerStore,
  due: Float64Array,
  timeoutMs: number,
  phaseAt: SummaryRequest['phaseAt'],
): RequestsRow[] {
  return grouped(due, 1000).map(({ index, members }) => {
    const latencies = latenciesOf(store, members, timeoutMs);
    const ok = members.filter((row) => store.outcome[row] === OK).length;
    const dropped = members.filter((row) => store.outcome[row] === DROPPED).length;
    return {
      second: index,
      phase: phaseAt(index * 1000),
      offered: members.length,
      ok,
      failed: members.length - ok - dropped,
      dropped,
      p50_ms: percentileOf(latencies, 0.5),
      p95_ms: percentileOf(latencies, 0.95),
      p99_ms: percentileOf(latencies, 0.99),
    };
  });
}

function binsOf(store: AnswerStore, due: Float64Array): BinsRow[] {
  return grouped(due, BIN_MS).map(({ index, members }) => ({
    start_ms: index * BIN_MS,
    offered: members.length,
    ok: members.filter((row) => store.outcome[row] === OK).length,
  }));
}

function horizonOf(
  store: AnswerStore,
  members: readonly number[],
  timeoutMs: number,
  horizon: SummaryRequest['horizon'],
): HorizonFigures {
  const latencies = latenciesOf(store, members, timeoutMs);
  const withCode = (code: number) => members.filter((row) => store.outcome[row] === code).length;
  return {
    startMs: horizon.startMs,
    seconds: (horizon.endMs - horizon.startMs) / 1000,
    offered: members.length,
    ok: withCode(OK),
    failed: {
      ...Object.fromEntries(OUTCOMES.flatMap((name, code) => (code === OK ? [] : [[name, withCode(code)]]))),
      dropped: withCode(DROPPED),
    },
    p50Ms: percentileOf(latencies, 0.5),
    p95Ms: percentileOf(latencies, 0.95),
    p99Ms: percentileOf(latencies, 0.99),
  };
}

/** Ascending latencies of served requests and of those that timed out, the latter at the timeout. */
function latenciesOf(store: AnswerStore, members: readonly number[], timeoutMs: number): Float32Array {
  const counted = members.filter((row) => store.outcome[row] === OK || store.outcome[row] === TIMEOUT);
  return Float32Array.from(counted, (row) =>
    store.outcome[row] === TIMEOUT ? timeoutMs : (store.latencyMs[row] as number),
  ).sort();
}

/** Rows by equal spans of time, every span from the first to the last, empty ones too. */
function grouped(due: Float64Array, spanMs: number): { index: number; members: number[] }[] {
  if (due.length === 0) return [];
  const indexes = Array.from(due, (ms) => Math.floor(ms / spanMs));
  const first = indexes.reduce((low, index) => Math.min(low, index));
  const last = indexes.reduce((high, index) => Math.max(high, index));
  const groups = Array.from({ length: last - first + 1 }, (_, n) => ({
    index: first + n,
    members: [] as number[],
  }));
  indexes.forEach((index, row) => {
    groups[index - first]?.members.push(row);
  });
  return groups;
}

function interactionsOf(store: AnswerStore, members: readonly number[]): WorkloadSummary['interactions'] {
  const counts: Record<string, { offered: number; ok: number }> = {};
  for (const row of members) {
    if (store.outcome[row] === DROPPED) continue;
    const name = store.interactions[store.interaction[row] as number] as string;
    counts[name] ??= { offered: 0, ok: 0 };
    const count = counts[name];
    count.offered++;
    if (store.outcome[row] === OK) count.ok++;
  }
  return counts;
}
