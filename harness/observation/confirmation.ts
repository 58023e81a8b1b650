/** Whether the fault was in effect, decided from readings alone; the same on controls, where nothing may be found. */
import type { Fault } from '../contract/fault.ts';
import type { Evidence, Reading, StepOutcome } from '../contract/observation.ts';
import type { StepId } from '../contract/step.ts';

/** What is looked for: a fault, or a disturbance in the place of one. */
export type Confirmable = Pick<Fault, 'name' | 'confirm'>;

/** What a fault's observations say, with its name. */
export interface Confirmed {
  readonly fault: string;
  readonly evidence: Evidence;
}

/** Confirms each fault from the readings taken for it. */
export function confirmFaults(
  faults: readonly Confirmable[],
  readings: readonly Reading[],
  timeline: readonly StepOutcome[],
): Confirmed[] {
  return faults.map((fault) => ({
    fault: fault.name,
    evidence: fault.confirm(
      readings.filter((reading) => reading.fault === fault.name),
      timeline,
    ),
  }));
}

/** Experiment's outcome as far as the injection decides it. */
export type Injection =
  | { readonly outcome: 'completed' }
  | { readonly outcome: 'not-reached' | 'not-injected'; readonly reason: string };

/** A fault counts only if one of its edited steps was reached and every planted fault has evidence. */
export function injectionOf(
  edited: readonly StepId[],
  timeline: readonly StepOutcome[],
  confirmed: readonly Confirmed[],
): Injection {
  const reached = new Set(timeline.map(({ stepId }) => stepId));
  if (edited.length > 0 && !edited.some((stepId) => reached.has(stepId))) {
    return { outcome: 'not-reached', reason: `the upgrade ended before ${edited[0]}` };
  }
  const missing = confirmed.filter(({ evidence }) => evidence.verdict !== 'found');
  if (missing.length === 0) return { outcome: 'completed' };
  const reasons = missing.map(({ fault, evidence }) => `${fault}: ${evidence.verdict}: ${evidence.summary}`);
  return { outcome: 'not-injected', reason: reasons.join('; ') };
}
