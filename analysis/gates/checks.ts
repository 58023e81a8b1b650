/**
 * What the gates of an upgrade had to say of one trial. Every step that can fail is one: those that test (`health`,
 * `checksums`, ...), and, together as `step`, those that test nothing but refuse to go on when something is wrong.
 */
import type { PlanRow, TrialEvent, TrialRecord } from '../../results/schema.ts';
import { isControl } from '../references.ts';
import { STEP_GATE } from './any-host.ts';

/** What one gate said in one trial. */
export interface GateCheck {
  readonly gate: string;
  /** A step of it failed. Otherwise at least one ran, and all held. */
  readonly failed: boolean;
  /** From the start of the first step that the fault changed to the failure, ms; null where it did not fail, or nothing was changed. */
  readonly detectionMs: number | null;
}

/**
 * The gates that were asked, by name; a fault's only after the first step that it changed had begun. What ran after a
 * failure belongs to the way back and is left out, unless the operator went on. Empty where the record does not say which
 * steps are gates.
 */
export function gateChecks(record: TrialRecord, events: readonly TrialEvent[]): GateCheck[] {
  if (!saysGates(record)) return [];
  const rows = new Map(record.plan.map((row) => [row.stepId, row]));
  const ends = events.filter((event) => event.event === 'step-end');
  const asked = new Map<string, GateCheck>();
  const since = isControl(record) ? Number.NEGATIVE_INFINITY : firstEdit(ends, rows);
  for (const end of ends) {
    const row = rows.get(end.stepId);
    if (row === undefined || end.atMs < since) continue;
    const gate = row.gate || STEP_GATE;
    const failed = end.outcome === 'failed';
    const detectionMs = failed && Number.isFinite(since) ? end.atMs - since : null;
    if (asked.get(gate)?.failed !== true) asked.set(gate, { gate, failed, detectionMs });
    if (failed && record.onFailure !== 'continue') break;
  }
  return [...asked.values()].sort((a, b) => (a.gate < b.gate ? -1 : 1));
}

/** Whether a record tells which steps of its plan are gates; earlier ones do not. */
function saysGates(record: TrialRecord): boolean {
  return record.plan.some(({ gate }) => gate !== undefined);
}

/** Whether the gates of a trial are told: its upgrade ran, its fault was confirmed, and its record says which steps are gates. */
export function isGateChecked(record: TrialRecord): boolean {
  return record.outcome === 'completed' && saysGates(record);
}

function firstEdit(
  ends: readonly { readonly stepId: string; readonly startMs: number }[],
  rows: ReadonlyMap<string, PlanRow>,
): number {
  const edited = ends.filter(({ stepId }) => (rows.get(stepId)?.edit ?? '') !== '');
  return Math.min(...edited.map(({ startMs }) => startMs));
}
