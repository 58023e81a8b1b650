/** Where a benchmark's trials are recorded: of no use once they have been measured, unless one went wrong. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TrialRecord } from '../../results/schema.ts';

/**
 * Runs trials that record in a new folder, which is removed when all of them have completed, and when they are broken off.
 * @throws Error where a trial did not complete, with the folder: it says why
 */
export async function inScratch(
  operation: string,
  run: (folder: string) => Promise<readonly TrialRecord[]>,
): Promise<readonly TrialRecord[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'upfault-bench-'));
  let broken: TrialRecord | undefined;
  try {
    const records = await run(folder);
    broken = records.find(({ outcome }) => outcome !== 'completed');
    if (broken === undefined) return records;
  } finally {
    if (broken === undefined) await rm(folder, { recursive: true, force: true });
  }
  throw new Error(
    `${operation}: ${broken.trialId} ended as ${broken.outcome}: ${broken.outcomeReason}; its record is in ${folder}`,
  );
}
