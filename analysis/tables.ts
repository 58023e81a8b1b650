/** The tables that `judge` writes. Rows in the order of trial ids, numbers rounded: the same record gives the same bytes. */
import { type Cell as CsvCell, csvText } from '../results/csv.ts';
import type { TrialRecord } from '../results/schema.ts';
import { type Cell, sharesOf } from './cells.ts';
import type { DataFigures } from './figures.ts';
import type { JudgedTrial } from './judge.ts';
import { leaseFigure } from './lease.ts';
import { TABLE_DIGITS } from './rules.ts';
import { TRIALS_COLUMNS } from './trials-columns.ts';

type Row = Readonly<Record<string, CsvCell>>;

/** A number as every table shows it, so that rounding differs in none; null, an empty cell, for what was not measured. */
export function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.toPrecision(TABLE_DIGITS));
}

/** Text of a table; every row has the columns of the first one. */
function table(columns: readonly string[], rows: readonly Row[]): string {
  return csvText<Row>(columns, rows);
}

/** `impacts.csv`. */
export function impactsTable(trials: readonly JudgedTrial[]): string {
  const rows = trials.flatMap(({ record, labels }) =>
    labels.map(({ impact, contrast, decision }) => ({
      trial_id: record.trialId,
      approach: record.approach,
      fault: record.fault.name,
      contrast,
      impact,
      label: decision.label,
      figure_name: decision.figureName,
      figure: rounded(decision.figure),
      bound: rounded(decision.bound),
      effect: rounded(decision.effect),
      threshold: rounded(decision.threshold),
      reason: decision.reason,
      references: decision.references.join(';'),
      n_references: decision.references.length,
    })),
  );
  return table(IMPACTS_COLUMNS, rows);
}

/** Columns of `impacts.csv`. */
export const IMPACTS_COLUMNS = [
  'trial_id',
  'approach',
  'fault',
  'contrast',
  'impact',
  'label',
  'figure_name',
  'figure',
  'bound',
  'effect',
  'threshold',
  'reason',
  'references',
  'n_references',
] as const;

/** Columns of `cells.csv`. */
export const CELLS_COLUMNS = [
  'approach',
  'fault',
  'fault_type',
  'variant',
  'contrast',
  'impact',
  'yes',
  'decided',
  'inconclusive',
  'lost',
  'share',
  'low',
  'high',
  'worst_low',
  'worst_high',
] as const;

/** `trials.csv`: what was recorded of a trial, and what was concluded; without a trial, its header alone. */
export function trialsTable(trials: readonly JudgedTrial[]): string {
  const rows = trials.map(trialRow);
  const columns = Object.keys(rows[0] ?? {});
  // A column that is not listed would be dropped without a word.
  if (rows.length > 0 && columns.join() !== TRIALS_COLUMNS.join())
    throw new Error(`trials.csv: columns ${columns.join()} are not those of trials-columns.ts`);
  return table(TRIALS_COLUMNS, rows);
}

function trialRow(trial: JudgedTrial): Row {
  return { ...askedRow(trial), ...seenRow(trial), ...concludedRow(trial), ...furtherRow(trial) };
}

function askedRow({ record }: JudgedTrial): Row {
  return {
    trial_id: record.trialId,
    scenario: record.scenario,
    approach: record.approach,
    fault: record.fault.name,
    fault_type: record.fault.type,
    violation: record.fault.violation,
    dependency: record.fault.dependency,
    reach: record.reach,
    target: record.target,
    seed: record.seed,
    windows: record.windows.name,
    gates: record.gates,
    hardware: record.hardware,
    ingress: record.ingress,
    mirroring: record.mirroring,
  };
}

function seenRow({ record, figures, containment }: JudgedTrial): Row {
  return {
    outcome: record.outcome,
    evidence: record.evidence.map((e) => `${e.fault}: ${e.verdict}`).join(';'),
    // Where a trial failed before its horizon was over, nothing is known of its upgrade.
    upgrade_outcome: record.horizon === null ? null : record.upgrade.outcome,
    final_state: record.horizon === null ? null : record.upgrade.finalState,
    gate: record.upgrade.gate,
    containment,
    wall_s: rounded(record.timings.wallS),
    provision_s: measured(record.timings.provisionS),
    teardown_s: measured(record.timings.teardownS),
    offered: record.horizon?.offered ?? null,
    ok: record.horizon?.ok ?? null,
    success_ratio: rounded(figures.successRatio),
    p50_ms: rounded(record.horizon?.p50Ms),
    p95_ms: rounded(record.horizon?.p95Ms),
    outage_s: rounded(figures.outageS),
    quiescence_ms: longestOf(record.imago?.quiescences.map(({ lastedMs }) => lastedMs) ?? []),
    transferred_rows: record.imago?.transferredRows ?? null,
    acked_writes: figures.data?.acknowledged ?? null,
    lost_writes: counted(figures.data, figures.data?.lost),
    duplicated_writes: counted(figures.data, figures.data?.duplicated),
    altered_writes: counted(figures.data, figures.data?.altered),
  };
}

function concludedRow(trial: JudgedTrial): Row {
  const vulnerability = trial.labels.find(
    (l) => l.impact === 'security vulnerability' && l.contrast === 'user',
  );
  const failed = [...trial.figures.provocations].filter(([, held]) => !held).map(([name]) => name);
  return {
    posture_regressions:
      vulnerability === undefined || vulnerability.decision.label === 'inconclusive'
        ? null
        : vulnerability.decision.figure,
    failed_provocations: failed.join(';'),
    impacts: trial.impacts.join(';'),
    primary_impact: trial.primaryImpact,
  };
}

function furtherRow({ record, figures }: JudgedTrial): Row {
  const failed = record.horizon?.failed ?? {};
  return {
    outcome_reason: record.outcomeReason,
    hosts: record.hosts,
    scale: record.scale,
    rate_per_s: record.ratePerSecond,
    horizon_s: record.horizon?.seconds ?? null,
    schema_policy: record.schemaPolicy,
    engine: record.engine,
    on_failure: record.onFailure,
    upgrade_s:
      record.horizon === null || record.upgrade.outcome === 'none'
        ? null
        : rounded((record.upgrade.endMs - record.upgrade.startMs) / 1000),
    settle_s: measured(record.timings.settleS),
    p99_ms: rounded(record.horizon?.p99Ms),
    failed: figures.failed,
    failures: Object.entries(failed)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([outcome, count]) => `${outcome}: ${count}`)
      .join(';'),
    derived_wrong: counted(figures.data, figures.data?.derivedWrong),
    seed_buckets_differing: counted(figures.data, figures.data?.seedBucketsDiffering),
    shams_found: record.shams
      .filter((sham) => sham.verdict === 'found')
      .map((sham) => sham.fault)
      .join(';'),
    cpu_busy_share: rounded(record.machine?.cpuBusyShare),
    cpu_pressure_share: rounded(record.machine?.cpuPressureShare),
    late_starts: record.machine?.lateStarts ?? null,
    overload: figures.overload.join(';'),
    interrupts: record.interrupts.map(({ asked, killed }) => `${asked}: ${killed}`).join(';'),
    provocations: record.provocationSet,
    activations_ms: record.provocations
      .flatMap(({ name, activationMs }) =>
        activationMs === null ? [] : [`${name}: ${rounded(activationMs)}`],
      )
      .join(';'),
    repaired: record.provocations
      .flatMap(({ name, repaired }) => repaired.map((what) => `${name}: ${what}`))
      .join(';'),
    ...parallelRow(record),
  };
}

/** What only an upgrade in a parallel universe does and takes; an approach without one takes nothing. */
function parallelRow(record: TrialRecord): Row {
  const { imago } = record;
  const lasted = imago?.quiescences.map(({ phase, lastedMs }) => `${phase}: ${rounded(lastedMs)}`);
  return {
    quiescences_ms: lasted?.join(';') ?? '',
    peak_waiting: longestOf(imago?.quiescences.map(({ peakWaiting }) => peakWaiting) ?? []),
    compared_answers: imago?.compared ?? null,
    mismatched_answers: imago?.mismatched ?? null,
    driver_restarts: imago?.driverRestarts ?? null,
    residue: imago?.residue?.length ?? null,
    leased_s: rounded(leaseFigure(record, (lease) => lease.seconds)),
    leased_cpu_s: rounded(leaseFigure(record, (lease) => lease.cpuSeconds)),
    leased_memory_mb: rounded(leaseFigure(record, (lease) => lease.peakMemoryMb)),
    leased_memory_limit_mb: rounded(leaseFigure(record, (lease) => lease.memoryLimitMb)),
    leased_disk_mb: rounded(leaseFigure(record, (lease) => lease.diskMb)),
  };
}

/** `cells.csv`: shares of labelled trials by approach, fault and impact, with exact intervals and worst cases. */
export function cellsTable(cells: readonly Cell[]): string {
  const rows = cells.flatMap((cell) =>
    sharesOf(cell).map(({ impact, contrast, share, inconclusive, worstLow, worstHigh }) => ({
      approach: cell.approach,
      fault: cell.fault,
      fault_type: cell.type,
      variant: cell.variant,
      contrast,
      impact,
      yes: share.k,
      decided: share.n,
      inconclusive,
      lost: cell.attrition.lost,
      share: share.n === 0 ? null : rounded(share.k / share.n),
      low: rounded(share.low),
      high: rounded(share.high),
      worst_low: rounded(worstLow),
      worst_high: rounded(worstHigh),
    })),
  );
  return table(CELLS_COLUMNS, rows);
}

/** A part of a trial that took no time did not take place. */
function measured(seconds: number): number | null {
  return seconds === 0 ? null : rounded(seconds);
}

/** What is wrong in a ledger that could be read but in part; 0 there is no count. */
function counted(data: DataFigures | null, wrong: number | undefined): number | null {
  return data === null || wrong === undefined || (wrong === 0 && data.unreadable.length > 0) ? null : wrong;
}

function longestOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : rounded(Math.max(...values));
}
