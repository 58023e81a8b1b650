/** Runs the trials of a reduction as a campaign of its own, whose controls are those of the campaign it came from. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { interruptsBeside } from '../../analysis/conditions.ts';
import { reduceTrial } from '../../analysis/figures.ts';
import { type JudgedTrial, judgeTrials } from '../../analysis/judge.ts';
import { RecordError } from '../../results/errors.ts';
import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import { readSeries } from '../../results/series.ts';
import { type CampaignStore, createCampaign, openCampaign } from '../../results/store.ts';
import { runCampaign } from '../campaign/campaign.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { Progress } from '../campaign/progress.ts';
import { CampaignRequest } from '../campaign/request.ts';
import { assertSameEnvironment } from '../campaign/resume.ts';
import type { ScheduledTrial } from '../campaign/schedule.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
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

/**
 * Opens the folder of a reduction, or makes it.
 * @param environment as `readEnvironment` gives it
 * @throws UsageError where another build or machine made the controls, or the trials that are there already
 * @throws RecordError where the folder is that of another reduction
 */
export async function openReduction(
  folder: string,
  origin: CampaignStore,
  trialId: string,
  environment: Readonly<Record<string, unknown>>,
): Promise<CampaignStore> {
  assertSameEnvironment(origin, environment, 'shrink');
  const known = await openCampaign(folder).catch((error: unknown) => {
    if (error instanceof RecordError && error.kind === 'not-a-results-folder') return undefined;
    throw error;
  });
  const shrinks = `${origin.record.campaign}/${trialId}`;
  if (known?.record.request.shrinks === shrinks) {
    assertSameEnvironment(known, environment, 'shrink: go on in');
    return known;
  }
  if (known !== undefined)
    throw new RecordError(
      'exists',
      folder,
      `shrink: ${folder} holds another campaign; name a new folder with --out`,
    );
  return createCampaign(folder, {
    schemaVersion: SCHEMA_VERSION,
    campaign: uniqueCampaign(path.basename(folder)),
    startedAt: new Date().toISOString(),
    seed: origin.record.seed,
    request: { ...origin.record.request, shrinks },
    schedule: [],
    environment,
  });
}

/**
 * Judges one trial of some faults, or of none: the sealed one of this number, or else one that the ordinary campaign runs.
 * A trial in which the testbed failed is no answer: it keeps its place in the record, and another is run.
 * @param repetition from 1 on
 */
export async function runParts(
  runs: PartRuns,
  faults: readonly string[],
  repetition: number,
): Promise<{ trial: JudgedTrial; isNew: boolean }> {
  const { sealed } = await runs.store.trials();
  const scheduled = scheduledTrial(runs.record, faults, new Set(sealed.map(({ trialId }) => trialId)));
  const answers = sealed.filter(
    ({ fault, outcome }) => fault.name === scheduled.fault && outcome !== 'harness-failed',
  );
  const known = answers[repetition - 1];
  if (known !== undefined) return { trial: await judgedBeside(runs, known.trialId), isNew: false };
  const store = await withScheduled(runs.store, scheduled);
  // A control looks for every fault of the request, and must find none.
  const request = CampaignRequest.parse({ ...store.record.request, faults: [runs.record.fault.name] });
  await runCampaign({
    ...{ engine: runs.engine, images: runs.images, k6: runs.k6, repository: runs.repository },
    ...{ request, store, schedule: [scheduled], keep: false, overlap: false },
    ...{ signal: runs.signal, progress: new Progress() },
  });
  return { trial: await judgedBeside(runs, scheduled.trialId), isNew: true };
}

/** Appends a decision to the reduction's own file. */
export async function recordDecision(store: CampaignStore, decision: ShrinkDecision): Promise<void> {
  await appendFile(path.join(store.folder, DECISIONS_FILE), `${JSON.stringify(decision)}\n`);
}

/**
 * The same trial with some of its faults. Kills that are faults of it are left out: planning adds those of the faults that are left.
 * @param taken ids of sealed trials
 */
export function scheduledTrial(
  record: TrialRecord,
  faults: readonly string[],
  taken: ReadonlySet<string>,
): ScheduledTrial {
  const { approach, seed, ingress, mirroring } = record;
  const request = CampaignRequest.shape.approaches.element.parse(approach);
  const name = faults.length === 0 ? 'control' : faults.join('-').replaceAll(/[^a-z0-9-]+/gi, '-');
  let trialId = `${approach}-${name}`;
  for (let number = 2; taken.has(trialId); number += 1) trialId = `${approach}-${name}-${number}`;
  return {
    ...{ trialId, approach: request, fault: faults.join('+') || 'none', seed },
    interrupts: interruptsBeside(record),
    ...(ingress === 'direct' ? { ingress } : {}),
    ...(mirroring === 'off' ? { mirroring } : {}),
  };
}

/** Scheduled before it is run, so that a trial that never began is seen to be missing. */
export async function withScheduled(store: CampaignStore, trial: ScheduledTrial): Promise<CampaignStore> {
  const current = await openCampaign(store.folder);
  const { schedule } = current.record;
  if (schedule.some(({ trialId }) => trialId === trial.trialId)) return current;
  return current.save({ ...current.record, schedule: [...schedule, trial] });
}

async function judgedBeside({ store, trials }: PartRuns, trialId: string): Promise<JudgedTrial> {
  const record = await store.readTrial(trialId);
  const { bins, events } = await readSeries(store.trialFolder(trialId), record);
  const [judged] = judgeTrials([{ record, figures: reduceTrial(record, bins, events) }], trials);
  if (judged === undefined) throw new Error(`shrink: judge ${trialId}: no trial came back`);
  return judged;
}
