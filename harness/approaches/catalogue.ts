/** All ways of upgrading. */
import type { ApproachName } from '../contract/plan.ts';
import type { Approach } from './approach.ts';
import { imago } from './imago.ts';
import { none } from './none.ts';
import { rolling } from './rolling.ts';

/** Approaches by name. */
export const approaches = { none, rolling, imago } satisfies Record<ApproachName, Approach>;

/** Names of all of them, in that order. */
export const APPROACH_NAMES = Object.keys(approaches) as ApproachName[];

/** Those that upgrade anything. */
export const UPGRADES: ApproachName[] = APPROACH_NAMES.filter((name) => name !== 'none');

/** Whether an approach of this name, if there is one, has a parallel universe. */
export function hasParallelUniverse(name: string): boolean {
  return APPROACH_NAMES.some((known) => known === name && approaches[known].universe === 'new');
}
