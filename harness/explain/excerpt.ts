/** The part of a plan that a fault touched, with some of the steps around it. */
import type { Step } from '../contract/step.ts';
import { type PlanTableRow, planRows } from '../plan/rows.ts';

/** A stretch of the plan's rows, or how many were left out. */
export type ExcerptPart = { readonly rows: readonly PlanTableRow[] } | { readonly leftOut: number };

/** Rows within `around` of one that an edit touched; the whole plan with an infinite `around`. */
export function excerptOf(steps: readonly Step[], around: number): ExcerptPart[] {
  const rows = planRows(steps);
  const touched = rows.flatMap((row, index) => (row.edit === '' ? [] : [index]));
  const parts: ({ rows: PlanTableRow[] } | { leftOut: number })[] = [];
  for (const [index, row] of rows.entries()) {
    const near = around === Infinity || touched.some((edited) => Math.abs(edited - index) <= around);
    const last = parts.at(-1);
    if (near) {
      if (last !== undefined && 'rows' in last) last.rows.push(row);
      else parts.push({ rows: [row] });
    } else if (last !== undefined && 'leftOut' in last) last.leftOut += 1;
    else parts.push({ leftOut: 1 });
  }
  return parts;
}

/** How an excerpt is told. */
export interface ExcerptForm {
  /** Whether rows are numbered. Numbers change with every step that a procedure gets. */
  readonly numbered: boolean;
}

/** An excerpt as lines: edited steps carry a mark in the margin and a line of their own. */
export function excerptLines(parts: readonly ExcerptPart[], { numbered }: ExcerptForm): string[] {
  const all = parts.flatMap((part) => ('rows' in part ? part.rows : []));
  const idWidth = Math.max(0, ...all.map(({ stepId }) => stepId.length));
  return parts.flatMap((part) => {
    if (!('rows' in part)) return numbered ? [`       ... ${part.leftOut} steps`] : ['  ...'];
    return part.rows.flatMap((row) => {
      const number = numbered ? ` ${String(row.number).padStart(3)} ` : '';
      const line = `${row.edit === '' ? ' ' : '>'}${number} ${row.stepId.padEnd(idWidth)}  ${row.title}`;
      return row.edit === ''
        ? [line]
        : [line, `>${' '.repeat(number.length)} ${' '.repeat(idWidth)}  ^ ${row.edit}`];
    });
  });
}
