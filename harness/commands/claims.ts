/** `upfault claims DIR`: what a campaign says of the findings that the project sets out to reproduce; needs no container. */
import type { CommandModule } from 'yargs';
import { claimsOf, claimsText } from '../../analysis/claims/claims.ts';
import { judgeCampaign } from '../../analysis/judge.ts';
import { openCampaign } from '../../results/store.ts';
import { reportDamage } from './judge.ts';
import { onResultsFolder } from './record-failure.ts';

interface ClaimsArguments {
  readonly dir: string;
  readonly elsewhere: string | undefined;
  readonly json: boolean;
}

/** The command. What is contradicted or undecided is a result, and exits with 0. */
export const claimsCommand: CommandModule<object, ClaimsArguments> = {
  command: 'claims <dir>',
  describe: 'Say which findings a campaign reproduces, contradicts or leaves undecided, and why',
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'Results folder of a campaign' })
      .option('elsewhere', {
        type: 'string',
        describe:
          'Results folder of the same faults in an environment that differs, as tests often have: decides fidelity',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the claims as JSON' }) as never,
  handler: ({ dir, elsewhere, json }) =>
    onResultsFolder(async () => {
      const judgement = await judgeCampaign(await openCampaign(dir));
      const other = elsewhere === undefined ? undefined : await judgeCampaign(await openCampaign(elsewhere));
      const claims = claimsOf(judgement.trials, other?.trials);
      const value = { campaign: judgement.campaign.campaign, claims };
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${claimsText(claims)}\n`);
      reportDamage(judgement);
      if (other !== undefined) reportDamage(other);
    }),
};
