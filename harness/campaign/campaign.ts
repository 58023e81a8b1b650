/**
 * A campaign: its trials one after the other, each recorded as it ends. Resumable: what is sealed is not run
 * again. Whatever happens, nothing of it is left on the engine.
 */
import type { TrialRecord } from '../../results/schema.ts';
import type { CampaignStore } from '../../results/store.ts';
import { assertEngineAnswers } from '../provision/engine.ts';
import { startGuard } from '../provision/guard.ts';
import { ofCampaign, ofDeadOwners, sweep, sweepUntilEmpty } from '../provision/sweep.ts';
import { runTrial } from '../trial/trial.ts';
import type { Instrument } from './instrument.ts';
import { prepareTrial, scenarioNamed } from './prepare.ts';
import type { Progress } from './progress.ts';
import type { CampaignRequest } from './request.ts';
import type { ScheduledTrial } from './schedule.ts';

/** What a campaign runs with. */
export interface CampaignRun extends Instrument {
  readonly request: CampaignRequest;
  readonly store: CampaignStore;
  readonly schedule: readonly ScheduledTrial[];
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Rounds of half a second in which an interrupted campaign's remains are removed. */
const SWEEP_ROUNDS = 30;

/** Runs what is not sealed yet. Rejects when interrupted or when the record cannot be written. */
export async function runCampaign(run: CampaignRun): Promise<TrialRecord[]> {
  const { campaign } = run.store.record;
  const guard = startGuard(campaign);
  try {
    await sweep(run.engine, ofDeadOwners);
    const sealed = new Set((await run.store.trials()).sealed.map(({ trialId }) => trialId));
    const open = run.schedule.filter(({ trialId }) => !sealed.has(trialId));
    run.progress.campaign(open.length, run.schedule.length);
    const records: TrialRecord[] = [];
    for (const trial of open) {
      run.signal.throwIfAborted();
      records.push(await runOne(run, trial, guard.process));
    }
    return records;
  } finally {
    if (!run.keep) await sweepUntilEmpty(run.engine, ofCampaign(campaign), SWEEP_ROUNDS);
    // Not dismissed when the sweep threw: then the watchdog goes on trying once this process has ended.
    guard.dismiss();
  }
}

async function runOne(
  run: CampaignRun,
  trial: ScheduledTrial,
  onProcess: (pid: number) => void,
): Promise<TrialRecord> {
  const prepared = prepareTrial(run.request, trial);
  run.progress.trial(trial, prepared.plan.windows);
  const record = await runTrial({
    plan: prepared.plan,
    trialId: trial.trialId,
    scenario: scenarioNamed('run', run.request.scenario),
    planted: prepared.planted,
    shams: prepared.shams,
    store: run.store,
    engine: run.engine,
    images: run.images,
    k6: run.k6,
    repository: run.repository,
    port: run.request.port,
    keep: run.keep,
    signal: run.signal,
    onProcess,
    onPhase: (phase) => run.progress.phase(phase),
  });
  run.progress.ended(record);
  // Without an engine every further trial would fail in the same way, and its folder would say nothing.
  if (record.outcome === 'harness-failed') await assertEngineAnswers(run.engine);
  return record;
}
