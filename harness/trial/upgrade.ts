/** The upgrade of one trial: started on time, heard while it runs, ended at the horizon at the latest. */
import { setTimeout as delay } from 'node:timers/promises';
import type { InterruptRecord } from '../../results/schema.ts';
import type { Plan } from '../contract/plan.ts';
import { finalStateOf, hostReleasesAfter, restingAfter } from '../observation/final-state.ts';
import type { Bindings } from '../upgrader/bindings.ts';
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

/** What an upgrader is started with. */
export interface UpgraderStart {
  readonly plan: Pick<Plan, 'upgrade' | 'rollback' | 'onFailure'>;
  readonly bindings: Bindings;
  readonly repository: string;
  /** File of the steps that it finished. */
  readonly stepLog: string;
  readonly hear: (message: UpgraderMessage) => void;
  /** Told of processes that must not outlive this one. */
  readonly onProcess: (pid: number) => void;
}

/** Starts the upgrader's process and hands it the plan; nothing is done before it is told to go. */
export function prepareUpgrader({ plan, hear, onProcess, ...others }: UpgraderStart): Promise<ReadyUpgrader> {
  const { upgrade, rollback, onFailure } = plan;
  return startUpgrader({ upgrade, rollback, onFailure, ...others }, hear, onProcess);
}

/** Takes the observations that belong to the upgrade's end. */
export async function observeAtEnd(
  plan: Pick<Plan, 'observeAtEnd'>,
  { world }: Pick<System, 'world'>,
  timeline: Timeline,
): Promise<void> {
  for (const step of plan.observeAtEnd) timeline.reading(await observe(step, world));
}

/** What an upgrade is run with. */
export interface UpgradePhase {
  readonly plan: Plan;
  readonly system: System;
  readonly upgrader: ReadyUpgrader;
  readonly interrupter: Interrupter;
  readonly timeline: Timeline;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** Runs the upgrade and takes the observations that belong to its end. */
export async function runUpgradePhase(phase: UpgradePhase): Promise<UpgradeEnd> {
  const { plan, upgrader, interrupter, timeline, nowMs } = phase;
  const startMs = nowMs();
  if (plan.upgrade.length === 0) {
    timeline.phase('after', startMs);
    upgrader.stop();
    const interrupts = await interrupter.end();
    return { outcome: 'none', finalState: 'old', gate: '', startMs, endMs: startMs, interrupts };
  }
  timeline.phase('mid-upgrade', startMs);
  interrupter.begin(upgrader);
  const result = await untilHorizon(upgrader, plan.windows.horizonS, phase.signal);
  const interrupts = await interrupter.end();
  const endMs = nowMs();
  timeline.phase(
    result.outcome === 'upgraded' || result.outcome === 'rolled-back' ? 'after' : 'stopped',
    endMs,
  );
  await observeAtEnd(plan, phase.system, timeline);
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
