/**
 * The four violations as edits of a list of steps (slides, "Upgrade Faults"): omit an action, do it
 * incorrectly, insert a spurious one, invert two. Each returns new lists and leaves its mark on what it touched.
 */
import type { EditMark, Step, StepId } from '../harness/contract/step.ts';

/** Leaves out every step that matches; reaching the place is still recorded. */
export function omit(
  fault: string,
  steps: readonly Step[],
  matches: (step: Step) => boolean,
  note: string,
): Step[] {
  return steps.map((step) =>
    matches(step)
      ? {
          kind: 'omitted',
          id: step.id,
          title: step.title,
          universe: step.universe,
          was: step,
          edit: mark(fault, 'omitted', note),
        }
      : step,
  );
}

/** Replaces every step that matches by what `wrong` makes of it; the id stays. */
export function replace<S extends Step>(
  fault: string,
  steps: readonly Step[],
  matches: (step: Step) => step is S,
  wrong: (step: S) => Step,
  note: string,
): Step[] {
  return steps.map((step) =>
    matches(step) ? { ...wrong(step), id: step.id, edit: mark(fault, 'replaced', note) } : step,
  );
}

/** Inserts steps right before the first step that matches; none there: the list as it was. */
export function insertBefore(
  fault: string,
  steps: readonly Step[],
  matches: (step: Step) => boolean,
  spurious: readonly Step[],
  note: string,
): Step[] {
  const index = steps.findIndex(matches);
  if (index < 0) return [...steps];
  const marked = spurious.map((step) => ({ ...step, edit: mark(fault, 'inserted', note) }));
  return [...steps.slice(0, index), ...marked, ...steps.slice(index)];
}

/** Inserts steps right behind the first step that matches; none there: the list as it was. */
export function insertAfter(
  fault: string,
  steps: readonly Step[],
  matches: (step: Step) => boolean,
  spurious: readonly Step[],
  note: string,
): Step[] {
  const index = steps.findIndex(matches);
  if (index < 0) return [...steps];
  const marked = spurious.map((step) => ({ ...step, edit: mark(fault, 'inserted', note) }));
  return [...steps.slice(0, index + 1), ...marked, ...steps.slice(index + 1)];
}

/** Moves the step with id `later` right before the step with id `earlier`. */
export function invert(
  fault: string,
  steps: readonly Step[],
  earlier: StepId,
  later: StepId,
  note: string,
): Step[] {
  const moved = steps.find((step) => step.id === later);
  const index = steps.findIndex((step) => step.id === earlier);
  if (moved === undefined || index < 0 || steps.indexOf(moved) < index) return [...steps];
  const rest = steps.filter((step) => step !== moved);
  return [...rest.slice(0, index), { ...moved, edit: mark(fault, 'moved', note) }, ...rest.slice(index)];
}

/** Moves every step that matches, in their order, right before the step with id `earlier`, which came before all of them. */
export function bringForward(
  fault: string,
  steps: readonly Step[],
  matches: (step: Step) => boolean,
  earlier: StepId,
  note: string,
): Step[] {
  const index = steps.findIndex((step) => step.id === earlier);
  const moved = steps.slice(index).filter(matches);
  if (index < 0 || moved.length === 0) return [...steps];
  const marked = moved.map((step) => ({ ...step, edit: mark(fault, 'moved', note) }));
  const rest = steps.slice(index).filter((step) => !moved.includes(step));
  return [...steps.slice(0, index), ...marked, ...rest];
}

/** Moves the step with id `moved` right behind the step with id `behind`, which it came before. */
export function postpone(
  fault: string,
  steps: readonly Step[],
  moved: StepId,
  behind: StepId,
  note: string,
): Step[] {
  const step = steps.find(({ id }) => id === moved);
  const index = steps.findIndex(({ id }) => id === behind);
  if (step === undefined || index < steps.indexOf(step)) return [...steps];
  const late: Step = { ...step, edit: mark(fault, 'moved', note) };
  return steps.flatMap((one, at) => (one === step ? [] : at === index ? [one, late] : [one]));
}

function mark(fault: string, change: EditMark['change'], note: string): EditMark {
  return { fault, change, note };
}
