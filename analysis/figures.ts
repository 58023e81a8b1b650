/** Reduces a trial to the figures that are judged: the trial is the unit of replication, never the second. */
import type { BinsRow, LedgerFigures, RequestsRow, TrialEvent, TrialRecord } from '../results/schema.ts';
import { outageSeconds } from './outage.ts';
import {
  CPU_BUSY_LIMIT,
  INSTRUMENT_PARTS,
  INSTRUMENT_THROTTLED_LIMIT,
  LATE_STARTS_LIMIT,
  LOAD_COVERED,
  MIN_ANSWERS,
} from './rules.ts';
import { percent } from './statistics/share.ts';

/** Acknowledged writes and converted data that are not as they must be; the worse of the two cuts for each. */
export interface DataFigures {
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly altered: number;
  readonly derivedWrong: number;
  readonly seedBucketsDiffering: number;
  /** Sum of the faults above. */
  readonly wrong: number;
  /** Reasons why the ledger decides nothing; empty where it was read completely. */
  readonly unreadable: readonly string[];
}

/** What is left of a trial for judging. Null: not measured, which is never taken for "fine". */
export interface TrialFigures {
  /** Served over offered within the horizon. */
  readonly successRatio: number | null;
  /** Requests served within the horizon. */
  readonly completed: number | null;
  readonly failed: number | null;
  /** Over ok answers with timeouts censored; null as well where too few answers support a percentile. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly outageS: number | null;
  readonly data: DataFigures | null;
  /** Exposures by probe. Those that could not be taken are absent. */
  readonly posture: ReadonlyMap<string, readonly string[]>;
  /** Names of probes that could not be taken. */
  readonly probesMissing: readonly string[];
  /** Provocations by name: whether the system held. Those not carried out are absent. */
  readonly provocations: ReadonlyMap<string, boolean>;
  /** Names of provocations that the testbed could not carry out. */
  readonly provocationsMissing: readonly string[];
  /**
   * Geometric mean of the latencies (ms) while clients connected, at a rate that uses all of the machine: how quick it was before anything
   * was upgraded. Null where it was not recorded.
   */
  readonly warmUpMs: number | null;
  /** Why the machine rather than the system may have been measured; empty where it was not overloaded. */
  readonly overload: readonly string[];
  /** Id of the first step that failed; empty where none did, or no events were given. */
  readonly failedStep: string;
}

/**
 * @param bins the trial's `bins.csv` @param events its `events.jsonl`, of which only the steps matter
 * @param requests its `requests.csv`, of which only the warm-up matters
 */
export function reduceTrial(
  record: TrialRecord,
  bins: readonly BinsRow[],
  events: readonly TrialEvent[] = [],
  requests: readonly RequestsRow[] = [],
): TrialFigures {
  const horizon = record.horizon;
  const offered = horizon?.offered ?? 0;
  const answers = horizon === null ? 0 : horizon.ok + (horizon.failed.timeout ?? 0);
  const counted = horizon !== null && offered > 0;
  return {
    successRatio: counted ? horizon.ok / offered : null,
    completed: counted ? horizon.ok : null,
    failed: counted ? offered - horizon.ok : null,
    p50Ms: horizon !== null && answers >= MIN_ANSWERS ? positive(horizon.p50Ms) : null,
    p95Ms: horizon !== null && answers >= MIN_ANSWERS ? positive(horizon.p95Ms) : null,
    outageS: horizon === null ? null : outageSeconds(bins, horizon, record.ratePerSecond),
    data: record.ledger === null ? null : dataFigures(record.ledger),
    posture: new Map(record.probes.filter((p) => p.taken).map((p) => [p.name, p.exposures])),
    probesMissing: record.probes.filter((p) => !p.taken).map((p) => p.name),
    provocations: new Map(record.provocations.filter((p) => p.carriedOut).map((p) => [p.name, p.held])),
    provocationsMissing: record.provocations.filter((p) => !p.carriedOut).map((p) => p.name),
    warmUpMs: warmUpOf(requests),
    overload: overloadOf(record),
    failedStep: failedStepOf(events),
  };
}

/** A latency that can be compared by its ratio. */
function positive(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value > 0 ? value : null;
}

/** Each second counts by its requests, with its median: in an opening that is overloaded a mean would be its last second's. */
function warmUpOf(requests: readonly RequestsRow[]): number | null {
  let [weight, sum] = [0, 0];
  for (const { phase, offered, p50_ms } of requests) {
    const median = phase === 'warm-up' ? positive(p50_ms) : null;
    if (median === null) continue;
    weight += offered;
    sum += offered * Math.log(median);
  }
  return weight === 0 ? null : Math.exp(sum / weight);
}

function dataFigures(cuts: NonNullable<TrialRecord['ledger']>): DataFigures {
  const worse = (of: (cut: LedgerFigures) => number) =>
    Math.max(of(cuts.afterHorizon), of(cuts.afterProvocations));
  const figures = {
    lost: worse((cut) => cut.lost),
    duplicated: worse((cut) => cut.duplicated),
    altered: worse((cut) => cut.altered),
    derivedWrong: worse((cut) => cut.derivedWrong),
    seedBucketsDiffering: worse((cut) => cut.seedBucketsDiffering),
  };
  return {
    acknowledged: cuts.afterProvocations.acknowledged,
    ...figures,
    wrong: Object.values(figures).reduce((sum, value) => sum + value, 0),
    unreadable: [...cuts.afterHorizon.unreadable, ...cuts.afterProvocations.unreadable],
  };
}

function failedStepOf(events: readonly TrialEvent[]): string {
  const [first = ''] = events.flatMap((event) =>
    event.event === 'step-end' && event.outcome === 'failed' ? [event.stepId] : [],
  );
  return first;
}

/** That requests were not offered for the whole horizon, in words; empty where they were. */
export function uncoveredLoad({ horizon, ratePerSecond }: TrialRecord): string {
  const offered = horizon?.offered ?? 0;
  const due = ratePerSecond * (horizon?.seconds ?? 0);
  if (offered >= LOAD_COVERED * due) return '';
  return `${offered} of ${Math.round(due)} requests of the horizon were offered (at least ${percent(LOAD_COVERED, 1)} are wanted)`;
}

function overloadOf(record: TrialRecord): string[] {
  const machine = record.machine;
  if (machine === null) return ['how hard the machine worked was not recorded'];
  const reasons: string[] = [];
  if (machine.cpuBusyShare > CPU_BUSY_LIMIT) {
    reasons.push(
      `the machine's CPUs were busy for ${percent(machine.cpuBusyShare, 1)} of the horizon (limit ${percent(CPU_BUSY_LIMIT, 1)})`,
    );
  }
  const offered = record.horizon?.offered ?? 0;
  const unasked = uncoveredLoad(record);
  if (unasked !== '') reasons.push(unasked);
  // Requests dropped for want of virtual users are the slow system's doing; they are failures already.
  const late = machine.lateStarts - (record.horizon?.failed.dropped ?? 0);
  if (offered > 0 && late / offered > LATE_STARTS_LIMIT) {
    reasons.push(
      `${percent(late / offered, 1)} of requests were sent late by the load generator (limit ${percent(LATE_STARTS_LIMIT, 1)})`,
    );
  }
  const watched = INSTRUMENT_PARTS.filter((part) => typeof machine.throttledShare[part] === 'number');
  if (watched.length === 0)
    reasons.push(`how often ${INSTRUMENT_PARTS.join(' or ')} was throttled was not recorded`);
  for (const part of watched) {
    const throttled = machine.throttledShare[part] ?? 0;
    if (throttled > INSTRUMENT_THROTTLED_LIMIT) {
      reasons.push(
        `${part} was throttled in ${percent(throttled, 1)} of its periods (limit ${percent(INSTRUMENT_THROTTLED_LIMIT, 1)})`,
      );
    }
  }
  return reasons;
}
