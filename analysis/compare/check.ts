/** What a comparison says of one cell in one respect. */

/**
 * `worse`: a regression. `changed`: worse in the figure, but too few trials, or too little, to exclude chance, a slower machine or
 * a failure of the testbed. `same`: not worse. `undecided`: one campaign shows nothing of it.
 */
export type CheckVerdict = 'worse' | 'changed' | 'same' | 'undecided';

/** One check of one cell; the unit of the JUnit file and of `--json`. */
export interface Check {
  /** Cell, or the cells that are taken together, such as `imago, all cells`. */
  readonly cell: string;
  /** What is looked at, such as `impact: full outage`, `gate: health`, `figure: p95_ms`. */
  readonly check: string;
  readonly verdict: CheckVerdict;
  /** Share of trials with the event, or the figure's centre; null where there is none. */
  readonly base: number | null;
  readonly next: number | null;
  /** Trials that each rests on. */
  readonly baseTrials: number;
  readonly nextTrials: number;
  /** For events: the corrected p value of the trials that count, and what it must not exceed. Null for figures. */
  readonly p: number | null;
  readonly alpha: number | null;
  /** For figures: value beyond which NEW is worse. Null for events. */
  readonly bound: number | null;
  /** The same in words, with what would decide where nothing is decided. */
  readonly message: string;
  /** Trials of NEW in which it is to be seen. */
  readonly trials: readonly string[];
}
