/** The operator: goes through the plan, and does what the policy says when a step fails. */
import type { FailurePolicy } from '../contract/plan.ts';
import type { Step } from '../contract/step.ts';
import { gateOf } from '../plan/gate-name.ts';
import { type Stretch, stretchesOf } from '../plan/lanes.ts';
import { flatten, hostOf, isSwitch } from '../plan/rows.ts';
import { execute, type World } from './execute.ts';
import { goOn } from './go-on.ts';
import type { UpgradeResult, UpgraderMessage } from './protocol.ts';
import { StepFailure } from './step-failure.ts';
import type { StepLog } from './step-log.ts';

/** What the operator goes by. */
export interface UpgradeRun {
  readonly upgrade: readonly Step[];
  readonly rollback: readonly Step[];
  readonly onFailure: FailurePolicy;
  readonly world: World;
  readonly log: StepLog;
  readonly tell: (message: UpgraderMessage) => void;
}

/** Runs the upgrade to its end. Throws only when the testbed itself fails. */
export async function runUpgrade(run: UpgradeRun): Promise<UpgradeResult> {
  if (run.log.goesOn) await goOn(run);
  const failed: string[] = [];
  for (const stretch of stretchesOf(run.upgrade)) {
    const [first, ...others] = await runStretch(stretch, run);
    if (first === undefined) continue;
    failed.push(...[first, ...others].map(({ id }) => id));
    if (run.onFailure === 'continue') continue;
    const gate = gateOf(first);
    if (run.onFailure === 'halt' || isTooLate(run, first))
      return { outcome: 'stopped', gate, failedSteps: failed };
    return rollBack(run, first, gate, failed);
  }
  return { outcome: 'upgraded', gate: '', failedSteps: failed };
}

/**
 * Runs the lanes of a stretch side by side; returns the failed steps in the order in which they failed. Where the policy
 * is not to go on, no lane begins another step after a failure, but each ends the one that it is at.
 */
async function runStretch(stretch: Stretch, run: UpgradeRun): Promise<readonly Step[]> {
  const failures: Step[] = [];
  let broken = false;
  const lanes = stretch.map(async (lane) => {
    try {
      for (const step of lane) {
        if (broken || (failures.length > 0 && run.onFailure !== 'continue')) return;
        if (!(await runStep(step, run))) failures.push(step);
      }
    } catch (error) {
      broken = true;
      throw error;
    }
  });
  for (const outcome of await Promise.allSettled(lanes))
    if (outcome.status === 'rejected') throw outcome.reason;
  return failures;
}

async function rollBack(
  run: UpgradeRun,
  failure: Step,
  gate: string,
  failed: string[],
): Promise<UpgradeResult> {
  const upTo = run.upgrade.slice(0, run.upgrade.indexOf(failure) + 1);
  const reached = new Set(flatten(upTo).map(({ id }) => id));
  const isMeant = ({ undoes }: Step) => undoes === undefined || undoes.some((id) => reached.has(id));
  for (const step of run.rollback.filter(isMeant)) {
    if (await runStep(step, run)) continue;
    failed.push(step.id);
    return { outcome: 'stuck', gate, failedSteps: failed };
  }
  return { outcome: 'rolled-back', gate, failedSteps: failed };
}

async function runStep(step: Step, run: UpgradeRun): Promise<boolean> {
  if (run.log.isDone(step.id)) return true;
  if (run.log.hasFailed(step.id)) return false;
  const startMs = run.world.nowMs();
  const about = { stepId: step.id, kind: step.kind };
  run.tell({ say: 'step-start', atMs: startMs, ...about, host: hostOf(step), title: step.title });
  const end = (outcome: 'done' | 'failed', reason: string) =>
    run.tell({ say: 'step-end', atMs: run.world.nowMs(), startMs, ...about, outcome, reason });
  try {
    await execute(step, run.world);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    run.log.fail(step.id);
    end('failed', error.message);
    return false;
  }
  run.log.finish(step.id);
  end('done', '');
  return true;
}

/**
 * Whether there is no way back from this failure: clients have been sent to the parallel universe, or a step that takes away what
 * the former release needs has begun; one that failed may have taken away a part of it.
 */
function isTooLate({ upgrade, log }: UpgradeRun, failure: Step): boolean {
  return upgrade
    .slice(0, upgrade.indexOf(failure) + 1)
    .some((step) => step.noReturn === true || (isSwitch(step) && log.isDone(step.id)));
}
