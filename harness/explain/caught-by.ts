/** What would have caught each fault, as it was found by running the tools: `faults/caught-by.json`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { faults } from '../../faults/catalogue.ts';
import { writeWhole } from '../../results/files.ts';
import { PROJECT_FOLDER } from '../setup/folders.ts';

/** Written by `upfault rehearse --detectors`, read by `list`, `explain` and the pages. */
const CAUGHT_BY_FILE = path.join(PROJECT_FOLDER, 'faults/caught-by.json');

const CaughtByRow = z.strictObject({
  fault: z.string(),
  approach: z.string(),
  detector: z.string(),
  /** Whether it complained of something that it does not complain of on a control. */
  caught: z.boolean(),
  /** Its words, shortened; empty where it did not. */
  words: z.string(),
  /** From which the edit was drawn. */
  seed: z.number().int(),
});
/** One detector's answer about one fault. */
export type CaughtByRow = z.infer<typeof CaughtByRow>;

/** All rows; the file's own error where it is not what it must be. */
export function readCaughtBy(file: string = CAUGHT_BY_FILE): CaughtByRow[] {
  return z.array(CaughtByRow).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Rows in order, those of which the same fault, approach and detector was tried again replaced; others stay. */
export function mergeCaughtBy(former: readonly CaughtByRow[], tried: readonly CaughtByRow[]): CaughtByRow[] {
  const key = ({ fault, approach, detector }: CaughtByRow) => `${fault}/${approach}/${detector}`;
  const again = new Set(tried.map(key));
  const kept = former.filter((row) => !again.has(key(row)));
  return [...kept, ...tried].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Adds what was found to the file; of the catalogue's faults only, for nobody looks up any other. */
export async function recordCaughtBy(
  tried: readonly CaughtByRow[],
  file: string = CAUGHT_BY_FILE,
): Promise<void> {
  const ofCatalogue = tried.filter(({ fault }) => Object.hasOwn(faults, fault));
  // Parsed once more, which puts the fields of each row in one and the same order.
  const rows = z.array(CaughtByRow).parse(mergeCaughtBy(readCaughtBy(file), ofCatalogue));
  await writeWhole(file, `${JSON.stringify(rows, null, 2)}\n`);
}
