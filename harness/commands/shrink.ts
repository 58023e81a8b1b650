/** `upfault shrink DIR TRIAL`: which of the faults of a harmful composition are needed for its impact. */
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { judgeCampaign } from '../../analysis/judge.ts';
import { openCampaign } from '../../results/store.ts';
import { readEnvironment } from '../campaign/environment.ts';
import { findInstrument, interruptionOf } from '../campaign/instrument.ts';
import { assertWhole } from '../campaign/request.ts';
import { UsageError } from '../errors.ts';
import { openReduction, recordDecision, runParts } from '../shrink/runner.ts';
import { type ShrinkDecision, shrink, shrunkText, whyNotShrunk } from '../shrink/shrink.ts';
import { onResultsFolder } from './record-failure.ts';

interface ShrinkArguments {
  readonly dir: string;
  readonly trial: string;
  readonly trials: number;
  readonly reps: number;
  readonly out: string | undefined;
  readonly json: boolean;
}

/** The command. The same command again goes on where the last one ended: trials that are recorded are not run again. */
export const shrinkCommand: CommandModule<object, ShrinkArguments> = {
  command: 'shrink <dir> <trial>',
  describe:
    'Reduce a harmful composition of faults to the smallest set with the same impact, by further trials',
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'Results folder of a campaign' })
      .positional('trial', { type: 'string', demandOption: true, describe: 'Id of a trial of faults a+b' })
      .option('trials', { type: 'number', default: 20, describe: 'Most trials to run' })
      .option('reps', {
        type: 'number',
        default: 1,
        describe: 'Trials of each set of faults, which must agree or decide nothing',
      })
      .option('out', { type: 'string', describe: 'Results folder of the trials; default DIR-shrink-TRIAL' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the result as JSON' }) as never,
  handler: (options) => onResultsFolder(() => reduce(options)),
};

async function reduce({ dir, trial: id, trials, reps, out, json }: ShrinkArguments): Promise<void> {
  for (const [option, count] of Object.entries({ trials, reps }))
    assertWhole(`shrink: --${option}`, count, 1);
  const origin = await openCampaign(dir);
  const judgement = await judgeCampaign(origin);
  const trial = judgement.trials.find(({ record }) => record.trialId === id);
  if (trial === undefined) throw new UsageError(`shrink: ${dir} holds no sealed trial ${id}`);
  const refusal = whyNotShrunk(trial);
  if (refusal !== '') throw new UsageError(refusal);

  const { record } = trial;
  const instrument = await findInstrument('shrink', { hosts: record.hosts, scale: record.scale });
  const folder = path.resolve(out ?? `${path.resolve(dir)}-shrink-${id}`);
  const store = await openReduction(folder, origin, id, await readEnvironment(instrument));
  const runs = { ...instrument, record, trials: judgement.trials, store, signal: interruptionOf('shrink') };
  const decisions: ShrinkDecision[] = [];
  const shrunk = await shrink({
    ...{ trial, trials, reps },
    run: (faults, repetition) => runParts(runs, faults, repetition),
    decided: async (decision) => {
      decisions.push(decision);
      await recordDecision(store, decision);
      const faults = decision.faults.join('+') || 'no fault';
      process.stderr.write(`${faults}: ${decision.verdict}: ${decision.reason}\n`);
    },
  });
  const value = {
    trial: id,
    faults: shrunk.parts,
    proof: shrunk.proof,
    reps,
    impact: shrunk.impact,
    folder,
    decisions,
  };
  process.stdout.write(
    json ? `${JSON.stringify(value, null, 2)}\n` : `${shrunkText(shrunk, reps)}\n${folder}\n`,
  );
}
