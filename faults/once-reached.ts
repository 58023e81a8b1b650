/** Readings of what is missing until a step brings it: before, it is missing by right. */
import type { Evidence, Reading, StepOutcome } from '../harness/contract/observation.ts';
import { evidenceFrom, type Judge } from './evidence.ts';
import { stepNamedBy } from './host-steps.ts';

/**
 * Evidence from those readings whose label is the id of a step that the upgrade came to (and, where one is wanted, with
 * that outcome); an upgrade that ended before shows nothing of the fault.
 */
export function evidenceOnceReached(
  fault: string,
  readings: readonly Reading[],
  timeline: readonly StepOutcome[],
  judge: Judge,
  wanted?: StepOutcome['outcome'],
): Evidence {
  const reached = new Set(
    timeline.filter(({ outcome }) => wanted === undefined || outcome === wanted).map(({ stepId }) => stepId),
  );
  const meant = readings.filter((reading) => reached.has(stepNamedBy(fault, reading)));
  return meant.length === 0
    ? evidenceFrom(readings, () => ({ says: 'nothing' }))
    : evidenceFrom(meant, judge);
}
