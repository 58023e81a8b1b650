/** Chance for one client, drawn from the trial's seed: the same seed gives the same clients. No imports. */

/** Draws of one client. */
export interface Draws {
  /** Uniform in [0, 1). */
  readonly unit: () => number;
  /** Whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
}

/**
 * Draws for client `client` of the trial with seed `seed`: mulberry32 (a 32-bit generator by Tommy
 * Ettinger), whose state is mixed from both numbers, so that neighbouring clients do not resemble each other.
 */
export function drawsFor(seed: number, client: number): Draws {
  let state = mix(mix(seed >>> 0) ^ Math.imul(client, 0x9e3779b9));
  const unit = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
  return { unit, between: (low, high) => low + Math.floor(unit() * (high - low + 1)) };
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
