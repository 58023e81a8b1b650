/** Plans of faults of the procedure, and what would be read if every step of them were done. */
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep } from '../../harness/contract/step.ts';
import { campaignRequest } from '../campaign/request.ts';

/** Plans of a fault, and of the control that looks for the same. */
export const planOf = (
  fault: string,
  approach: ApproachName,
  { seed = 3, control = false, reach = 'one' as 'one' | 'all', hosts = 2 } = {},
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [fault], reach, hosts }), {
    ...{ trialId: 't', approach, seed },
    fault: control ? 'none' : fault,
  }).plan;

/** What is looked for because of a fault. */
export const observationsOf = (plan: Plan, fault: string): ObserveStep[] =>
  [...plan.upgrade, ...plan.observeAtEnd].filter(
    (step): step is ObserveStep => step.kind === 'observe' && step.fault === fault,
  );

/** Every step of a plan done in order, one a millisecond; those at the end after them. */
const timesOf = (plan: Plan): Map<string, number> =>
  new Map([...plan.upgrade, ...plan.observeAtEnd].map(({ id }, at) => [id, at]));
/** The same as a timeline. */
export const timelineOf = (plan: Plan): StepOutcome[] =>
  plan.upgrade.map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: at - 1, endMs: at, outcome: 'done' as const, reason: '' },
  }));
/** Readings of a fault, each with what `resultOf` says of it, at the time of its step. */
export const readingsOf = (
  plan: Plan,
  fault: string,
  resultOf: (step: ObserveStep) => Reading['result'],
): Reading[] => {
  const times = timesOf(plan);
  return observationsOf(plan, fault).map((step) => ({
    ...{ stepId: step.id, fault, universe: step.universe, host: step.host },
    ...{ atMs: times.get(step.id) ?? 0, result: resultOf(step) },
  }));
};
