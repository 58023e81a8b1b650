/** What became of trials that were asked for and not completed, in words: the same in the page, in its notes and on a terminal. */
import type { Attrition } from './cells.ts';

/** Trials that were asked for and not completed, for one reason. */
export interface AttritionPart {
  readonly what: string;
  readonly count: number;
  /** Whether they say nothing, not even how far the fault got. */
  readonly isLost: boolean;
}

/** The reasons that occur in some cells, first those that still say how far a fault got. */
export function attritionParts(all: readonly Attrition[]): AttritionPart[] {
  const part = (what: string, isLost: boolean, of: (attrition: Attrition) => number) => ({
    what,
    isLost,
    count: all.reduce((total, attrition) => total + of(attrition), 0),
  });
  return [
    part('not applicable', false, (a) => a.notApplicable),
    part('not reached', false, (a) => a.notReached),
    part('not injected', true, (a) => a.notInjected),
    part('testbed failed', true, (a) => a.harnessFailed),
    part('interrupted', true, (a) => a.interrupted),
    part('damaged', true, (a) => a.damaged),
    part('never begun', true, (a) => a.missing),
  ].filter(({ count }) => count > 0);
}

/** `2 not reached, 1 damaged`. */
export function attritionText(parts: readonly AttritionPart[]): string {
  return parts.map(({ what, count }) => `${count} ${what}`).join(', ');
}
