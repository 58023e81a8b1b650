/** The lengths of a trial's windows. The horizon is fixed, so that a long upgrade does not dilute its harm. */
import type { Windows } from '../contract/plan.ts';
import type { ProvocationSet } from '../contract/settle.ts';

/**
 * `quick` fits a rolling upgrade of the default size, 14 to 20 s on two cores, and Imago's, with little to spare;
 * `unhurried` is `quick` with room for processes that are killed and begin again, and for busy machines;
 * `standard` and `long` leave room for faults that act slowly and for slower machines.
 * Clients connect in the warm-up but for its last half second, which is like what counts. A load above the standard one
 * lengthens it.
 */
export const windowsByName = {
  quick: { name: 'quick', warmUpS: 3.5, beforeS: 1, horizonS: 22, dwellS: 0.1 },
  unhurried: { name: 'unhurried', warmUpS: 3.5, beforeS: 1, horizonS: 40, dwellS: 0.1 },
  standard: { name: 'standard', warmUpS: 10, beforeS: 15, horizonS: 60, dwellS: 3 },
  long: { name: 'long', warmUpS: 20, beforeS: 60, horizonS: 300, dwellS: 15 },
} satisfies Record<string, Windows>;

/** Name of a set of windows. */
export type WindowsName = keyof typeof windowsByName;

/** What a trial meets at its end where nobody says: in short windows, what takes little time beside them. */
export const provocationsByWindows = {
  quick: 'quick',
  unhurried: 'quick',
  standard: 'all',
  long: 'all',
} satisfies Record<WindowsName, ProvocationSet>;
