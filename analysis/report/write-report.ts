/** Writes the report of a judged campaign: one page, and its charts as files. */
import { join } from 'node:path';
import { writeWhole } from '../../results/files.ts';
import { plainName } from '../../results/layout.ts';
import type { CampaignStore } from '../../results/store.ts';
import { containmentChart } from '../charts/containment.ts';
import { impactMatrix } from '../charts/impact-matrix.ts';
import { primaryImpactChart } from '../charts/primary-impact.ts';
import { quiescenceChart } from '../charts/quiescence.ts';
import { timelineChart } from '../charts/timeline.ts';
import type { Judgement } from '../judge.ts';
import { type ReportData, type ReportTrial, timelineOf } from './data.ts';
import { reportPage } from './page.ts';
import { reportData } from './report-data.ts';
import { writeChart } from './svg.ts';

/** Timelines drawn as files without being asked for: one of each cell, up to this many. */
const MOST_TIMELINES = 40;

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
  const data = await reportData(store, judgement);
  const report = join(store.folder, 'report.html');
  await writeWhole(report, await reportPage(data));
  return { report, charts: await writeCharts(join(store.folder, 'charts'), data, timelines) };
}

async function writeCharts(
  folder: string,
  data: ReportData,
  timelines: readonly string[],
): Promise<string[]> {
  const paths: string[] = [];
  for (const contrast of ['user', 'fault'] as const) {
    const options = {
      mode: 'light',
      impacts: data.impacts,
      approaches: data.approaches,
      stepPx: 30,
      namesPx: 170,
    } as const;
    paths.push(
      ...(await writeChart(
        folder,
        `impact-by-fault-${contrast}`,
        impactMatrix(data.matrix[contrast], options),
      )),
    );
  }
  paths.push(
    ...(await writeChart(
      folder,
      'primary-impact',
      primaryImpactChart(data.primary, data.impacts, 'light', 560),
    )),
  );
  const side = [
    ['containment', containmentChart(data.containment, data.approaches, 'light', 560), data.containment],
    ['quiescence', quiescenceChart(data.quiescences, 'light', 420), data.quiescences],
  ] as const;
  for (const [name, spec, rows] of side) {
    if (rows.length > 0) paths.push(...(await writeChart(folder, name, spec)));
  }
  for (const trial of drawnTrials(data, timelines)) {
    paths.push(
      ...(await writeChart(
        folder,
        `timeline-${plainName(trial.id)}`,
        timelineChart(timelineOf(data, trial), 'light', WIDTH_PX),
      )),
    );
  }
  return paths;
}

/** The first completed trial of each cell, and those asked for. */
function drawnTrials(data: ReportData, asked: readonly string[]): ReportTrial[] {
  const withLoad = data.trials.filter((trial) => trial.timeline.offered.length > 0);
  const firsts = data.cells
    .map((cell) =>
      cell.trials
        .map((index) => data.trials[index])
        .find((trial) => trial !== undefined && withLoad.includes(trial)),
    )
    .filter((trial) => trial !== undefined)
    .slice(0, MOST_TIMELINES);
  return [...new Set([...firsts, ...withLoad.filter((trial) => asked.includes(trial.id))])];
}
