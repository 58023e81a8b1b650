/** Rows that were there before the first client came: the same after the upgrade as before it. */
import type { LedgerSpec } from '../contract/scenario.ts';
import type { Release } from '../contract/topology.ts';
import { type Query, readTable } from './ledger-table.ts';

/** `rows` and `checksum` of each bucket, by `NAME/BUCKET`. */
export type SeedBuckets = ReadonlyMap<string, string>;

/** The seed rows as they were read, and what could not be. */
export interface SeedRows {
  readonly buckets: SeedBuckets;
  /** Names of the statements that were read. */
  readonly names: readonly string[];
  readonly unreadable: readonly string[];
}

/** Reads the seed rows, by default as they are in the old shape right after provisioning. */
export async function readSeedRows(
  spec: LedgerSpec,
  query: Query,
  shape: Release = 'old',
): Promise<SeedRows> {
  const buckets = new Map<string, string>();
  const names: string[] = [];
  const unreadable: string[] = [];
  for (const { name, statement } of spec.seedRows(shape)) {
    const subject = `seed rows ${name} in the ${shape} shape`;
    const table = await readTable(query, statement, subject, ['bucket', 'rows', 'checksum']);
    if (!table.read) {
      unreadable.push(table.reason);
      continue;
    }
    names.push(name);
    const place = (column: string) => table.columns.indexOf(column);
    for (const row of table.rows) {
      const key = `${name}/${row[place('bucket')]}`;
      if (buckets.has(key)) unreadable.push(`${subject}: bucket ${key} twice`);
      buckets.set(key, `${row[place('rows')]} rows, checksum ${row[place('checksum')]}`);
    }
  }
  return { buckets, names, unreadable };
}

/** A bucket that is not as it was. */
export interface SeedDifference {
  readonly bucket: string;
  readonly detail: string;
}

/** Buckets that differ, came or went; those of statements that were not read both times are left to `unreadable`. */
export function seedDifferences(before: SeedRows, after: SeedRows): SeedDifference[] {
  const comparable = (bucket: string) =>
    [before, after].every(({ names }) => names.some((name) => bucket.startsWith(`${name}/`)));
  const all = new Set([...before.buckets.keys(), ...after.buckets.keys()].filter(comparable));
  return [...all].flatMap((bucket) => {
    const was = before.buckets.get(bucket) ?? 'absent';
    const is = after.buckets.get(bucket) ?? 'absent';
    return was === is ? [] : [{ bucket, detail: `${bucket}: ${was} became ${is}` }];
  });
}
