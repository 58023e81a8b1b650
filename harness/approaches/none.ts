/** No upgrade: what users feel anyway, under the same load for the same time. */
import type { Approach } from './approach.ts';

/** The approach `none`. */
export const none: Approach = {
  name: 'none',
  universe: 'old',
  summary: 'No upgrade at all: the same load over the same horizon, to see what users feel anyway.',
  procedure: () => ({ upgrade: [], rollback: [] }),
};
