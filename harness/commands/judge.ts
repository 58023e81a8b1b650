/** `upfault judge DIR`: decides impacts from a campaign's record, again and as often as wanted; needs no container. */
import type { CommandModule } from 'yargs';
import { detectableOf } from '../../analysis/detectable.ts';
import { driftOf } from '../../analysis/drift.ts';
import { falseAlarmsOf, shamsOf } from '../../analysis/false-alarms.ts';
import { type Judgement, judgeCampaign } from '../../analysis/judge.ts';
import { sensitivityOf } from '../../analysis/sensitivity.ts';
import { summaryText } from '../../analysis/summary.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';
import { onResultsFolder } from './record-failure.ts';

interface JudgeArguments {
  readonly dir: string;
  readonly json: boolean;
}

/** The command. Exit code 1 where a trial's record is damaged; the others are judged all the same. */
export const judgeCommand: CommandModule<object, JudgeArguments> = {
  command: 'judge <dir>',
  describe:
    'Decide impacts from the record of a campaign; writes trials.csv, impacts.csv, cells.csv and more',
  builder: (yargs) =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'Results folder of a campaign' })
      .option('json', { type: 'boolean', default: false, describe: 'Print labels and files as JSON' }),
  handler: ({ dir, json }) =>
    onResultsFolder(async () => {
      const store = await openCampaign(dir);
      const judgement = await judgeCampaign(store);
      const files = await writeJudgement(store, judgement);
      process.stdout.write(
        json ? judgementJson(judgement, files) : `${summaryText(judgement)}\n${files.join('\n')}\n`,
      );
      reportDamage(judgement);
    }),
};

/** Says which records could not be believed; a judgement without them is not a complete one. */
export function reportDamage(judgement: Judgement): void {
  for (const { error } of judgement.left.damaged) process.stderr.write(`upfault: ${error.message}\n`);
  if (judgement.left.damaged.length > 0) process.exitCode = 1;
}

/** The stable output of `--json`; documented in `results/README.md`. */
export function judgementJson(judgement: Judgement, files: readonly string[]): string {
  const { campaign, trials, left } = judgement;
  const value = {
    campaign: campaign.campaign,
    files,
    trials: trials.map(({ record, impacts, primaryImpact, containment }) => ({
      trialId: record.trialId,
      approach: record.approach,
      fault: record.fault.name,
      outcome: record.outcome,
      evidence: record.evidence.map(({ fault, verdict }) => ({ fault, verdict })),
      impacts,
      primaryImpact,
      containment,
    })),
    falseAlarms: falseAlarmsOf(trials).map(({ impact, share, undecided }) => ({
      impact,
      ...share,
      undecided,
    })),
    sensitivity: sensitivityOf(judgement).map(({ share, ...about }) => ({ ...about, ...share })),
    detectable: detectableOf(trials),
    drift: driftOf(judgement),
    shams: shamsOf(trials),
    interrupted: left.interrupted.map((record) => record.trialId),
    damaged: left.damaged.map(({ trialId, error }) => ({ trialId, message: error.message })),
    missing: left.missing,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
