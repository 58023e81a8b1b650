/**
 * Every constant that a label depends on, each with its reason. Changing one changes labels, never records;
 * `docs/judgement.md` explains the rules that use them.
 */

/** Impacts, most severe first: what cannot be undone, then what serves nobody, then what harms some. */
export const IMPACTS = [
  'data loss',
  'full outage',
  'security vulnerability',
  'degraded throughput',
  'increased latency',
  'latent error',
] as const;
export type Impact = (typeof IMPACTS)[number];

/** `fault`: against controls of the same approach. `user`: against what users feel without an upgrade. */
export const CONTRASTS = ['fault', 'user'] as const;
export type Contrast = (typeof CONTRASTS)[number];

export type Label = 'yes' | 'no' | 'inconclusive';

/**
 * References without which nothing is called worse: with five, one that happens to be low cannot set the
 * spread alone, and the t quantile (5.6 at this budget) is still of use; with three it is 14.
 */
export const MIN_REFERENCES = 5;

/** Chance, in one contrast, that a trial which does not differ gets a performance label: one in a hundred. */
export const FALSE_ALARM_BUDGET = 0.01;

/** Figures among which the budget is split evenly (Bonferroni): success ratio, completed requests, p50, p95. */
export const PERFORMANCE_FIGURES = 4;

/** Five points: one failure in twenty is what a user of a multi-page visit meets; less is within retry's reach. */
export const SUCCESS_RATIO_EFFECT = 0.05;

/** A tenth of the completed requests: smaller losses are within what arrivals and think times vary by. */
export const COMPLETED_EFFECT = 0.1;

/** 1.25 times: twice the spread of identical systems (12 to 13 % of the mean in twelve fresh starts). */
export const LATENCY_EFFECT_RATIO = 1.25;

/** And 2 ms: below it a quarter more of a short answer is the scheduler's doing and nobody's experience. */
export const LATENCY_EFFECT_MS = 2;

/**
 * References from which on latencies are adjusted for the machine's speed. The slope costs a degree of freedom: with five the
 * bound would be a third further out, with ten a thirtieth.
 */
export const ADJUSTED_REFERENCES = 10;

/** Answers without which a 95th percentile does not rest on at least five of them. */
export const MIN_ANSWERS = 100;

/** 3 s in which nobody is served: longer than a reload or a failover that goes well. */
export const OUTAGE_S = 3;

/** At most one request in twenty succeeds: an outage in which a cached page still answers is one. */
export const OUTAGE_SERVED_SHARE = 0.05;

/**
 * Outages are looked for in windows of 1 s that slide by one 100 ms bin: one bin holds too few requests for a
 * share of 5 % to mean anything, so that a lone empty bin would count and a bin with one success would hide
 * the middle of an outage.
 */
export const OUTAGE_WINDOW_MS = 1000;

/** Offered requests without which a window is not judged: one success in twenty is 5 %. Low rates get longer windows. */
export const OUTAGE_WINDOW_REQUESTS = 20;

/**
 * Share of the cores' time that may be used up: past it what is measured is the machine. Pressure (work that waits for a
 * CPU) is recorded too but does not decide: hosts that have used up their own budget count as waiting.
 */
export const CPU_BUSY_LIMIT = 0.95;

/** One request in a hundred not sent when it was due, though the load generator had room: it lags itself. */
export const LATE_STARTS_LIMIT = 0.01;

/** Of the requests that a horizon's rate makes due, those that must be offered: fewer, and the load ended before it did. */
export const LOAD_COVERED = 0.99;

/**
 * Share of CPU periods in which a part of the instrument itself may be throttled. The hosts of the system are
 * not limited here: their budgets are the system's capacity, and running into them is an effect, not noise.
 */
export const INSTRUMENT_THROTTLED_LIMIT = 0.05;

/** Names under which parts of the instrument appear among the throttled. */
export const INSTRUMENT_PARTS: readonly string[] = ['ingress', 'interceptor'];

/**
 * A faulty host that does less than this part of its share of its tier's work (CPU time, against controls) was
 * stood in for by the others. Shares of sound hosts vary by about a tenth.
 */
export const WORK_SHARE_LEFT = 0.75;

/** Chance that a campaign on a steady machine is said to drift: it costs a look, and no label. Split over the figures that vary. */
export const DRIFT_ALPHA = 0.05;

/** Chance with which an effect is to be labelled where a report says from which size on. */
export const DETECTABLE_CHANCE = 0.9;

/** Controls of a kind with which a performance label is a fine instrument: more of them gain little. */
export const AMPLE_REFERENCES = 20;

/** Two-sided level of the exact intervals around shares. */
export const SHARE_CONFIDENCE = 0.95;

/** Significant digits in tables: more than any figure deserves, few enough to read. */
export const TABLE_DIGITS = 6;
