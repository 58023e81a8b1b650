/**
 * One trial, from plan to sealed record. Phases, in order: save the plan and an unsealed record; provision
 * the old universe; start the clients; upgrade in the middle of their load; let the horizon pass; settle
 * (ledger, posture, provocations, ledger again); tear everything down; seal. What fails is torn down and sealed, too. What is interrupted
 * is neither: the campaign removes all that it made, and its watchdog does where this process is gone.
 */
import type Dockerode from 'dockerode';
import { createRedactor } from '../../results/redact.ts';
import type { TrialRecord } from '../../results/schema.ts';
import type { CampaignStore } from '../../results/store.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import { errorText } from '../errors.ts';
import type { Confirmable } from '../observation/confirmation.ts';
import { renderPlan } from '../plan/plan.ts';
import { TrialClock, WALL_STEP_LIMIT_MS } from './clock.ts';
import { draftRecord } from './draft.ts';
import { observeTrial } from './observed.ts';
import { makeCredentials } from './system.ts';
import { teardownTrial } from './teardown.ts';
import { Timeline } from './timeline.ts';

/** What a trial is about, as people are told. */
export type TrialPhase = 'provision' | 'load' | 'upgrade' | 'horizon' | 'settle' | 'count' | 'tear down';

/** Everything a trial needs from the campaign. */
export interface TrialRequest {
  readonly plan: Plan;
  readonly trialId: string;
  readonly scenario: Scenario;
  /** Faults that the plan plants, or what is done to requests. */
  readonly planted: readonly Confirmable[];
  /** What the plan looks for as a sham. */
  readonly shams: readonly Confirmable[];
  readonly store: CampaignStore;
  readonly engine: Dockerode;
  readonly images: Readonly<Record<string, string>>;
  readonly k6: string;
  readonly repository: string;
  /** Published port on 127.0.0.1; 0 lets the engine choose. */
  readonly port: number;
  /** The machine is this trial's: nothing of the one before is left. No client comes earlier. Never rejects. */
  readonly alone: Promise<void>;
  /** Leaves the system running when the trial has ended. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  /** Told of processes that must not outlive this one. */
  readonly onProcess: (pid: number) => void;
  readonly onPhase: (phase: TrialPhase) => void;
}

/**
 * Runs a trial. Rejects only when interrupted, when the record itself cannot be written, and, with what was measured
 * sealed, when the trial cannot be torn down: the next one would not be alone.
 */
export async function runTrial(request: TrialRequest): Promise<TrialRecord> {
  const { plan, trialId, store, scenario } = request;
  const clock = new TrialClock();
  const credentials = await makeCredentials(scenario);
  const redact = createRedactor([...Object.values(credentials.secrets), ...privateKeys(credentials.pems)]);
  const draft = draftRecord(trialId, store.record.campaign, plan, clock.start);
  const record = await store.beginTrial(draft, redact);
  await record.writePlan(renderPlan(plan));
  if (!plan.applicability.applies)
    return seal(
      record,
      { ...draft, outcome: 'not-applicable', outcomeReason: plan.applicability.reason },
      clock,
    );

  const timeline = new Timeline(record);
  let seen: TrialRecord = draft;
  try {
    seen = await observeTrial(request, { draft, record, timeline, clock, credentials });
  } catch (error) {
    request.signal.throwIfAborted();
    seen = { ...draft, outcome: 'harness-failed', outcomeReason: reasonOf(error) };
    request.onPhase('tear down');
  }
  const teardownStartMs = clock.nowMs();
  const left = request.keep ? undefined : await tornDown(request);
  if (left !== undefined) timeline.note(clock.nowMs(), left.message);
  const teardownS = (clock.nowMs() - teardownStartMs) / 1000;
  await timeline.settle();
  const sealed = await seal(record, { ...seen, timings: { ...seen.timings, teardownS } }, clock);
  if (left !== undefined) throw left;
  return sealed;
}

/** What failed, and why: the record is all that is left to find it out from. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${errorText(error)}` : errorText(error);
}

/** Gives why it could not be done; undefined where it was. */
function tornDown({ engine, store, trialId }: TrialRequest): Promise<Error | undefined> {
  return teardownTrial(engine, store.record.campaign, trialId).then(
    () => undefined,
    (error: Error) => error,
  );
}

/** Ends the record; a wall clock that was set during the trial makes it unusable. */
async function seal(record: TrialStore, seen: TrialRecord, clock: TrialClock): Promise<TrialRecord> {
  const end = clock.read();
  const stepMs = clock.wallStepMs(end);
  const final: TrialRecord = {
    ...seen,
    sealed: true,
    clock: { start: clock.start, end },
    timings: { ...seen.timings, wallS: clock.nowMs() / 1000 },
    ...(Math.abs(stepMs) > WALL_STEP_LIMIT_MS && seen.outcome !== 'not-applicable'
      ? {
          outcome: 'harness-failed' as const,
          outcomeReason: `the wall clock moved by ${stepMs.toFixed(0)} ms against the monotonic one`,
        }
      : {}),
  };
  await record.seal(final);
  return final;
}

function privateKeys(pems: Readonly<Record<string, string>>): string[] {
  return Object.entries(pems).flatMap(([name, pem]) => (name.endsWith('.key') ? [pem] : []));
}
