/** Finding the steps of Imago's own procedure by what they do, whatever a plan calls them. */
import type { ImagoAction } from '../harness/contract/imago-step.ts';
import type { ImagoStep, Step } from '../harness/contract/step.ts';

/** Whether a step is one that does this. */
export function does(action: ImagoAction['do']): (step: Step) => step is ImagoStep {
  return (step): step is ImagoStep => step.kind === 'imago' && step.action.do === action;
}

/** The steps that do this, in order. */
export function stepsThat(action: ImagoAction['do'], steps: readonly Step[]): ImagoStep[] {
  return steps.filter(does(action));
}
