/** Constants of a comparison of two campaigns, each with its reason; `docs/nightly.md` explains them. */

/** Chance that a comparison of two campaigns of the same build alarms: with one a night, once in fifty nights at most. */
export const ALARM_BUDGET = 0.02;

/**
 * Parts of the budget: events by cell; events over cells together, where single trials say too little; figures of
 * controls. Figures get half, because they are many and their tests approximate.
 */
export const CELLS_ALPHA = ALARM_BUDGET / 4;
export const TOGETHER_ALPHA = ALARM_BUDGET / 4;
export const FIGURES_ALPHA = ALARM_BUDGET / 2;

/** Trials a side without which a figure's spread is not known well enough: the references of a label, likewise. */
export const MIN_TRIALS = 5;

/** A latency matters as for a label: 1.25 times and 2 ms. Quiescence is felt as a pause: half as long again, and 20 ms, a frame of a video. */
export const QUIESCENCE_RATIO = 1.5;
export const QUIESCENCE_MS = 20;

/** An upgrade that takes a quarter longer, or leases a quarter more, is worth a look; a second and 50 MB are not. */
export const COST_RATIO = 1.25;
export const UPGRADE_S = 1;
export const LEASED_CPU_S = 1;
export const LEASED_MB = 50;
