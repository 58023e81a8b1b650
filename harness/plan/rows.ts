/** A plan as people read it: numbered rows, with the mark of what a fault touched. */
import type { Step } from '../contract/step.ts';
import { gateOf } from './gate-name.ts';

/** One row; shaped as the record stores it. */
export interface PlanTableRow {
  readonly number: number;
  readonly stepId: string;
  readonly kind: string;
  readonly universe: string;
  readonly host: string;
  readonly title: string;
  readonly edit: string;
  /** The gate that the step is; empty for one that tests nothing. */
  readonly gate: string;
}

/** Every step in the order it is told to people, those inside parallel steps after their parent. */
export function flatten(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => (step.kind === 'parallel' ? [step, ...flatten(step.steps)] : [step]));
}

/** Rows in order; numbers are for display only. */
export function planRows(steps: readonly Step[]): PlanTableRow[] {
  return flatten(steps).map((step, index) => ({
    number: index + 1,
    stepId: step.id,
    kind: step.kind === 'omitted' ? step.was.kind : step.kind,
    universe: step.universe,
    host: hostOf(step),
    title: step.title,
    edit: step.edit === undefined ? '' : `${step.edit.change} by ${step.edit.fault}: ${step.edit.note}`,
    gate: gateNameOf(step),
  }));
}

function gateNameOf(step: Step): string {
  const gate = gateOf(step);
  return gate === 'step' ? '' : gate;
}

/** The host that a step acts on; empty for those that act on none. */
export function hostOf(step: Step): string {
  if (step.kind === 'omitted') return hostOf(step.was);
  return 'host' in step ? step.host : '';
}

/** Whether a step sends clients to the parallel universe: from there on that one serves, and there is no way back. */
export function isSwitch(step: Step): boolean {
  return step.kind === 'imago' && step.action.do === 'redirect' && step.universe === 'new';
}

/** The numbered text of a plan; edited steps carry a mark in the margin and a line of their own. */
export function planText(steps: readonly Step[]): string {
  const rows = planRows(steps);
  const idWidth = Math.max(0, ...rows.map((row) => row.stepId.length));
  const lines = rows.flatMap((row) => {
    const mark = row.edit === '' ? ' ' : '>';
    const line = `${mark} ${String(row.number).padStart(3)}  ${row.stepId.padEnd(idWidth)}  ${row.title}`;
    return row.edit === '' ? [line] : [line, `>      ${' '.repeat(idWidth)}  ^ ${row.edit}`];
  });
  return `${lines.join('\n')}\n`;
}
