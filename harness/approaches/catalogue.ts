/** All ways of upgrading. */
import type { ApproachName } from '../contract/plan.ts';
import type { Approach } from './approach.ts';
import { imago } from './imago.ts';
import { none } from './none.ts';
import { rolling } from './rolling.ts';

/** Approaches by name. */
export const approaches = { none, rolling, imago } satisfies Record<ApproachName, Approach>;
