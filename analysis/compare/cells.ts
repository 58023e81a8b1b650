/** Two campaigns side by side: whether they can be compared, and which of their trials belong together. */
import { POSITIVE_CONTROL_TYPE, type TrialRecord } from '../../results/schema.ts';
import type { GateCheck } from '../gates/checks.ts';
import { type JudgedTrial, type Judgement, judgeTrials } from '../judge.ts';
import { variantOf } from '../variant.ts';

/** The trials of one side of a cell. */
export interface CellSide {
  /** Sealed trials; their ids begin with the side's name. */
  readonly trials: readonly JudgedTrial[];
  readonly gatesOf: (trial: JudgedTrial) => readonly GateCheck[];
}

/** Trials of both campaigns that were asked for alike. */
export interface ComparedCell {
  /** Such as `imago, apache-port`; with whatever else distinguishes it from another cell. */
  readonly name: string;
  readonly approach: string;
  readonly fault: string;
  readonly type: number;
  /** What its users met whatever was done to the system, where the campaigns hold several such: cells are seen beside their like. */
  readonly conditions: string;
  readonly base: CellSide;
  readonly next: CellSide;
}

/** Whether users were harmed on purpose, without a fault: that tells of the judgement, and of no approach. */
export function isPositiveCell({ type }: ComparedCell): boolean {
  return type === POSITIVE_CONTROL_TYPE;
}

/** Whether a fault of the upgrade's procedure was planted. */
export function isFaultyCell(cell: ComparedCell): boolean {
  return cell.type > 0 && !isPositiveCell(cell);
}

/** Why two campaigns cannot be compared. */
export class NotComparable extends Error {
  override readonly name = 'NotComparable';
}

const SIDES = ['base', 'new'] as const;
type SideName = (typeof SIDES)[number];

/**
 * Cells of both campaigns, controls first. All trials are judged again together, against the controls of both
 * campaigns: with bounds of its own, a campaign whose few controls happened to lie close together would call the same
 * trials worse.
 * @throws NotComparable where they were not run under the same conditions, or have no cell in common.
 */
export function comparedCells(base: Judgement, next: Judgement): { cells: ComparedCell[]; onlyIn: string[] } {
  assertSameConditions(base, next);
  const sides: Record<SideName, Judgement> = { base, new: next };
  const together = judgeTrials(SIDES.flatMap((side) => renamed(side, sides[side].trials)));
  const records = together.map(({ record }) => record);
  const conditions = varyingConditions(records);
  const varying = [...new Set([...varyingFactors(records), ...conditions])];
  const groups = new Map<string, { first: JudgedTrial; trials: Record<SideName, JudgedTrial[]> }>();
  for (const trial of together) {
    const name = cellName(trial.record, varying);
    const group = groups.get(name) ?? { first: trial, trials: { base: [], new: [] } };
    group.trials[sideOf(trial.record)].push(trial);
    groups.set(name, group);
  }
  const all = [...groups].map(([name, { first, trials }]) => ({
    name,
    approach: first.record.approach,
    fault: first.record.fault.name,
    type: first.record.fault.type,
    conditions: namedFactors(first.record, conditions),
    base: cellSide('base', trials.base, base),
    next: cellSide('new', trials.new, next),
  }));
  const cells = all.filter((cell) => isIn(cell.base) && isIn(cell.next));
  if (cells.length === 0)
    throw new NotComparable('they have no approach and fault in common under the same factors');
  return { cells: cells.sort(inOrder), onlyIn: all.filter((cell) => !cells.includes(cell)).map(onlyInText) };
}

function cellSide(name: SideName, trials: readonly JudgedTrial[], side: Judgement): CellSide {
  return {
    trials,
    gatesOf: ({ record }) => side.gates.get(record.trialId.slice(name.length + 1)) ?? [],
  };
}

function renamed(side: SideName, trials: readonly JudgedTrial[]): JudgedTrial[] {
  return trials.map((trial) => ({
    ...trial,
    record: { ...trial.record, trialId: `${side}/${trial.record.trialId}` },
  }));
}

function sideOf(record: TrialRecord): SideName {
  return record.trialId.startsWith('base/') ? 'base' : 'new';
}

/**
 * What users meet whatever is done to the system, by its name in `trial.json`. A folder may hold trials of several windows or loads:
 * users of 22 s are not counted with those of 40 s. The ingress is told by the variant.
 */
function conditionsIn(record: TrialRecord): Record<string, string> {
  const { scenario, hosts, scale, ratePerSecond, provocationSet, windows } = record;
  return {
    scenario,
    hosts: String(hosts),
    scale: String(scale),
    ratePerSecond: String(ratePerSecond),
    provocationSet,
    warmUpS: String(windows.warmUpS),
    beforeS: String(windows.beforeS),
    horizonS: String(windows.horizonS),
  };
}

/** What else was asked for besides approach and fault, by its name in `trial.json`. */
function factorsOf(record: TrialRecord): Record<string, string> {
  const { reach, target, gates, hardware, schemaPolicy, engine, onFailure, windows, interrupts } = record;
  return {
    reach,
    target,
    gates,
    hardware,
    schemaPolicy,
    engine,
    onFailure,
    dwellS: String(windows.dwellS),
    interrupts: interrupts.map(({ asked }) => asked).join(' '),
    ...conditionsIn(record),
  };
}

/** Factors that take several values under one approach; approaches differ in some by their nature. */
function varyingFactors(records: readonly TrialRecord[]): string[] {
  const seen = new Map<string, Set<string>>();
  for (const record of records) {
    for (const [factor, value] of Object.entries(factorsOf(record))) {
      const key = JSON.stringify([factor, record.approach]);
      seen.set(key, (seen.get(key) ?? new Set()).add(value));
    }
  }
  const varying = [...seen].filter(([, values]) => values.size > 1).map(([key]) => JSON.parse(key)[0]);
  return [...new Set<string>(varying)];
}

/** Conditions that take several values, be it that each approach had its own. */
function varyingConditions(records: readonly TrialRecord[]): string[] {
  const all = records.map(conditionsIn);
  return Object.keys(all[0] ?? {}).filter((name) => new Set(all.map((one) => one[name])).size > 1);
}

function namedFactors(record: TrialRecord, names: readonly string[]): string {
  const factors = factorsOf(record);
  return names.map((name) => `${name} ${factors[name] || 'none'}`).join(', ');
}

function cellName(record: TrialRecord, varying: readonly string[]): string {
  const fault = record.fault.type === 0 ? 'control' : record.fault.name;
  const parts = [record.approach, fault, variantOf(record), namedFactors(record, varying)];
  return parts.filter((part) => part !== '').join(', ');
}

function isIn({ trials }: CellSide): boolean {
  return trials.length > 0;
}

function onlyInText(cell: ComparedCell): string {
  return `${cell.name}: only in ${isIn(cell.base) ? 'BASE' : 'NEW'}`;
}

function inOrder(a: ComparedCell, b: ComparedCell): number {
  return a.type - b.type || (a.name < b.name ? -1 : 1);
}

function assertSameConditions(base: Judgement, next: Judgement): void {
  const [of, wanted] = [allConditionsOf(base), allConditionsOf(next)];
  for (const [name, values] of Object.entries(of)) {
    const other = wanted[name] ?? '';
    if (values !== other) throw new NotComparable(`${name} of BASE: ${values}; of NEW: ${other}`);
  }
}

/** The conditions that decide what users feel, whatever is done to the system, with all their values; each must be the same. */
function allConditionsOf({ trials, campaign }: Judgement): Record<string, string> {
  if (!trials.some(({ record }) => record.outcome === 'completed'))
    throw new NotComparable(
      `campaign ${campaign.campaign} holds no completed trial (of ${trials.length} that are recorded)`,
    );
  const values = (of: (record: TrialRecord) => string | number) =>
    [...new Set(trials.map(({ record }) => String(of(record))))].sort().join(', ');
  return {
    scenario: values(({ scenario }) => scenario),
    windows: values(
      ({ windows: w }) => `${w.name} (${w.warmUpS} + ${w.beforeS} + ${w.horizonS} s, dwell ${w.dwellS} s)`,
    ),
    'hosts a tier': values(({ hosts }) => hosts),
    scale: values(({ scale }) => scale),
    'requests a second': values(({ ratePerSecond }) => ratePerSecond),
    provocations: values(({ provocationSet }) => provocationSet),
  };
}
