/** Writes the tables of a judgement beside the campaign's record. */
import { join } from 'node:path';
import { writeWhole } from '../results/files.ts';
import type { CampaignStore } from '../results/store.ts';
import { cellsOf } from './cells.ts';
import { detectorRows } from './gates/detectors.ts';
import { gatesTable } from './gates/table.ts';
import type { Judgement } from './judge.ts';
import { sensitivityOf } from './sensitivity.ts';
import { sensitivityTable } from './sensitivity-table.ts';
import { cellsTable, impactsTable, trialsTable } from './tables.ts';

/** `trials.csv`, `impacts.csv`, `cells.csv`, `gates.csv`, `sensitivity.csv`; earlier ones are replaced whole. Returns their paths. */
export async function writeJudgement(store: CampaignStore, judgement: Judgement): Promise<string[]> {
  const files: [string, string][] = [
    ['trials.csv', trialsTable(judgement.trials)],
    ['impacts.csv', impactsTable(judgement.trials)],
    ['cells.csv', cellsTable(cellsOf(judgement))],
    ['gates.csv', gatesTable(detectorRows(judgement.trials, judgement.gates))],
    ['sensitivity.csv', sensitivityTable(sensitivityOf(judgement))],
  ];
  for (const [name, text] of files) await writeWhole(join(store.folder, name), text);
  return files.map(([name]) => join(store.folder, name));
}
