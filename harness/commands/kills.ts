/** `upfault kills`: whether an upgrade survives that one of its own processes is killed, at any moment. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { readEnvironment } from '../campaign/environment.ts';
import { findInstrument, interruptionOf } from '../campaign/instrument.ts';
import { assertWhole } from '../campaign/request.ts';
import { UsageError } from '../errors.ts';
import { runKills } from '../kills/kills.ts';
import { PROJECT_FOLDER } from '../setup/folders.ts';
import { refuseVainEngine, requestOf, type TrialOptions, withTrialOptions } from './trial-options.ts';

interface KillsArguments extends TrialOptions {
  readonly count: number;
  readonly process: 'driver' | 'upgrader';
  readonly out: string | undefined;
}

const MOST = 1000;

/** The command. Exit code 1 where a trial was not sound. */
export const killsCommand: CommandModule<object, KillsArguments> = {
  command: 'kills [count]',
  describe: 'Kill the driver at random moments of fault-free Imago trials, and check what is left',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .default('windows', 'unhurried')
      .positional('count', {
        type: 'number',
        default: Number(process.env.UPFAULT_KILLS ?? 8),
        describe: `Kills, one a trial, 1 to ${MOST}; default UPFAULT_KILLS, or 8`,
      })
      .option('process', {
        choices: ['driver', 'upgrader'],
        default: 'driver',
        describe: 'What is killed; an upgrader is started again',
      })
      .option('out', {
        type: 'string',
        describe: 'Results folder to make, and FOLDER-pilot beside it; default results/kills-TIME',
      }) as never,
  handler: async ({ count, process: killed, out, ...options }) => {
    assertWhole('kills:', count, 1, MOST);
    if (options.interrupt !== undefined)
      throw new UsageError('kills: --interrupt: the moments are drawn from the seed; use `run` to name one');
    const request = requestOf(
      { ...options, provocations: 'none' },
      { approaches: ['imago'], faults: [], reps: 1, controls: 0, port: 0 },
    );
    refuseVainEngine('kills', request);
    const name = `kills-${new Date().toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}`;
    const folder = path.resolve(out ?? path.join(PROJECT_FOLDER, 'results', name));
    for (const one of [folder, `${folder}-pilot`])
      if (existsSync(one))
        throw new UsageError(`kills: --out ${out ?? folder}: ${one} is there already; name a new folder`);
    const instrument = await findInstrument('kills', { hosts: request.hosts, scale: request.scale });
    const { sound, unsound, tooLate } = await runKills({
      ...instrument,
      request,
      process: killed,
      count,
      folder,
      environment: await readEnvironment(instrument),
      signal: interruptionOf('kills'),
      say: (line) => void process.stdout.write(`${line}\n`),
    });
    const late = tooLate === 0 ? '' : `, ${tooLate} came when nothing was left to kill`;
    process.stdout.write(`${sound} of ${count} sound, ${unsound} not${late}\n`);
    if (unsound > 0) process.exitCode = 1;
  },
};
