/** Faults addressed to steps, checked against the plans of a request: their steps exist, and a sweep is all of them. */
import { addressedFault, addressedSteps, EVERY_STEP, unaddressable } from '../../faults/catalogue.ts';
import type { Step } from '../contract/step.ts';
import { UsageError } from '../errors.ts';
import { prepareTrial } from './prepare.ts';
import type { CampaignRequest } from './request.ts';

/**
 * The request with each sweep (`omit@all`) in its place: one fault a step, in the order of the plans. A step that only one
 * approach has is a fault under each, so that trials are paired; the other one says that it has no such step.
 * @throws UsageError where a step is in no plan, with those that may have been meant, where there are no steps at all, and
 * where a composition sweeps more than once
 */
export function withAddressed(operation: string, request: CampaignRequest): CampaignRequest {
  const [addressed] = request.faults.filter((name) => name.includes('@'));
  if (addressed === undefined) return request;
  const control: CampaignRequest = { ...request, faults: [] };
  const procedures = request.approaches
    .map(
      (approach) =>
        prepareTrial(control, { trialId: 'procedure', approach, fault: 'none', seed: request.seed }).plan
          .upgrade,
    )
    .filter((steps) => steps.length > 0);
  if (procedures.length === 0)
    throw new UsageError(
      `${operation}: --fault ${addressed}: approach ${request.approaches.join(', ')} has no steps to address`,
    );
  const ids = [...new Set(procedures.flatMap((steps) => steps.map(({ id }) => id)))];
  const faults = request.faults.flatMap((name) => swept(operation, name, ids));
  for (const part of faults.flatMap((name) => name.split('+'))) assertKnown(operation, part, procedures);
  return { ...request, faults: [...new Set(faults)] };
}

function swept(operation: string, name: string, ids: readonly string[]): string[] {
  const parts = name.split('+');
  const [sweep, ...others] = parts.filter((part) => addressedSteps(part).includes(EVERY_STEP));
  if (sweep === undefined) return [name];
  if (addressedSteps(sweep).length > 1)
    throw new UsageError(
      `${operation}: ${sweep}: two steps are exchanged, not all; name them as swap@STEP:STEP`,
    );
  if (others.length > 0)
    throw new UsageError(
      `${operation}: ${name}: one sweep is allowed at a time; name a step in the place of all but one`,
    );
  return ids
    .map((id) => sweep.replace(`@${EVERY_STEP}`, `@${id}`))
    .filter((one) => !parts.includes(one))
    .map((one) => parts.map((part) => (part === sweep ? one : part)).join('+'));
}

function assertKnown(operation: string, part: string, procedures: readonly (readonly Step[])[]): void {
  if (addressedFault(part) === undefined) return;
  for (const id of addressedSteps(part)) {
    const reasons = procedures.map((steps) => unaddressable(id, steps));
    if (!reasons.includes('')) throw new UsageError(`${operation}: --fault ${part}: ${reasons[0]}`);
  }
}
