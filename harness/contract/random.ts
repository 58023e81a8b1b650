/** Chance, drawn only from the trial's one recorded seed. */
export interface Random {
  /** Whole number from 0 to `limit - 1`. */
  readonly below: (limit: number) => number;
  /** One of the values. */
  readonly pick: <T>(values: readonly [T, ...T[]] | readonly T[]) => T;
  /** A new array in random order. */
  readonly shuffle: <T>(values: readonly T[]) => T[];
}
