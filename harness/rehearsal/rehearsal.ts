/**
 * A rehearsal: the plan's upgrade on a system of its own, by the upgrader of every trial, but for nobody: no load, no
 * horizon, nothing settled. It shows whether a fault's edit takes effect and is seen, in a fraction of a trial's time;
 * of users it says nothing.
 *
 * In order: provision; upgrade, until all is seen that the plan wants seen; decide from the readings; tear down.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Instrument } from '../campaign/instrument.ts';
import type { PreparedTrial } from '../campaign/prepare.ts';
import type { Reading, StepOutcome } from '../contract/observation.ts';
import type { Scenario } from '../contract/scenario.ts';
import { type Confirmed, confirmFaults, type Injection, injectionOf } from '../observation/confirmation.ts';
import { TrialClock } from '../trial/clock.ts';
import { Interrupter } from '../trial/interrupts.ts';
import { makeCredentials, provision } from '../trial/system.ts';
import { teardownTrial } from '../trial/teardown.ts';
import { Timeline } from '../trial/timeline.ts';
import { observeAtEnd, prepareUpgrader } from '../trial/upgrade.ts';
import type { Bindings } from '../upgrader/bindings.ts';
import type { UpgradeResult } from '../upgrader/protocol.ts';
import { AllSeen } from './all-seen.ts';
import { startTrickle } from './trickle.ts';

/** Longest that an upgrade may take; one that is not done by then, or stuck, is rehearsed in vain. */
const UPGRADE_LIMIT_MS = 120_000;
/** In the place of a gate: the upgrade was neither done nor stopped by then. */
export const TIME_LIMIT = 'time limit';
/** Time for one observation more than a trial would make: the slowest detectors take seconds. */
const OBSERVATION_LIMIT_MS = 5_000;

/** What a rehearsal needs. */
export interface RehearsalRequest extends Instrument {
  readonly prepared: PreparedTrial;
  readonly scenario: Scenario;
  /** Label under which everything is made; its guard and its last sweep are the caller's. */
  readonly campaign: string;
  readonly signal: AbortSignal;
  /** Whether the upgrade goes on when all is seen, so that its gates are met. */
  readonly toTheEnd: boolean;
  /** Told of processes that must not outlive this one. */
  readonly onProcess: (pid: number) => void;
}

/** What a rehearsal showed. */
export interface Rehearsal {
  /** `seen`: ended before its last step, because nothing more was to be seen. */
  readonly upgrade: UpgradeResult['outcome'] | 'seen';
  /** What stopped the upgrade, as in a trial. */
  readonly gate: string;
  readonly steps: readonly StepOutcome[];
  readonly readings: readonly Reading[];
  readonly injection: Injection;
  /** Of the planted faults, and of those that were looked for without being planted. */
  readonly planted: readonly Confirmed[];
  readonly shams: readonly Confirmed[];
  readonly wallS: number;
}

/**
 * Rehearses a plan that applies.
 * @throws when the testbed fails, or when interrupted
 */
export async function rehearse(request: RehearsalRequest): Promise<Rehearsal> {
  const { plan, planted, shams, trial } = request.prepared;
  const clock = new TrialClock();
  const timeline = new Timeline({ event: nowhere, writeEvidence: nowhere });
  let end: Pick<Rehearsal, 'upgrade' | 'gate'>;
  try {
    end = await upgraded(request, timeline, clock);
  } finally {
    await teardownTrial(request.engine, request.campaign, trial.trialId);
  }
  const { steps, readings } = timeline;
  const found = confirmFaults(planted, readings, steps);
  return {
    ...end,
    steps,
    readings,
    planted: found,
    shams: confirmFaults(shams, readings, steps),
    injection: injectionOf(plan, steps, found),
    wallS: clock.nowMs() / 1000,
  };
}

async function upgraded(
  request: RehearsalRequest,
  timeline: Timeline,
  clock: TrialClock,
): Promise<Pick<Rehearsal, 'upgrade' | 'gate'>> {
  const { scenario, signal, repository, onProcess, prepared } = request;
  const { plan, trial } = prepared;
  await using ending = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'upfault-rehearsal-'));
  ending.defer(() => rm(folder, { recursive: true }));
  const system = await provision(
    { ...request, plan, trialId: trial.trialId, startNs: clock.startNs, nowMs: clock.nowMs, port: 0 },
    await makeCredentials(scenario),
  );
  ending.defer(() => system.ingress.close());
  ending.defer(() => system.hosts.close());
  signal.throwIfAborted();
  const seen = new AllSeen(plan);
  const interrupter = new Interrupter(plan, {
    engine: request.engine,
    driverMachine: system.fresh && system.bindings.imago.machine.container,
    timeline,
    nowMs: clock.nowMs,
  });
  ending.defer(async () => void (await interrupter.end()));
  const upgrader = await prepareUpgrader({
    ...{ plan, bindings: forNobody(system.bindings), repository, stepLog: path.join(folder, 'steps.log') },
    hear: (message) => {
      timeline.hear(message);
      interrupter.hear(message);
      seen.hear(message);
    },
    onProcess,
  });
  ending.defer(() => upgrader.stop());
  const trickle = startTrickle(system.port, scenario.smoke);
  ending.defer(() => trickle.stop());
  interrupter.begin(upgrader);
  const observations = plan.upgrade.filter(({ kind }) => kind === 'observe').length;
  const limitMs = UPGRADE_LIMIT_MS + observations * OBSERVATION_LIMIT_MS;
  const ends = [upgrader.go(), expiry(limitMs, signal, ending), ...(request.toTheEnd ? [] : [seen.done])];
  const result = await Promise.race(ends);
  upgrader.stop();
  if (result === 'seen') return { upgrade: 'seen', gate: '' };
  await observeAtEnd(plan, system, timeline);
  return { upgrade: result.outcome, gate: result.gate };
}

/** No live system is to be spared. */
function forNobody(bindings: Bindings): Bindings {
  const { new: fresh, ...others } = bindings.universes;
  if (fresh === undefined) return bindings;
  return { ...bindings, universes: { ...others, new: { ...fresh, besideNobody: true } } };
}

/** An upgrade that takes too long is stuck; an interruption is thrown. */
function expiry(limitMs: number, signal: AbortSignal, ending: AsyncDisposableStack): Promise<UpgradeResult> {
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeResult>();
  const timer = setTimeout(() => resolve({ outcome: 'stuck', gate: TIME_LIMIT, failedSteps: [] }), limitMs);
  const interrupt = () => reject(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  ending.defer(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  });
  return promise;
}

/** Nothing of a rehearsal is recorded: it is told. */
async function nowhere(): Promise<void> {}
