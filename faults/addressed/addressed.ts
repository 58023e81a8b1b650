/**
 * Faults addressed to a step of the plan by its id, beside those of the catalogue: any step can be left out, followed
 * the wrong way round, or met by a restart that nobody needed. A sweep over all steps shows where an approach is fragile.
 */
import type { Fault } from '../../harness/contract/fault.ts';
import type { StepId } from '../../harness/contract/step.ts';
import { crash } from './crash.ts';
import { omission } from './omission.ts';
import { spuriousRestart } from './spurious-restart.ts';
import { swap } from './swap.ts';

/** What is allowed, for messages. */
export const ADDRESSED_FORMS = 'omit@STEP, spurious-restart@STEP, crash@STEP, swap@STEP:STEP';

/** In the place of a step: every step of the plan, each a fault of its own. */
export const EVERY_STEP = 'all';

const FORM = /^(omit|spurious-restart|crash|swap)@([^\s:+,]+)(?::([^\s:+,]+))?$/;

/** The steps that a name addresses; none where it is no name of an addressed fault. */
export function addressedSteps(name: string): readonly StepId[] {
  const [, verb, first, second] = FORM.exec(name) ?? [];
  if (first === undefined || (verb === 'swap') !== (second !== undefined)) return [];
  return second === undefined ? [first] : [first, second];
}

/** The fault that a name addresses to a step; undefined where it is no such name. */
export function addressedFault(name: string): Fault | undefined {
  const [first, second] = addressedSteps(name);
  if (first === undefined) return undefined;
  if (second !== undefined) return swap(name, first, second);
  if (name.startsWith('omit@')) return omission(name, first);
  return name.startsWith('crash@') ? crash(name, first) : spuriousRestart(name, first);
}
