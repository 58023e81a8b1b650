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
import { type CampaignStore, canBeReplaced } from '../../results/store.ts';
import { UsageError } from '../errors.ts';
import { assertEngineAnswers } from '../provision/engine.ts';
import { assertPortFree } from '../provision/free-port.ts';
import type { Guard } from '../provision/guard.ts';
import { guarded } from '../provision/guarded.ts';
import { sweepLeftovers } from '../provision/sweep.ts';
import { withLock } from '../setup/lock.ts';
import { runTrial, type TrialPhase } from '../trial/trial.ts';
import { ALIKE_IN_A_ROW, FailingAlike } from './failing-alike.ts';
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
  /** Whether sealed trials in which the testbed failed are run again; absent: no. */
  readonly retryFailed?: boolean;
  readonly keep: boolean;
  /** Whether a trial's teardown and the next one's provisioning overlap. A benchmark of what they cost wants them apart. */
  readonly overlap: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What is kept of a trial that has ended: its record is on the disk, and there may be thousands. */
export type EndedTrial = Pick<TrialRecord, 'trialId' | 'outcome'>;

/**
 * Runs what is not sealed yet. Rejects when interrupted, when the record cannot be written, when further trials would
 * fail as those before, and when something is left on the engine.
 */
export async function runCampaign(run: CampaignRun): Promise<EndedTrial[]> {
  const { folder } = run.store;
  const lock = path.join(folder, LOCK_FILE);
  const refuse = (pid: string) => {
    const who = pid === '' ? 'somebody' : `process ${pid}`;
    throw new UsageError(
      `run in ${folder}: ${who} is at work in it, as ${lock} says; wait until it has ended, or remove that file if it has`,
    );
  };
  return withLock(lock, refuse, () => runAlone(run));
}

function runAlone(run: CampaignRun): Promise<EndedTrial[]> {
  const { engine, store, signal, keep } = run;
  const work = async (guard: Guard) => {
    await sweepLeftovers(engine, 'run');
    const open = await openTrials(run);
    run.progress.campaign(open.length, run.schedule.length);
    return runAll(run, open, guard.process);
  };
  return guarded(engine, 'run', store.record.campaign, work, { signal, keep });
}

/** Trials that are to be run; of those that are sealed, the failed ones where they are asked for. */
async function openTrials({ store, schedule, retryFailed }: CampaignRun): Promise<ScheduledTrial[]> {
  const { sealed, damaged } = await store.trials();
  // It may be complete: who can tell is the build that wrote it, or this one when the file can be read again.
  for (const { error } of damaged) if (!canBeReplaced(error)) throw error;
  const done = new Set(sealed.map(({ trialId }) => trialId));
  if (retryFailed === true)
    for (const { trialId, outcome } of sealed)
      if (outcome === 'harness-failed') {
        await store.setAsideFailed(trialId);
        done.delete(trialId);
      }
  return schedule.filter(({ trialId }) => !done.has(trialId));
}

async function runAll(
  run: CampaignRun,
  open: readonly ScheduledTrial[],
  onProcess: (pid: number) => void,
): Promise<EndedTrial[]> {
  const failing = new FailingAlike();
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  const begun: BegunTrial[] = [];
  try {
    for (const trial of open) {
      const former = begun.at(-1);
      await (run.overlap ? former?.settled : former?.record);
      signal.throwIfAborted();
      const next = begin({ ...run, signal }, trial, { onProcess, failing }, former);
      // Ends the trial that is being brought up behind it, too.
      next.record.catch((error: unknown) => over.abort(error));
      begun.push(next);
    }
    return await Promise.all(begun.map(({ record }) => record));
  } finally {
    await Promise.allSettled(begun.map(({ record }) => record));
  }
}

/** What the trials of a campaign have in common. */
interface Common {
  readonly onProcess: (pid: number) => void;
  readonly failing: FailingAlike;
}

/** A trial that has begun. Both promises settle, whatever becomes of it. */
interface BegunTrial {
  /** Rejects when interrupted, or when no further trial can succeed. */
  readonly record: Promise<EndedTrial>;
  /** Nothing of it is measured any more. */
  readonly settled: Promise<void>;
}

function begin(
  run: CampaignRun,
  trial: ScheduledTrial,
  common: Common,
  former: BegunTrial | undefined,
): BegunTrial {
  const settled = Promise.withResolvers<void>();
  const nothing = () => undefined;
  const alone = former?.record.then(nothing, nothing) ?? Promise.resolve();
  const record = runOne(run, trial, common, alone, (phase) => {
    if (phase === 'count' || phase === 'tear down') settled.resolve();
  }).finally(() => settled.resolve());
  return { record, settled: settled.promise };
}

async function runOne(
  run: CampaignRun,
  trial: ScheduledTrial,
  { onProcess, failing }: Common,
  alone: Promise<void>,
  onPhase: (phase: TrialPhase) => void,
): Promise<EndedTrial> {
  await assertPortFree(run.request.port);
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
  const { trialId, outcome } = record;
  // Without an engine every further trial would fail in the same way, and its folder would say nothing.
  if (outcome === 'harness-failed') await assertEngineAnswers(run.engine);
  const reason = failing.ended(record);
  if (reason !== undefined)
    throw new Error(
      `run: ${ALIKE_IN_A_ROW} trials in a row failed in the same way, and the others would: ${reason}; once it is put right, --resume ${run.store.folder} goes on, and with --retry-failed runs these again`,
    );
  return { trialId, outcome };
}
