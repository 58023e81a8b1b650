/** Runs the trials of a reduction as a campaign of its own, whose controls are those of the campaign it came from. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { reduceTrial } from '../../analysis/figures.ts';
import { type JudgedTrial, judgeTrials } from '../../analysis/judge.ts';
import { RecordError } from '../../results/errors.ts';
import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import { readSeries } from '../../results/series.ts';
import { type CampaignStore, createCampaign, openCampaign } from '../../results/store.ts';
import { runCampaign } from '../campaign/campaign.ts';
import { readEnvironment } from '../campaign/environment.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { Progress } from '../campaign/progress.ts';
import { CampaignRequest } from '../campaign/request.ts';
import type { ScheduledTrial } from '../campaign/schedule.ts';
import type { ShrinkDecision } from './shrink.ts';

/** File in the reduction's folder: one line a decision, appended as it is made. */
const DECISIONS_FILE = 'shrink.jsonl';

/** What the trials of a reduction are run with. */
export interface PartRuns extends Instrument {
  /** The trial that is reduced; its approach, seed and everything else asked for are kept. */
  readonly record: TrialRecord;
  /** Trials of the campaign that it came from: they hold the controls. */
  readonly trials: readonly JudgedTrial[];
  readonly store: CampaignStore;
  readonly signal: AbortSignal;
}

/** Opens the folder of a reduction, or makes it. @throws RecordError where it is that of another one */
export async function openReduction(
  folder: string,
  origin: CampaignStore,
  trialId: string,
  instrument: Instrument,
): Promise<CampaignStore> {
  const known = await openCampaign(folder).catch((error: unknown) => {
    if (error instanceof RecordError && error.kind === 'not-a-results-folder') return undefined;
    throw error;
  });
  const shrinks = `${origin.record.campaign}/${trialId}`;
  if (known?.record.request.shrinks === shrinks) return known;
  if (known !== undefined)
    throw new RecordError(
      'exists',
      folder,
      `shrink: ${folder} holds another campaign; name a new folder with --out`,
    );
  return createCampaign(folder, {
    schemaVersion: SCHEMA_VERSION,
    campaign: `${path.basename(folder)}-${process.pid}`,
    startedAt: new Date().toISOString(),
    seed: origin.record.seed,
    request: { ...origin.record.request, shrinks },
    schedule: [],
    environment: await readEnvironment(instrument),
  });
}

/** Runs one trial of some faults through the ordinary campaign, or reads it where it is sealed already, and judges it. */
export async function runParts(
  runs: PartRuns,
  faults: readonly string[],
): Promise<{ trial: JudgedTrial; isNew: boolean }> {
  const { record } = runs;
  const scheduled = scheduledTrial(record, faults);
  const isNew = !(await runs.store.trials()).sealed.some(({ trialId }) => trialId === scheduled.trialId);
  if (isNew) {
    const store = await withScheduled(runs.store, scheduled);
    const request = CampaignRequest.parse({ ...store.record.request, faults: [scheduled.fault] });
    await runCampaign({
      ...{ engine: runs.engine, images: runs.images, k6: runs.k6, repository: runs.repository },
      ...{ request, store, schedule: [scheduled], keep: false, overlap: false },
      ...{ signal: runs.signal, progress: new Progress() },
    });
  }
  return { trial: await judgedBeside(runs, scheduled.trialId), isNew };
}

/** Appends a decision to the reduction's own file. */
export async function recordDecision(store: CampaignStore, decision: ShrinkDecision): Promise<void> {
  await appendFile(path.join(store.folder, DECISIONS_FILE), `${JSON.stringify(decision)}\n`);
}

function scheduledTrial(record: TrialRecord, faults: readonly string[]): ScheduledTrial {
  const { approach, seed, ingress, mirroring, interrupts } = record;
  const request = CampaignRequest.shape.approaches.element.parse(approach);
  return {
    trialId: `${approach}-${faults.join('-').replaceAll(/[^a-z0-9-]+/gi, '-')}`,
    ...{ approach: request, fault: faults.join('+'), seed, interrupts: interrupts.map(({ asked }) => asked) },
    ...(ingress === 'direct' ? { ingress } : {}),
    ...(mirroring === 'off' ? { mirroring } : {}),
  };
}

/** Scheduled before it is run, so that a trial that never began is seen to be missing. */
async function withScheduled(store: CampaignStore, trial: ScheduledTrial): Promise<CampaignStore> {
  const current = await openCampaign(store.folder);
  const { schedule } = current.record;
  if (schedule.some(({ trialId }) => trialId === trial.trialId)) return current;
  const { trialId, approach, fault, seed } = trial;
  return current.save({ ...current.record, schedule: [...schedule, { trialId, approach, fault, seed }] });
}

async function judgedBeside({ store, trials }: PartRuns, trialId: string): Promise<JudgedTrial> {
  const record = await store.readTrial(trialId);
  const { bins } = await readSeries(store.trialFolder(trialId), record);
  const [judged] = judgeTrials([{ record, figures: reduceTrial(record, bins) }], trials);
  if (judged === undefined) throw new Error(`shrink: judge ${trialId}: no trial came back`);
  return judged;
}
