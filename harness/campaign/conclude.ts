/** The end of a campaign: its tables, its report, and the summary that the terminal shows. */
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { summaryText } from '../../analysis/summary.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';

/** A campaign that has ended. */
export interface Concluded {
  /** What was found, and where tables and report are. */
  readonly text: string;
  /** Of all its trials, also those of earlier attempts, how many the testbed failed. */
  readonly harnessFailed: number;
}

/** Judges what is recorded, and writes tables and report. */
export async function concludeCampaign(folder: string): Promise<Concluded> {
  const store = await openCampaign(folder);
  const judgement = await judgeCampaign(store);
  await writeJudgement(store, judgement);
  const { report } = await writeReport(store, judgement, []);
  return {
    text: `${summaryText(judgement)}\nreport: ${report}\n`,
    harnessFailed: judgement.trials.filter(({ record }) => record.outcome === 'harness-failed').length,
  };
}
