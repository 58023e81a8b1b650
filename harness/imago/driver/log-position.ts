/** Places in a binary log as numbers that can be compared. */
import type { LogPosition } from './protocol.ts';

/** How recent rows are, in ranks of their server's log: all transactions up to `seen` show in them, none beyond `latest`. */
export interface AsOf {
  readonly seen: number;
  readonly latest: number;
}

/** A log's files hold at most 4 GiB, as positions in them have 32 bits. */
const FILE_BYTES = 2 ** 32;

/**
 * Order of a place among all places of the same server's log: exact in a double for the first two million files.
 * @throws if the file has no number at its end
 */
export function rankOf({ file, position }: LogPosition): number {
  const number = /\.(\d+)$/.exec(file)?.[1];
  if (number === undefined) {
    throw new Error(`binary log: ${file}: a name that ends in a number is wanted`);
  }
  return Number(number) * FILE_BYTES + position;
}

/** The place with this rank, in a log whose files are named like `sample`. */
export function positionOf(rank: number, sample: string): LogPosition {
  const number = Math.floor(rank / FILE_BYTES);
  const digits = /\.(\d+)$/.exec(sample)?.[1] ?? '';
  const base = sample.slice(0, sample.length - digits.length);
  return { file: `${base}${String(number).padStart(digits.length, '0')}`, position: rank % FILE_BYTES };
}
