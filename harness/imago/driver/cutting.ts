/** Where a chunk ends. */
import type { Session } from './session.ts';
import { cutStatement, type KeyRange, type TablePlan } from './statements.ts';

/**
 * Keys of U_old above `low` (from the first, if absent) up to that of the last of `rows` rows. Where fewer are left the
 * range has no upper end: a copy that asked for them one by one would run after rows that clients add.
 */
export async function nextRange(
  session: Session,
  plan: TablePlan,
  low: bigint | undefined,
  rows: number,
): Promise<KeyRange> {
  const [high, found] = (await session.one(cutStatement(plan, low, rows))).rows[0] ?? [];
  const isEnd = high === null || high === undefined || Number(found) < rows;
  return { ...(low === undefined ? {} : { low }), ...(isEnd ? {} : { high: BigInt(high) }) };
}
