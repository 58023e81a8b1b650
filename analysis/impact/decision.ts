/** A label and everything that is needed to defend it. */
import type { References } from '../references.ts';
import { type Label, MIN_REFERENCES } from '../rules.ts';

/** One impact of one trial in one contrast. Null where there is no such number. */
export interface Decision {
  readonly label: Label;
  /** Name and unit of the figure that decided, such as `p95_ms`. */
  readonly figureName: string;
  readonly figure: number | null;
  /** Value that the figure had to pass; beyond it lies harm. */
  readonly bound: number | null;
  /** Size of the effect against the references' centre, in the unit that `threshold` has. */
  readonly effect: number | null;
  readonly threshold: number | null;
  readonly reason: string;
  /** Ids of the references that decided. */
  readonly references: readonly string[];
}

/** A decision without a label: not measured, or nothing to compare with. */
export function inconclusive(
  figureName: string,
  figure: number | null,
  reason: string,
  references: References,
): Decision {
  return {
    label: 'inconclusive',
    figureName,
    figure,
    bound: null,
    effect: null,
    threshold: null,
    reason,
    references: idsOf(references),
  };
}

/** Ids of the references, in their order. */
export function idsOf(references: References): string[] {
  return references.trials.map((trial) => trial.record.trialId);
}

/** `3 controls of rolling that ended in state new, 5 are wanted`. */
export function tooFew(count: number, kind: string): string {
  return `${count} ${kind}, at least ${MIN_REFERENCES} are wanted`;
}
