/** What a campaign says of each approach and fault: how many of its trials were labelled, and how many were lost. */
import type { TrialRecord } from '../results/schema.ts';
import type { JudgedTrial, Judgement } from './judge.ts';
import { CONTRASTS, type Contrast, IMPACTS, type Impact, type Label } from './rules.ts';
import { exactShare, type Share } from './statistics/share.ts';
import { type Parts, variantOf } from './variant.ts';

/** One approach under one fault. */
export interface Cell {
  readonly approach: string;
  readonly fault: string;
  /** -1 where no record of the fault is left under any approach; its violation and dependency are then empty. */
  readonly type: number;
  readonly violation: string;
  readonly dependency: string;
  /** What its trials do without; empty: nothing. */
  readonly variant: string;
  readonly trials: readonly JudgedTrial[];
  readonly attrition: Attrition;
}

/** What became of the trials of a cell that were asked for. */
export interface Attrition {
  readonly scheduled: number;
  readonly completed: number;
  readonly notApplicable: number;
  readonly notReached: number;
  readonly notInjected: number;
  readonly harnessFailed: number;
  readonly interrupted: number;
  readonly damaged: number;
  readonly missing: number;
  /** Asked for, applicable, and without a word on users: all but the first three. */
  readonly lost: number;
}

/** Share of a cell's trials with an impact. */
export interface CellShare {
  readonly impact: Impact;
  readonly contrast: Contrast;
  /** `yes` of those decided, with its exact interval. */
  readonly share: Share;
  readonly inconclusive: number;
  /** Share if every lost or inconclusive trial were a `no`, and if every one were a `yes`. */
  readonly worstLow: number;
  readonly worstHigh: number;
}

/** All cells, controls first, then by type, fault and approach. */
export function cellsOf(judgement: Judgement): Cell[] {
  const schedule = new Map(judgement.campaign.schedule.map((entry) => [entry.trialId, entry]));
  const byKey = new Map<
    string,
    { approach: string; fault: string; variant: string; trials: JudgedTrial[]; ids: Set<string> }
  >();
  const cellOf = (approach: string, fault: string, parts: Parts) => {
    const variant = variantOf(parts);
    const key = JSON.stringify([approach, fault, variant]);
    const cell = byKey.get(key) ?? { approach, fault, variant, trials: [], ids: new Set<string>() };
    byKey.set(key, cell);
    return cell;
  };
  for (const entry of schedule.values()) cellOf(entry.approach, entry.fault, entry).ids.add(entry.trialId);
  for (const trial of judgement.trials) {
    const cell = cellOf(trial.record.approach, trial.record.fault.name, trial.record);
    cell.trials.push(trial);
    cell.ids.add(trial.record.trialId);
  }
  for (const record of judgement.left.interrupted)
    cellOf(record.approach, record.fault.name, record).ids.add(record.trialId);
  const faults = recordedFaults(judgement);
  const cells = [...byKey.values()].map(({ ids, ...cell }) => {
    const recorded = faults.get(cell.fault);
    return {
      ...cell,
      type: recorded?.type ?? (cell.fault === 'none' ? 0 : -1),
      violation: recorded?.violation ?? '',
      dependency: recorded?.dependency ?? '',
      attrition: attritionOf(cell.trials, ids, judgement.left),
    };
  });
  return cells.sort(
    (a, b) =>
      a.type - b.type ||
      compare(a.fault, b.fault) ||
      compare(a.approach, b.approach) ||
      compare(a.variant, b.variant),
  );
}

/** Faults as any record of them tells: a fault is the same where its trials were not begun or cannot be judged. */
function recordedFaults({ trials, left }: Judgement): ReadonlyMap<string, TrialRecord['fault']> {
  const records = [...left.interrupted, ...trials.map(({ record }) => record)];
  return new Map(records.map(({ fault }) => [fault.name, fault]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function attritionOf(
  trials: readonly JudgedTrial[],
  ids: ReadonlySet<string>,
  left: Judgement['left'],
): Attrition {
  const of = (outcome: string) => trials.filter((trial) => trial.record.outcome === outcome).length;
  const counts = {
    scheduled: ids.size,
    completed: of('completed'),
    notApplicable: of('not-applicable'),
    notReached: of('not-reached'),
    notInjected: of('not-injected'),
    harnessFailed: of('harness-failed'),
    interrupted: left.interrupted.filter((record) => ids.has(record.trialId)).length,
    damaged: left.damaged.filter((entry) => ids.has(entry.trialId)).length,
    missing: left.missing.filter((id) => ids.has(id)).length,
  };
  const { notInjected, harnessFailed, interrupted, damaged, missing } = counts;
  return { ...counts, lost: notInjected + harnessFailed + interrupted + damaged + missing };
}

/** Shares of every impact in both contrasts. */
export function sharesOf(cell: Cell): CellShare[] {
  const completed = cell.trials.filter((trial) => trial.record.outcome === 'completed');
  return IMPACTS.flatMap((impact) =>
    CONTRASTS.map((contrast) => {
      const yes = countLabels(completed, impact, contrast, 'yes');
      const no = countLabels(completed, impact, contrast, 'no');
      const inconclusive = completed.length - yes - no;
      const open = inconclusive + cell.attrition.lost;
      const all = yes + no + open;
      return {
        impact,
        contrast,
        share: exactShare(yes, yes + no),
        inconclusive,
        worstLow: all === 0 ? 0 : yes / all,
        worstHigh: all === 0 ? 1 : (yes + open) / all,
      };
    }),
  );
}

/** How many trials have a label. */
export function countLabels(
  trials: readonly JudgedTrial[],
  impact: Impact,
  contrast: Contrast,
  label: Label,
): number {
  return trials.filter((trial) =>
    trial.labels.some((l) => l.impact === impact && l.contrast === contrast && l.decision.label === label),
  ).length;
}
