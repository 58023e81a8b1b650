/**
 * Seeded chance. Every stream is derived from the trial's seed and a name, so that a new use of chance in
 * one place leaves the choices of all others as they were.
 */
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Random } from '../contract/random.ts';

/** The stream of chance called `name` of a seed. */
export function randomStream(seed: number, name: string): Random {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  const generator = xoroshiro128plus(digest.readInt32LE(0));
  const below = (limit: number): number => {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`draw from stream ${name}: limit ${limit} is not a whole number of at least 1`);
    }
    return uniformInt(generator, 0, limit - 1);
  };
  return {
    below,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError(`draw from stream ${name}: nothing to pick from`);
      return value;
    },
    shuffle: (values) => {
      const rest = [...values];
      for (let index = rest.length - 1; index > 0; index -= 1) {
        const other = below(index + 1);
        [rest[index], rest[other]] = [
          rest[other] as (typeof rest)[number],
          rest[index] as (typeof rest)[number],
        ];
      }
      return rest;
    },
  };
}

/** A seed for part `name` of a campaign: a non-negative 31-bit whole number. */
export function derivedSeed(seed: number, name: string): number {
  return createHash('sha256').update(`${seed}/${name}`).digest().readUInt32LE(0) >>> 1;
}
