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
import { overheadChart } from '../charts/overhead.ts';
import type { ChartSpec } from '../charts/palette.ts';
import { primaryImpactChart } from '../charts/primary-impact.ts';
import { quiescenceChart } from '../charts/quiescence.ts';
import { resilienceChart } from '../charts/resilience.ts';
import { timelineChart } from '../charts/timeline.ts';
import type { JudgedTrial, Judgement } from '../judge.ts';
import { removeCharts, writeChart } from './chart-files.ts';
import { faultKinds } from './fault-kinds.ts';
import { reportPage } from './page.ts';
import { type ReportData, timelineOf } from './page-types.ts';
import { type OtherCampaigns, packedTrials, reportData } from './report-data.ts';
import { containmentRows, harmRows, leftOutOfContainment, primaryRows } from './summaries.ts';
import { Texts } from './texts.ts';
import { timelineData } from './trial-data.ts';

/** Timelines drawn as files without being asked for: one of each cell, up to this many. */
const MOST_TIMELINES = 12;

/** What the names of timelines begin with. */
const TIMELINE = 'timeline-';

/** Width of timelines in files, in pixels. */
const WIDTH_PX = 820;

/** What was written. */
export interface WrittenReport {
  readonly report: string;
  readonly charts: readonly string[];
}

/** @param timelines ids of further trials whose timeline is wanted as a file */
export async function writeReport(
  store: CampaignStore,
  judgement: Judgement,
  timelines: readonly string[] = [],
  others: OtherCampaigns = {},
): Promise<WrittenReport> {
  const data = reportData(judgement, others);
  const folder = join(store.folder, 'charts');
  const charts: string[] = [];
  const figures = campaignCharts(data);
  const names = new Set(figures.map(({ name }) => name));
  await removeCharts(folder, (name) => names.has(name) || name.startsWith(TIMELINE));
  for (const { name, rows, spec } of figures)
    if (rows.length > 0) charts.push(...(await writeChart(folder, name, spec())));
  for await (const [name, spec] of timelineCharts(store, judgement, data, timelines))
    charts.push(...(await writeChart(folder, name, spec)));
  // Last: the stories of all trials leave behind what would still be there while charts are drawn, which take most memory.
  const report = join(store.folder, 'report.html');
  const { blocks, unreadable } = await packedTrials(store, judgement);
  await writeWhole(report, await reportPage({ ...data, notes: [...data.notes, ...unreadable] }, blocks));
  return { report, charts };
}

/** A figure of the page as files have it. */
interface Figure {
  readonly name: string;
  /** What it shows; it is left out where there is nothing. */
  readonly rows: readonly object[];
  readonly spec: () => ChartSpec;
}

function campaignCharts(data: ReportData): Figure[] {
  const { impacts, approaches, trials, quiescences, resilience } = data;
  const matrix = { mode: 'light', impacts, approaches, stepPx: 30, namesPx: 170 } as const;
  const harm = { mode: 'light', approaches: [...approaches, 'none'], widthPx: 900, namesPx: 170 } as const;
  const leftOut = leftOutOfContainment(data.cells);
  const leases = data.leases.filter(({ faults }) => faults > 0);
  const overhead = data.overhead.flatMap(({ points }) => points);
  const figure = <Row extends object>(
    name: string,
    rows: readonly Row[],
    chartOf: (rows: readonly Row[]) => ChartSpec,
  ): Figure => ({ name, rows, spec: () => chartOf(rows) });
  return [
    figure('impact-by-fault-user', data.matrix.user, (rows) => impactMatrix(rows, matrix)),
    figure('impact-by-fault-fault', data.matrix.fault, (rows) => impactMatrix(rows, matrix)),
    figure('primary-impact', primaryRows(trials), (rows) => primaryImpactChart(rows, impacts, 'light', 560)),
    figure('containment', containmentRows(trials), (rows) =>
      containmentChart(rows, approaches, 'light', 560, leftOut),
    ),
    figure('fault-kinds', faultKinds(trials).cells, (rows) => faultKindsChart(rows, 'light', 420)),
    figure('outage-latency', harmRows(trials), (rows) => outageLatencyChart(rows, harm)),
    figure('resilience', resilience, (rows) => resilienceChart(rows, 'light', 560)),
    figure('quiescence', quiescences, (rows) => quiescenceChart(rows, 'ratePerSecond', 'light', 420)),
    figure('quiescence-data-size', quiescences, (rows) => quiescenceChart(rows, 'scale', 'light', 420)),
    figure('leased-impact', leases, (rows) => leaseImpactChart(rows, 'light', 420)),
    figure('overhead', overhead, (rows) => overheadChart(rows, 'light', 420)),
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
    yield [`${TIMELINE}${plainName(record.trialId)}`, timelineChart(story, 'light', WIDTH_PX)];
  }
}
