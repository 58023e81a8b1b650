/** The upgrade of one trial: started on time, heard while it runs, ended at the horizon at the latest. */
import { setTimeout as delay } from 'node:timers/promises';
import type { InterruptRecord } from '../../results/schema.ts';
import type { Plan } from '../contract/plan.ts';
import { finalStateOf, hostReleasesAfter, restingAfter } from '../observation/final-state.ts';
import { observe } from '../upgrader/execute.ts';
import type { UpgradeResult, UpgraderMessage } from '../upgrader/protocol.ts';
import { type ReadyUpgrader, startUpgrader } from '../upgrader/upgrader.ts';
import type { Interrupter } from './interrupts.ts';
import type { System } from './system.ts';
import type { Timeline } from './timeline.ts';

/** What became of the upgrade. */
export interface UpgradeEnd {
  readonly outcome: 'none' | 'upgraded' | 'stopped' | 'rolled-back' | 'stuck';
  readonly finalState: 'old' | 'new' | 'mixed';
  readonly gate: string;
  readonly hostReleases?: Readonly<Record<string, 'old' | 'new'>>;
  readonly restingHosts?: string[];
  readonly startMs: number;
  readonly endMs: number;
  /** What became of each kill that was asked for. */
  readonly interrupts: InterruptRecord[];
}

/** Starts the upgrader's process and hands it the plan; nothing is done before `runUpgradePhase`. */
export function prepareUpgrader(
  plan: Plan,
  system: System,
  stepLog: string,
  repository: string,
  told: { readonly hear: (message: UpgraderMessage) => void; readonly onProcess: (pid: number) => void },
): Promise<ReadyUpgrader> {
  const { upgrade, rollback, onFailure } = plan;
  const order = { upgrade, rollback, onFailure, bindings: system.bindings, repository, stepLog };
  return startUpgrader(order, told.hear, told.onProcess);
}

/** Runs the upgrade and takes the observations that belong to its end. */
export async function runUpgradePhase(
  plan: Plan,
  system: System,
  upgrader: ReadyUpgrader,
  interrupter: Interrupter,
  timeline: Timeline,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<UpgradeEnd> {
  const startMs = nowMs();
  if (plan.upgrade.length === 0) {
    timeline.phase('after', startMs);
    upgrader.stop();
    const interrupts = await interrupter.end();
    return { outcome: 'none', finalState: 'old', gate: '', startMs, endMs: startMs, interrupts };
  }
  timeline.phase('mid-upgrade', startMs);
  interrupter.begin(upgrader);
  const result = await untilHorizon(upgrader, plan.windows.horizonS, signal);
  const interrupts = await interrupter.end();
  const endMs = nowMs();
  timeline.phase(
    result.outcome === 'upgraded' || result.outcome === 'rolled-back' ? 'after' : 'stopped',
    endMs,
  );
  for (const step of plan.observeAtEnd) {
    if (step.kind === 'observe') timeline.reading(await observe(step, system.world));
  }
  return {
    outcome: result.outcome,
    finalState: finalStateOf(plan.upgrade, timeline.steps, result),
    gate: result.gate,
    hostReleases: hostReleasesAfter([...plan.upgrade, ...plan.rollback], timeline.steps),
    restingHosts: restingAfter([...plan.upgrade, ...plan.rollback], timeline.steps),
    startMs,
    endMs,
    interrupts,
  };
}

async function untilHorizon(
  upgrader: ReadyUpgrader,
  horizonS: number,
  signal: AbortSignal,
): Promise<UpgradeResult> {
  const timer = new AbortController();
  const late = delay(horizonS * 1000, undefined, { signal: AbortSignal.any([timer.signal, signal]) });
  late.catch(() => undefined); // Aborted when the upgrade ends in time.
  try {
    const result = await Promise.race([upgrader.go(), late]);
    return result ?? { outcome: 'stuck', gate: 'horizon', failedSteps: [] };
  } finally {
    timer.abort();
    upgrader.stop();
  }
}
