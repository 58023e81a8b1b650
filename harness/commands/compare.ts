/** `upfault compare BASE NEW`: what became worse between two campaigns, for nightly runs; needs no container. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { NotComparable } from '../../analysis/compare/cells.ts';
import { compareCampaigns, regressionsOf } from '../../analysis/compare/compare.ts';
import { junitErrorText, junitText } from '../../analysis/compare/junit.ts';
import { comparisonJson, comparisonText } from '../../analysis/compare/text.ts';
import { type Judgement, judgeCampaign } from '../../analysis/judge.ts';
import { RecordError } from '../../results/errors.ts';
import { writeWhole } from '../../results/files.ts';
import { openCampaign } from '../../results/store.ts';
import { UsageError } from '../errors.ts';

interface CompareArguments {
  readonly base: string;
  readonly new: string;
  readonly junit: string | undefined;
  readonly json: boolean;
}

/** Exit code where something became worse. */
const REGRESSION = 3;

/** The command. Exit code 3 where NEW is worse; 2 where the two cannot be read or compared. */
export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare <base> <new>',
  describe: 'Say what became worse from one campaign to the next; exit code 3 on a regression',
  builder: (yargs) =>
    yargs
      .positional('base', {
        type: 'string',
        demandOption: true,
        describe: 'Results folder of the campaign that counts as good',
      })
      .positional('new', {
        type: 'string',
        demandOption: true,
        describe: 'Results folder of the campaign in question',
      })
      .option('junit', { type: 'string', describe: 'File to write as JUnit XML' })
      .option('json', { type: 'boolean', default: false, describe: 'Print all checks as JSON' }) as never,
  handler: async ({ base, new: next, junit, json }) => {
    if (junit !== undefined) await assertFolderOf(junit);
    const { before, after, comparison } = await bothCompared(base, next).catch(async (error: unknown) => {
      const names = { base, next, startedAt: new Date().toISOString() };
      await save(junit, () => junitErrorText(error instanceof Error ? error.message : String(error), names));
      throw error;
    });
    const names = { base, next, startedAt: after.campaign.startedAt };
    process.stdout.write(json ? comparisonJson(comparison, names) : `${comparisonText(comparison)}\n`);
    for (const { error } of [...before.left.damaged, ...after.left.damaged])
      process.stderr.write(`upfault: compare: a trial is left out: ${error.message}\n`);
    if (regressionsOf(comparison).length > 0) process.exitCode = REGRESSION;
    await save(junit, () => junitText(comparison, names));
  },
};

/** Before minutes of reading, and before a result could be lost for it. */
async function assertFolderOf(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`compare: --junit ${file}: there is no folder ${folder}`);
}

/** Writes the JUnit file where one is wanted. That it cannot be written is told, and takes no result back. */
async function save(file: string | undefined, text: () => Promise<string>): Promise<void> {
  if (file === undefined) return;
  try {
    await writeWhole(file, await text());
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    process.stderr.write(`upfault: compare: ${error.message}\n`);
    process.exitCode ||= 1;
  }
}

async function bothCompared(base: string, next: string) {
  const [before, after] = [await sideOf(base), await sideOf(next)];
  return { before, after, comparison: compared(base, next, before, after) };
}

/** Whatever makes a folder unusable here is bad input: a nightly run must not take it for a regression, nor for none. */
async function sideOf(folder: string): Promise<Judgement> {
  try {
    const store = await openCampaign(folder);
    const judgement = await judgeCampaign(store);
    for (const { error } of judgement.left.damaged) if (error.kind === 'newer-version') throw error;
    return judgement;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new UsageError(`compare: ${error.message}`, { cause: error });
  }
}

function compared(base: string, next: string, before: Judgement, after: Judgement) {
  try {
    return compareCampaigns(before, after);
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error;
    throw new UsageError(`compare: ${base} and ${next} cannot be compared: ${error.message}`, {
      cause: error,
    });
  }
}
