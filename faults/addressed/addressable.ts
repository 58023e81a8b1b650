/** Whether a step can be addressed in a plan, and which of its steps somebody may have meant instead. */
import type { Step, StepId } from '../../harness/contract/step.ts';

/** How many ids a message names. */
const NAMED = 3;

/** Why a step cannot be addressed in a plan, with the ids that may have been meant; empty where it can. */
export function unaddressable(id: StepId, steps: readonly Step[]): string {
  if (steps.length === 0) return `the procedure has no steps, and so no step ${id}`;
  if (steps.some((step) => step.id === id)) return '';
  const whole = steps.find((step) => step.kind === 'parallel' && step.steps.some((part) => part.id === id));
  if (whole !== undefined)
    return `step ${id} is a part of ${whole.id}, which is done, and can be addressed, as a whole`;
  const nearest = nearestIds(
    id,
    steps.map((step) => step.id),
  );
  return `the procedure has no step ${id}; nearest are ${nearest.join(', ')}`;
}

/** The ids nearest to one that there is not, by the number of characters to change. */
function nearestIds(id: StepId, known: readonly StepId[]): StepId[] {
  return [...known].sort((one, other) => distance(id, one) - distance(id, other)).slice(0, NAMED);
}

/** Levenshtein's distance: characters left out, put in or exchanged. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at];
    for (let index = 1; index <= to.length; index += 1) {
      const exchanged = (row[index - 1] ?? 0) + (from[at - 1] === to[index - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
