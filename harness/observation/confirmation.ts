/** Whether the fault was in effect, decided from readings alone; the same on controls, where nothing may be found. */
import type { Fault } from '../contract/fault.ts';
import type { Evidence, Reading, StepOutcome } from '../contract/observation.ts';
import type { Plan } from '../contract/plan.ts';
import type { Step } from '../contract/step.ts';
import { flatten } from '../plan/rows.ts';

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

/**
 * A fault counts only if one of its edited steps was reached and every planted fault has evidence. Without evidence it was not
 * injected, unless the upgrade ended before all of it was done or looked at: then nobody knows.
 */
export function injectionOf(
  { edited, upgrade }: Pick<Plan, 'edited' | 'upgrade'>,
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
  const ahead = missing.map(({ fault }) => stepsOf(fault, upgrade).find(({ id }) => !reached.has(id)));
  const [first] = ahead;
  // Of a composition each fault that lacks evidence must have been cut off.
  if (first !== undefined && !ahead.includes(undefined)) {
    return { outcome: 'not-reached', reason: `the upgrade ended before ${first.id}; ${reasons.join('; ')}` };
  }
  return { outcome: 'not-injected', reason: reasons.join('; ') };
}

/** Steps that a fault changed, and those that look for it. */
function stepsOf(fault: string, steps: readonly Step[]): Step[] {
  return flatten(steps).filter((step) =>
    step.kind === 'observe' ? step.fault === fault : step.edit?.fault === fault,
  );
}
