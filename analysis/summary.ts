/** The campaign on a terminal: one line an approach and fault, then what qualifies it. */
import { type Cell, cellsOf } from './cells.ts';
import { ranOutOfTime } from './containment.ts';
import { detectableTexts } from './detectable.ts';
import { driftText } from './drift.ts';
import { falseAlarmsOf, shamsOf } from './false-alarms.ts';
import type { JudgedTrial, Judgement } from './judge.ts';
import { lossTexts } from './losses.ts';
import { mixtureTexts } from './mixture.ts';
import { isControl, NO_UPGRADE } from './references.ts';
import { MIN_REFERENCES } from './rules.ts';
import { sensitivityLines } from './sensitivity.ts';
import { medianOfKnown } from './statistics/median.ts';

const HEADER = [
  'fault',
  'type',
  'approach',
  'trials',
  'outcome',
  'evidence',
  'primary impact',
  'success',
  'p95 ms',
  'outage s',
  'containment',
];

/** Table and notes, without colour; ends with a newline. */
export function summaryText(judgement: Judgement): string {
  const cells = cellsOf(judgement);
  const lines = [...aligned([HEADER, ...cells.map(cellLine)]), '', ...notesOf(judgement)];
  return `${lines.join('\n')}\n`;
}

function cellLine(cell: Cell): string[] {
  const completed = cell.trials.filter((trial) => trial.record.outcome === 'completed');
  const { outcome, success, p95, outage, containment } = cellFigures(cell);
  return [
    cell.fault,
    cell.type < 0 ? '?' : String(cell.type),
    [cell.approach, cell.variant].join(' ').trim(),
    String(cell.attrition.scheduled),
    outcome,
    counted(cell.trials.flatMap((trial) => trial.record.evidence.map((e) => e.verdict))) || '-',
    counted(completed.map((trial) => trial.primaryImpact)) || '-',
    success,
    p95,
    outage,
    containment,
  ];
}

/** What a cell's trials have in the middle, as text; `-` where nothing was measured. */
export interface CellFigures {
  readonly outcome: string;
  /** Median share of offered requests that was served. */
  readonly success: string;
  /** Median p95, ms. */
  readonly p95: string;
  /** Median outage, s. */
  readonly outage: string;
  readonly containment: string;
}

/** Medians over a cell's completed trials, and what became of all of them. */
export function cellFigures(cell: Cell): CellFigures {
  const completed = cell.trials.filter((trial) => trial.record.outcome === 'completed');
  return {
    outcome: counted(cell.trials.map((trial) => trial.record.outcome)) || 'no record',
    success: middle(
      completed,
      (trial) => trial.figures.successRatio,
      (value) => `${(value * 100).toFixed(2)} %`,
    ),
    p95: middle(
      completed,
      (trial) => trial.record.horizon?.p95Ms ?? null,
      (value) => value.toFixed(1),
    ),
    outage: middle(
      completed,
      (trial) => trial.figures.outageS,
      (value) => value.toFixed(1),
    ),
    containment: counted(cell.trials.map((trial) => trial.containment).filter((word) => word !== '')) || '-',
  };
}

/** `completed`, or `4 completed, 1 not-injected`. */
function counted(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (sorted.length === 1) return sorted[0]?.[0] ?? '';
  return sorted.map(([value, count]) => `${count} ${value}`).join(', ');
}

function middle(
  trials: readonly JudgedTrial[],
  of: (trial: JudgedTrial) => number | null,
  text: (value: number) => string,
): string {
  const value = medianOfKnown(trials.map(of));
  return value === null ? '-' : text(value);
}

/** Columns as wide as their widest cell; numbers are few enough to stay to the left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** False alarms, harm that was noticed, what the controls can show, shams, and every trial lost: by cell with what that could change, then each. */
export function notesOf(judgement: Judgement): string[] {
  const alarms = falseAlarmsOf(judgement.trials).map(({ impact, share, undecided }) => {
    if (share.n === 0) return `${impact} not measured`;
    const interval = `${(share.low * 100).toFixed(0)}-${(share.high * 100).toFixed(0)} %`;
    return `${impact} ${share.k} of ${share.n} (${interval}${undecided > 0 ? `; ${undecided} undecided` : ''})`;
  });
  const notes = [`False alarms on controls (95 % interval): ${alarms.join(', ')}.`];
  if (alarms.some((alarm) => alarm.includes('not measured') || alarm.includes('undecided'))) {
    notes.push(
      `A control is decided against ${MIN_REFERENCES} others of its kind: ${MIN_REFERENCES + 1} of each are wanted.`,
    );
  }
  notes.push(...noticedNotes(judgement));
  const shams = shamsOf(judgement.trials);
  const wrongly = shams.found.length === 0 ? '' : `: ${shams.found.join('; ')}`;
  notes.push(
    `Sham confirmations: ${shams.notFound} not found, ${shams.unreadable} unreadable, ${shams.found.length} found${wrongly}.`,
  );
  return [
    ...notes,
    ...detectableTexts(judgement.trials),
    driftText(judgement),
    ...mixtureTexts(judgement),
    ...needlessStops(judgement.trials),
    ...lossTexts(cellsOf(judgement)),
    ...lossesOf(judgement),
  ];
}

/** In the fault contrast, as false alarms: harm of a known size beside the same procedure without it. */
function noticedNotes(judgement: Judgement): string[] {
  const noticed = sensitivityLines(judgement).map(
    ({ fault, approach, impact, text }) => `${fault} under ${approach}, ${impact}: ${text}`,
  );
  return noticed.length === 0
    ? []
    : [`Positive controls labelled with the harm that was done (95 % interval): ${noticed.join('. ')}.`];
}

/** Gates can be wrong as well: upgrades without a fault that were stopped, or did not end in time. */
function needlessStops(trials: readonly JudgedTrial[]): string[] {
  const upgrades = trials.filter(
    ({ record }) => isControl(record) && record.approach !== NO_UPGRADE && record.outcome === 'completed',
  );
  const stopped = upgrades.filter(({ record }) => record.upgrade.outcome !== 'upgraded');
  if (upgrades.length === 0) return [];
  const named = stopped.map(
    ({ record: { trialId, upgrade } }) => `${trialId}: ${upgrade.outcome} by ${upgrade.gate || 'no gate'}`,
  );
  const which = named.length === 0 ? '' : ` (${named.join('; ')})`;
  return [
    `Upgrades without a fault that did not go to their end: ${stopped.length} of ${upgrades.length}${which}.`,
    ...shortHorizon(trials),
  ];
}

/** With a fault an upgrade may hang; one without a fault that has not ended with the horizon had too little time. */
function shortHorizon(trials: readonly JudgedTrial[]): string[] {
  const late = trials.filter(({ record }) => record.outcome === 'completed' && ranOutOfTime(record));
  const [control] = late.filter(({ record }) => isControl(record));
  if (control === undefined) return [];
  const { name, horizonS } = control.record.windows;
  return [
    `The horizon of ${horizonS} s (--windows ${name}) is too short for this machine: ${late.length} upgrades, some without a fault, had not ended with it. Longer windows give them time, such as --windows unhurried.`,
  ];
}

/** One line for every trial that says nothing about users. */
function lossesOf({ trials, left }: Judgement): string[] {
  const silent = trials.filter((trial) => trial.record.outcome !== 'completed');
  return [
    ...silent.map(({ record }) => `${record.trialId}: ${record.outcome}: ${record.outcomeReason}`),
    ...left.interrupted.map((record) => `${record.trialId}: interrupted, not judged`),
    ...left.damaged.map((entry) => `${entry.trialId}: damaged, not judged: ${entry.error.message}`),
    ...(left.missing.length === 0
      ? []
      : [`scheduled and never begun, ${left.missing.length}: ${left.missing.join(', ')}`]),
  ];
}
