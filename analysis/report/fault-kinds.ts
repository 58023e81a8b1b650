/** How often each type of fault meets each violation: what a comparison of types, or of violations, rests on. */
import type { FaultKindRow } from '../charts/fault-kinds.ts';
import type { TrialSummary } from './summaries.ts';

/** Faults of one kind, their trials, and how often users were reached. */
export interface KindCounts extends Pick<FaultKindRow, 'faults' | 'trials'> {
  /** Trials that tell whether users were reached, and those in which they were. */
  readonly decided: number;
  readonly reached: number;
}

/** One pair. */
export type KindCell = FaultKindRow & KindCounts;

/** Every pair of a type and a violation that occur, also the pairs without a fault. */
export interface FaultKinds {
  readonly types: readonly number[];
  readonly violations: readonly string[];
  readonly cells: readonly KindCell[];
  /** Several faults at once, which have neither one type nor one violation. */
  readonly compositions: KindCounts;
  /** What the table is good for, in a sentence or two. */
  readonly caveat: string;
}

/** Words that do not tell whether users were reached. */
const UNTOLD: ReadonlySet<string> = new Set(['', 'undecided', 'unfinished', 'inapplicable', 'not-reached']);

/** Whether a word of containment says if users were reached: a step that an approach lacks could reach nobody. */
export function isToldOf(containment: string): boolean {
  return !UNTOLD.has(containment);
}

/** Counts trials with a fault; controls have neither type nor violation. */
export function faultKinds(trials: readonly TrialSummary[]): FaultKinds {
  const planted = trials.filter(({ role, variant }) => role === 'fault' && variant === '');
  const single = planted.filter(({ fault }) => !isComposition(fault));
  const types = [...new Set(single.map(({ type }) => type))].sort((a, b) => a - b);
  const violations = [...new Set(single.map(({ violation }) => violation))].sort();
  const cells = types.flatMap((type) =>
    violations.map((violation) => ({
      type,
      violation,
      ...countsOf(single.filter((trial) => trial.type === type && trial.violation === violation)),
    })),
  );
  const compositions = countsOf(planted.filter(({ fault }) => isComposition(fault)));
  return { types, violations, cells, compositions, caveat: caveatOf(cells) };
}

/** A composition is recorded under the names of its faults, with the type of the first. */
function isComposition(fault: string): boolean {
  return fault.includes('+');
}

function countsOf(trials: readonly TrialSummary[]): KindCounts {
  const decided = trials.filter(({ containment }) => isToldOf(containment));
  return {
    faults: new Set(trials.map(({ fault }) => fault)).size,
    trials: trials.length,
    decided: decided.length,
    reached: decided.filter(({ containment }) => containment === 'reached-users').length,
  };
}

function caveatOf(cells: readonly KindCell[]): string {
  const counts = cells.map(({ faults }) => faults);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (cells.length === 0 || fewest === most)
    return `Types and violations are crossed evenly: every pair has ${fewest} fault${fewest === 1 ? '' : 's'}.`;
  const empty = counts.filter((count) => count === 0).length;
  const gaps = empty === 0 ? '' : ` ${empty} of ${counts.length} pairs have no fault at all.`;
  return `Types and violations are not crossed evenly: a pair has ${fewest} to ${most} faults.${gaps} What looks like a difference between types may be one between violations, and the other way round; the catalogue’s faults are no sample of what happens in the field.`;
}
