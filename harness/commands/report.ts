/** `upfault report DIR`: judges a campaign's record and draws it; needs no container. */
import type { CommandModule } from 'yargs';
import { type Judgement, judgeCampaign } from '../../analysis/judge.ts';
import { CHART_KINDS } from '../../analysis/report/chart-files.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';
import { reportDamage } from './judge.ts';
import { onResultsFolder } from './record-failure.ts';

interface ReportArguments {
  readonly dir: string;
  readonly timeline: readonly string[];
  readonly beside: readonly string[];
  readonly elsewhere: string | undefined;
  readonly json: boolean;
}

/** The option by which a command is given the campaign that decides the claim fidelity; the same wherever claims are told. */
export const ELSEWHERE = {
  type: 'string',
  describe:
    'Results folder of the same faults in an environment that differs, as tests often have: decides fidelity',
} as const;

/** The command. Writes the tables of `judge` as well, so that page and tables never disagree. */
export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <dir>',
  describe: 'Judge a campaign and write report.html and charts/',
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'Results folder of a campaign' })
      .option('timeline', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Trials whose timeline is wanted in charts/ besides the first of each cell',
      })
      .option('beside', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Folders of campaigns at other --rate or --scale, for how quiescence depends on them',
      })
      .option('elsewhere', ELSEWHERE)
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print the names of what was written as JSON',
      }) as never,
  handler: ({ dir, timeline, beside, elsewhere, json }) =>
    onResultsFolder(async () => {
      const store = await openCampaign(dir);
      const judgement = await judgeCampaign(store);
      const known = new Set(judgement.trials.map((trial) => trial.record.trialId));
      const unknown = timeline.filter((id) => !known.has(id));
      if (unknown.length > 0) {
        process.stderr.write(
          `upfault: report ${dir}: no judged trial ${unknown.join(', ')}; trials.csv lists them\n`,
        );
        process.exitCode = 2;
        return;
      }
      // Before anything is written, so that a folder that is none leaves nothing half done. One after the other: each takes memory.
      const others: Judgement[] = [];
      for (const folder of beside) others.push(await judgeCampaign(await openCampaign(folder)));
      const apart = elsewhere === undefined ? undefined : await judgeCampaign(await openCampaign(elsewhere));
      const tables = await writeJudgement(store, judgement);
      const written = await writeReport(store, judgement, timeline, {
        beside: others.map(({ campaign, trials }) => ({
          campaign: campaign.campaign,
          records: trials.map(({ record }) => record),
        })),
        elsewhere: apart?.trials,
      });
      const drawn = written.charts.length / CHART_KINDS.length;
      const lines = [...tables, `${drawn} charts in ${dir}/charts`, written.report];
      process.stdout.write(
        json ? `${JSON.stringify({ tables, ...written }, null, 2)}\n` : `${lines.join('\n')}\n`,
      );
      for (const one of [judgement, ...others, ...(apart === undefined ? [] : [apart])]) reportDamage(one);
    }),
};
