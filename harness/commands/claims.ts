/** `upfault claims DIR`: what a campaign says of the findings that the project sets out to reproduce; needs no container. */
import type { CommandModule } from 'yargs';
import { claimsOf, claimsText } from '../../analysis/claims/claims.ts';
import { judgeCampaign } from '../../analysis/judge.ts';
import { openCampaign } from '../../results/store.ts';
import { reportDamage } from './judge.ts';
import { onResultsFolder } from './record-failure.ts';

interface ClaimsArguments {
  readonly dir: string;
  readonly json: boolean;
}

/** The command. What is contradicted or undecided is a result, and exits with 0. */
export const claimsCommand: CommandModule<object, ClaimsArguments> = {
  command: 'claims <dir>',
  describe: 'Say which findings a campaign reproduces, contradicts or leaves undecided, and why',
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'Results folder of a campaign' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the claims as JSON' }),
  handler: ({ dir, json }) =>
    onResultsFolder(async () => {
      const judgement = await judgeCampaign(await openCampaign(dir));
      const claims = claimsOf(judgement.trials);
      const value = { campaign: judgement.campaign.campaign, claims };
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${claimsText(claims)}\n`);
      reportDamage(judgement);
    }),
};
