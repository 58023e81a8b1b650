/** Taking back what an earlier driver wrote and did not live to compare. */
import { type Progress, progressStatement } from './checkpoint.ts';
import { name, within } from './statements.ts';
import type { Table, Work } from './work.ts';

/** Removes rows that an earlier driver wrote and did not live to compare: they are copied again. */
export async function takeBackUncompared(
  work: Work,
  { plan }: Table,
  { copied, compared, copiedRows, chunks }: Progress,
): Promise<void> {
  if (copied === compared) {
    return;
  }
  const range = {
    ...(typeof compared === 'bigint' ? { low: compared } : {}),
    ...(typeof copied === 'bigint' ? { high: copied } : {}),
  };
  await work.transaction(async () => [
    `DELETE FROM ${name(plan.target)} WHERE ${within(name(plan.key), range)}`,
    progressStatement(plan.name, { copied: compared, compared, copiedRows, chunks }),
  ]);
}
