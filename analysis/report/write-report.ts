/** Writes the report of a judged campaign: one page, and its charts as files. */
import { join } from 'node:path';
import { writeWhole } from '../../results/files.ts';
import { plainName } from '../../results/layout.ts';
import type { CampaignStore } from '../../results/store.ts';
import { containmentChart } from '../charts/containment.ts';
import { faultKindsChart } from '../charts/fault-kinds.ts';
import { impactMatrix } from '../charts/impact-matrix.ts';
import { leaseImpactChart } from '../charts/lease-impact.ts';
import { outageLatencyChart } from '../charts/outage-latency.ts';
import type { ChartSpec } from '../charts/palette.ts';
import { primaryImpactChart } from '../charts/primary-impact.ts';
import { quiescenceChart } from '../charts/quiescence.ts';
import { timelineChart } from '../charts/timeline.ts';
import type { JudgedTrial, Judgement } from '../judge.ts';
import { writeChart } from './chart-files.ts';
import { type ReportData, timelineOf } from './data.ts';
import { faultKinds } from './fault-kinds.ts';
import { reportPage } from './page.ts';
import { packedTrials, reportData } from './report-data.ts';
import { containmentRows, harmRows, primaryRows } from './summaries.ts';
import { Texts } from './texts.ts';
import { timelineData } from './trial-data.ts';

/** Timelines drawn as files without being asked for: one of each cell, up to this many. */
const MOST_TIMELINES = 12;

/** Width of timelines in files, in pixels. */
const WIDTH_PX = 820;

/** What was written. */
export interface WrittenReport {
  readonly report: string;
  readonly charts: readonly string[];
}

/** @param timelines ids of further trials whose timeline is wanted as a file. */
export async function writeReport(
  store: CampaignStore,
  judgement: Judgement,
  timelines: readonly string[] = [],
): Promise<WrittenReport> {
  const data = reportData(judgement);
  const folder = join(store.folder, 'charts');
  const charts: string[] = [];
  for (const [name, spec] of campaignCharts(data)) charts.push(...(await writeChart(folder, name, spec)));
  for await (const [name, spec] of timelineCharts(store, judgement, data, timelines))
    charts.push(...(await writeChart(folder, name, spec)));
  // Last: the stories of all trials leave behind what would still be there while charts are drawn, which take most memory.
  const report = join(store.folder, 'report.html');
  await writeWhole(report, await reportPage(data, await packedTrials(store, judgement)));
  return { report, charts };
}

/** The figures of the page as files have them; those without anything to show are left out. */
function campaignCharts(data: ReportData): [string, ChartSpec][] {
  const { impacts, approaches, trials, quiescences } = data;
  const matrix = { mode: 'light', impacts, approaches, stepPx: 30, namesPx: 170 } as const;
  const harm = { mode: 'light', approaches: [...approaches, 'none'], widthPx: 900, namesPx: 170 } as const;
  const side: [string, readonly object[], () => ChartSpec][] = [
    [
      'containment',
      containmentRows(trials),
      () => containmentChart(containmentRows(trials), approaches, 'light', 560),
    ],
    ['fault-kinds', faultKinds(trials).cells, () => faultKindsChart(faultKinds(trials).cells, 'light', 420)],
    ['outage-latency', harmRows(trials), () => outageLatencyChart(harmRows(trials), harm)],
    ['quiescence', quiescences, () => quiescenceChart(quiescences, 'ratePerSecond', 'light', 420)],
    ['quiescence-data-size', quiescences, () => quiescenceChart(quiescences, 'scale', 'light', 420)],
    [
      'leased-impact',
      data.leases.filter(({ decided }) => decided > 0),
      () => leaseImpactChart(data.leases, 'light', 420),
    ],
  ];
  return [
    ['impact-by-fault-user', impactMatrix(data.matrix.user, matrix)],
    ['impact-by-fault-fault', impactMatrix(data.matrix.fault, matrix)],
    ['primary-impact', primaryImpactChart(primaryRows(trials), impacts, 'light', 560)],
    ...side
      .filter(([, rows]) => rows.length > 0)
      .map(([name, , spec]) => [name, spec()] as [string, ChartSpec]),
  ];
}

/** The first trial with a load of each cell, and those asked for. */
async function* timelineCharts(
  store: CampaignStore,
  { trials }: Judgement,
  data: ReportData,
  asked: readonly string[],
): AsyncGenerator<[string, ChartSpec]> {
  const firsts = data.cells
    .map((cell) => cell.trials.map((index) => trials[index]).find((trial) => trial?.record.horizon !== null))
    .filter((trial): trial is JudgedTrial => trial !== undefined)
    .slice(0, MOST_TIMELINES);
  for (const { record } of new Set([
    ...firsts,
    ...trials.filter((one) => asked.includes(one.record.trialId)),
  ])) {
    const texts = new Texts();
    const timeline = await timelineData(store.trialFolder(record.trialId), record, texts);
    if (timeline.offered.length === 0) continue;
    const story = timelineOf(texts.all(), { id: record.trialId, timeline });
    yield [`timeline-${plainName(record.trialId)}`, timelineChart(story, 'light', WIDTH_PX)];
  }
}
