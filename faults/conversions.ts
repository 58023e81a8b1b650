/**
 * Conversions of data as edits: the projections by which a step converts, in place or into a parallel universe. What
 * is compared later is compared by the same projections, as it would be if somebody had declared them so.
 */
import type { Projection } from '../harness/contract/projection.ts';
import type { Step } from '../harness/contract/step.ts';
import { stepsThat } from './imago-actions.ts';

/** Projections by which a step converts; none for steps that convert nothing. */
export function projectionsOf(step: Step): readonly Projection[] {
  if (step.kind === 'convert') return [step.projection];
  return step.kind === 'imago' && step.action.do === 'start-driver' ? step.action.projections : [];
}

/** The step with which a conversion that `step` does or begins is complete. */
export function completionOf(step: Step, steps: readonly Step[]): Step | undefined {
  return step.kind === 'imago' ? stepsThat('await-transfer', steps)[0] : step;
}

/** The same step, converting by other projections. */
export function withProjections<S extends Step>(step: S, change: (projection: Projection) => Projection): S;
export function withProjections(step: Step, change: (projection: Projection) => Projection): Step {
  if (step.kind === 'convert') return { ...step, projection: change(step.projection) };
  if (step.kind !== 'imago' || step.action.do !== 'start-driver') return step;
  return { ...step, action: { ...step.action, projections: step.action.projections.map(change) } };
}
