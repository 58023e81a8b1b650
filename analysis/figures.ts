/** Reduces a trial to the figures that are judged: the trial is the unit of replication, never the second. */
import type { BinsRow, LedgerFigures, TrialEvent, TrialRecord } from '../results/schema.ts';
import { outageSeconds } from './outage.ts';
import {
  CPU_BUSY_LIMIT,
  INSTRUMENT_PARTS,
  INSTRUMENT_THROTTLED_LIMIT,
  LATE_STARTS_LIMIT,
  LOAD_COVERED,
  MIN_ANSWERS,
} from './rules.ts';

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
  /** Why the machine rather than the system may have been measured; empty where it was not overloaded. */
  readonly overload: readonly string[];
  /** Id of the first step that failed; empty where none did, or no events were given. */
  readonly failedStep: string;
}

/** @param bins the trial's `bins.csv` @param events its `events.jsonl`, of which only the steps matter */
export function reduceTrial(
  record: TrialRecord,
  bins: readonly BinsRow[],
  events: readonly TrialEvent[] = [],
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
    overload: overloadOf(record),
    failedStep: failedStepOf(events),
  };
}

/** A latency that can be compared by its ratio. */
function positive(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value > 0 ? value : null;
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

function overloadOf(record: TrialRecord): string[] {
  const machine = record.machine;
  if (machine === null) return ['how hard the machine worked was not recorded'];
  const reasons: string[] = [];
  if (machine.cpuBusyShare > CPU_BUSY_LIMIT) {
    reasons.push(
      `the machine's CPUs were busy for ${percent(machine.cpuBusyShare)} of the horizon (limit ${percent(CPU_BUSY_LIMIT)})`,
    );
  }
  const offered = record.horizon?.offered ?? 0;
  const due = record.ratePerSecond * (record.horizon?.seconds ?? 0);
  if (offered < LOAD_COVERED * due)
    reasons.push(
      `${offered} of ${Math.round(due)} requests of the horizon were offered (at least ${percent(LOAD_COVERED)} are wanted)`,
    );
  // Requests dropped for want of virtual users are the slow system's doing; they are failures already.
  const late = machine.lateStarts - (record.horizon?.failed.dropped ?? 0);
  if (offered > 0 && late / offered > LATE_STARTS_LIMIT) {
    reasons.push(
      `${percent(late / offered)} of requests were sent late by the load generator (limit ${percent(LATE_STARTS_LIMIT)})`,
    );
  }
  const watched = INSTRUMENT_PARTS.filter((part) => typeof machine.throttledShare[part] === 'number');
  if (watched.length === 0)
    reasons.push(`how often ${INSTRUMENT_PARTS.join(' or ')} was throttled was not recorded`);
  for (const part of watched) {
    const throttled = machine.throttledShare[part] ?? 0;
    if (throttled > INSTRUMENT_THROTTLED_LIMIT) {
      reasons.push(
        `${part} was throttled in ${percent(throttled)} of its periods (limit ${percent(INSTRUMENT_THROTTLED_LIMIT)})`,
      );
    }
  }
  return reasons;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
