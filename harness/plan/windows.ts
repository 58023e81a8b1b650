/** The lengths of a trial's windows. The horizon is fixed, so that a long upgrade does not dilute its harm. */
import type { Windows } from '../contract/plan.ts';

/**
 * `quick` fits a rolling upgrade of the default size, 20 to 26 s on two cores, with some seconds to spare;
 * `standard` and `long` leave room for faults that act slowly and for slower approaches.
 * Warm-up is at least 6 s: in the first seconds p99 is several times that of later ones.
 */
export const windowsByName = {
  quick: { name: 'quick', warmUpS: 5, beforeS: 1, horizonS: 25, dwellS: 0.2 },
  standard: { name: 'standard', warmUpS: 10, beforeS: 15, horizonS: 60, dwellS: 3 },
  long: { name: 'long', warmUpS: 20, beforeS: 60, horizonS: 300, dwellS: 15 },
} satisfies Record<string, Windows>;

/** Name of a set of windows. */
export type WindowsName = keyof typeof windowsByName;
