/** Stretches of a plan in which hosts are worked on side by side: what is put into one makes its hosts wait. */
import type { Step } from '../harness/contract/step.ts';

/** The first step of the stretch that a step belongs to; the step itself where it is in none. */
export function beginningOf(steps: readonly Step[], step: Step): Step {
  if (step.lane === undefined) return step;
  return steps.find(({ lane }) => lane?.stretch === step.lane?.stretch) ?? step;
}
