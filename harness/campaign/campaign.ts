/**
 * A campaign: its trials one after the other, each recorded as it ends. Resumable: what is sealed is not run
 * again. Whatever happens, nothing of it is left on the engine.
 *
 * The machine is one trial's alone from the start of its load to the last of what is provoked afterwards; only then, while
 * its writes are counted once more and it is torn down, are the next one's hosts brought up, whose load waits for the end of that.
 */
import path from 'node:path';
import { LOCK_FILE } from '../../results/layout.ts';
import type { TrialRecord } from '../../results/schema.ts';
import type { CampaignStore } from '../../results/store.ts';
import { UsageError } from '../commands/errors.ts';
import { assertEngineAnswers } from '../provision/engine.ts';
import { startGuard } from '../provision/guard.ts';
import { ofCampaign, ofDeadOwners, sweep, sweepUntilEmpty, tellOfKept } from '../provision/sweep.ts';
import { withLock } from '../setup/lock.ts';
import { runTrial, type TrialPhase } from '../trial/trial.ts';
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
  /** Whether a trial's teardown and the next one's provisioning overlap. A benchmark of what they cost wants them apart. */
  readonly overlap: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Rounds of half a second in which an interrupted campaign's remains are removed. */
const SWEEP_ROUNDS = 30;

/** Runs what is not sealed yet. Rejects when interrupted or when the record cannot be written. */
export async function runCampaign(run: CampaignRun): Promise<TrialRecord[]> {
  const { folder } = run.store;
  const refuse = (pid: string) => {
    throw new UsageError(`run in ${folder}: process ${pid} is at work in it; wait until it has ended`);
  };
  return withLock(path.join(folder, LOCK_FILE), refuse, () => runAlone(run));
}

async function runAlone(run: CampaignRun): Promise<TrialRecord[]> {
  const { campaign } = run.store.record;
  const guard = startGuard(campaign);
  try {
    tellOfKept('run', (await sweep(run.engine, ofDeadOwners)).keptNetworks);
    const { sealed: done, damaged } = await run.store.trials();
    // It may be complete: only the build that wrote it can tell, and this one must not run it again.
    for (const { error } of damaged) if (error.kind === 'newer-version') throw error;
    const sealed = new Set(done.map(({ trialId }) => trialId));
    const open = run.schedule.filter(({ trialId }) => !sealed.has(trialId));
    run.progress.campaign(open.length, run.schedule.length);
    return await runAll(run, open, guard.process);
  } finally {
    if (!run.keep || run.signal.aborted)
      tellOfKept('run', await sweepUntilEmpty(run.engine, ofCampaign(campaign), SWEEP_ROUNDS));
    // Not dismissed when the sweep threw: then the watchdog goes on trying once this process has ended.
    guard.dismiss();
  }
}

async function runAll(
  run: CampaignRun,
  open: readonly ScheduledTrial[],
  onProcess: (pid: number) => void,
): Promise<TrialRecord[]> {
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  const begun: BegunTrial[] = [];
  try {
    for (const trial of open) {
      const former = begun.at(-1);
      await (run.overlap ? former?.settled : former?.record);
      signal.throwIfAborted();
      const next = begin({ ...run, signal }, trial, onProcess, former);
      // Ends the trial that is being brought up behind it, too.
      next.record.catch((error: unknown) => over.abort(error));
      begun.push(next);
    }
    return await Promise.all(begun.map(({ record }) => record));
  } finally {
    await Promise.allSettled(begun.map(({ record }) => record));
  }
}

/** A trial that has begun. Both promises settle, whatever becomes of it. */
interface BegunTrial {
  /** Rejects when interrupted, or when no further trial can succeed. */
  readonly record: Promise<TrialRecord>;
  /** Nothing of it is measured any more. */
  readonly settled: Promise<void>;
}

function begin(
  run: CampaignRun,
  trial: ScheduledTrial,
  onProcess: (pid: number) => void,
  former: BegunTrial | undefined,
): BegunTrial {
  const settled = Promise.withResolvers<void>();
  const nothing = () => undefined;
  const alone = former?.record.then(nothing, nothing) ?? Promise.resolve();
  const record = runOne(run, trial, onProcess, alone, (phase) => {
    if (phase === 'count' || phase === 'tear down') settled.resolve();
  }).finally(() => settled.resolve());
  return { record, settled: settled.promise };
}

async function runOne(
  run: CampaignRun,
  trial: ScheduledTrial,
  onProcess: (pid: number) => void,
  alone: Promise<void>,
  onPhase: (phase: TrialPhase) => void,
): Promise<TrialRecord> {
  const prepared = prepareTrial(run.request, trial);
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
    ...{ alone, onProcess },
    onPhase: (phase) => {
      run.progress.phase(trial, prepared.plan.windows, phase);
      onPhase(phase);
    },
  });
  run.progress.ended(record);
  // Without an engine every further trial would fail in the same way, and its folder would say nothing.
  if (record.outcome === 'harness-failed') await assertEngineAnswers(run.engine);
  return record;
}
