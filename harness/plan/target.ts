/**
 * The operator of a parallel universe who acts in the wrong one: what a fault inserts, or does incorrectly, happens on
 * the old universe's host of the same name instead. Isolation is tested so, not assumed.
 */
import { approaches } from '../approaches/catalogue.ts';
import type { EditResult, Fault } from '../contract/fault.ts';
import type { ApproachName } from '../contract/plan.ts';
import type { Step } from '../contract/step.ts';
import type { Universe } from '../contract/topology.ts';

/** The edit as it is where the fault acts on the target's hosts, or why it cannot be. */
export function retargeted(
  { target, approach }: { readonly target: Universe; readonly approach: ApproachName },
  fault: Fault,
  result: EditResult,
): EditResult {
  if (target === 'new' || !result.applies) return result;
  const reason = whyNot(approach, fault, result.steps);
  if (reason !== '') return { applies: false, reason };
  const steps = result.steps.map(
    (step): Step => (step.edit?.fault === fault.name ? { ...step, universe: 'old' } : step),
  );
  return { ...result, steps };
}

function whyNot(approach: ApproachName, { name, newOnly }: Fault, steps: readonly Step[]): string {
  if (approaches[approach].universe === 'old')
    return 'there is one universe only, which cannot be mistaken for another';
  if (newOnly !== undefined) return `not in the old universe: ${newOnly}`;
  const edited = steps.filter(({ edit }) => edit?.fault === name);
  if (edited.some(({ edit }) => ['omitted', 'moved', 'interrupted'].includes(edit?.change ?? '')))
    return 'what is left out, or done in another order, is done in no other universe';
  if (!edited.every((step) => 'host' in step && step.universe === 'new'))
    return 'it does not act on hosts of the new universe alone';
  return '';
}
