/** The end of a campaign: its tables, its report, and the summary that the terminal shows. */
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { summaryText } from '../../analysis/summary.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';

/** Judges what is recorded, writes tables and report, and says where they are. */
export async function concludeCampaign(folder: string): Promise<string> {
  const store = await openCampaign(folder);
  const judgement = await judgeCampaign(store);
  await writeJudgement(store, judgement);
  const { report } = await writeReport(store, judgement, []);
  return `${summaryText(judgement)}\nreport: ${report}\n`;
}
