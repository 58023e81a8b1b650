/** `upfault shrink DIR TRIAL`: which of the faults of a harmful composition are needed for its impact. */
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { judgeCampaign } from '../../analysis/judge.ts';
import { openCampaign } from '../../results/store.ts';
import { findInstrument, interruptionOf } from '../campaign/instrument.ts';
import { openReduction, recordDecision, runParts } from '../shrink/runner.ts';
import { type ShrinkDecision, type Shrunk, shrink, whyNotShrunk } from '../shrink/shrink.ts';
import { UsageError } from './errors.ts';
import { onResultsFolder } from './record-failure.ts';

interface ShrinkArguments {
  readonly dir: string;
  readonly trial: string;
  readonly trials: number;
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
      .option('out', { type: 'string', describe: 'Results folder of the trials; default DIR-shrink-TRIAL' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the result as JSON' }) as never,
  handler: (options) => onResultsFolder(() => reduce(options)),
};

async function reduce({ dir, trial: id, trials, out, json }: ShrinkArguments): Promise<void> {
  if (!Number.isInteger(trials) || trials < 1)
    throw new UsageError(`shrink: --trials ${trials}: a whole number of at least 1 is wanted`);
  const origin = await openCampaign(dir);
  const judgement = await judgeCampaign(origin);
  const trial = judgement.trials.find(({ record }) => record.trialId === id);
  if (trial === undefined) throw new UsageError(`shrink: ${dir} holds no sealed trial ${id}`);
  const refusal = whyNotShrunk(trial);
  if (refusal !== '') throw new UsageError(refusal);

  const { record } = trial;
  const instrument = await findInstrument('shrink', { hosts: record.hosts, scale: record.scale });
  const folder = path.resolve(out ?? `${path.resolve(dir)}-shrink-${id}`);
  const store = await openReduction(folder, origin, id, instrument);
  const runs = { ...instrument, record, trials: judgement.trials, store, signal: interruptionOf('shrink') };
  const decisions: ShrinkDecision[] = [];
  const shrunk = await shrink({
    ...{ trial, trials },
    run: (faults) => runParts(runs, faults),
    decided: async (decision) => {
      decisions.push(decision);
      await recordDecision(store, decision);
      process.stderr.write(`${decision.faults.join('+')}: ${decision.verdict}: ${decision.reason}\n`);
    },
  });
  const value = {
    trial: id,
    faults: shrunk.parts,
    proof: shrunk.proof,
    impact: shrunk.impact,
    folder,
    decisions,
  };
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${shrunkText(shrunk)}\n${folder}\n`);
}

function shrunkText({ parts, proof, impact }: Shrunk): string {
  const how = {
    minimal: 'without any one of them it is not there',
    unproven: 'no smaller set showed it, but some trials could not tell',
    stopped: 'no further trial was allowed; the same command goes on with more --trials',
  };
  return `${impact} by ${parts.join('+')}: ${how[proof]}`;
}
