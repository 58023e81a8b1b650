/** A line a trial, and what the figures count of them: for the files of the whole campaign, and in the page for what a reader filters. */
import type { ContainmentRow } from '../charts/containment.ts';
import type { HarmRow } from '../charts/outage-latency.ts';
import type { PrimaryRow } from '../charts/primary-impact.ts';
import type { ReportCell } from './page-types.ts';

/** What the overview knows of a trial. */
export interface TrialSummary {
  readonly id: string;
  readonly fault: string;
  readonly type: number;
  /** A positive control is harmed on purpose and says nothing of faults. */
  readonly role: 'control' | 'positive control' | 'fault';
  readonly violation: string;
  readonly approach: string;
  /** What it does without; empty: nothing. */
  readonly variant: string;
  readonly outcome: string;
  /** Empty where the trial says nothing about users. */
  readonly primary: string;
  /** Impacts on users, and those of the other contrast: what the fault added. Most severe first. */
  readonly impacts: readonly string[];
  readonly impactsOfFault: readonly string[];
  readonly containment: string;
  readonly outageS: number | null;
  readonly p95Ms: number | null;
}

/** Completed trials by type, approach and most severe impact. */
export function primaryRows(trials: readonly TrialSummary[]): PrimaryRow[] {
  const completed = trials.filter(isShown);
  return counted(completed.map(({ type, approach, primary }) => ({ type, approach, primary }))).sort(
    (a, b) => a.type - b.type || (a.approach < b.approach ? -1 : 1),
  );
}

/** Trials with a fault by how far it got; which are left out, `leftOutOfContainment` tells. */
export function containmentRows(trials: readonly TrialSummary[]): ContainmentRow[] {
  const known = trials.filter(
    ({ role, variant, containment }) => role === 'fault' && variant === '' && containment !== '',
  );
  return counted(known.map(({ approach, containment }) => ({ approach, containment })));
}

/** Trials with a fault that `containmentRows` leaves out, and why, in a sentence; empty where it has all of them. */
export function leftOutOfContainment(
  cells: readonly Pick<ReportCell, 'role' | 'variant' | 'trials' | 'attrition'>[],
): string {
  const parts = cells
    .filter(({ role }) => role === 'fault')
    .flatMap(({ variant, trials, attrition }) =>
      variant === ''
        ? attrition.filter(({ isLost }) => isLost)
        : [{ what: variant, count: trials.length, isLost: false }],
    );
  const counts = new Map<string, number>();
  for (const { what, count } of parts) counts.set(what, (counts.get(what) ?? 0) + count);
  const leftOut = [...counts].filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
  return leftOut.length === 0 ? '' : `Not in the bars: ${leftOut.join(', ')}.`;
}

/** Figures show systems with all their parts, and nobody who was harmed on purpose. */
function isShown({ outcome, role, variant }: TrialSummary): boolean {
  return outcome === 'completed' && role !== 'positive control' && variant === '';
}

/** Completed trials with their outage and latency. */
export function harmRows(trials: readonly TrialSummary[]): HarmRow[] {
  return trials.filter(isShown).map(({ id, fault, type, approach, outageS, p95Ms }) => ({
    trialId: id,
    type,
    fault: rowName(fault, approach),
    approach,
    outageS,
    p95Ms,
  }));
}

/** How the row of a fault is called; the two kinds of control have names of their own. */
export function rowName(fault: string, approach: string): string {
  return fault !== 'none' ? fault : approach === 'none' ? 'no upgrade' : 'no fault';
}

/** Equal rows once, with their number. */
function counted<Row extends object>(rows: readonly Row[]): (Row & { trials: number })[] {
  const counts = new Map<string, Row & { trials: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    counts.set(key, { ...row, trials: (counts.get(key)?.trials ?? 0) + 1 });
  }
  return [...counts.values()];
}
