/** The clients of one trial, and the phases that their requests fall into. */
import { setTimeout as delay } from 'node:timers/promises';
import { CLIENT_TIMEOUT_MS } from '../../results/series.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { DirectEntry } from '../workload/direct-entry.ts';
import {
  CONNECTS_PER_SECOND,
  clientsFor,
  openingFor,
  type RunningWorkload,
  startWorkload,
} from '../workload/workload.ts';
import type { TrialClock } from './clock.ts';

/** Longest time from starting the load generator to the first request that is served. */
const FIRST_ANSWER_LIMIT_MS = 20_000;
/** Load beyond the horizon, so that its end is whole although the upgrade begins a moment late. */
const TAIL_S = 0.5;

/** Last part of the warm-up: at the load, and with the budgets, that hold while something is measured. */
export const BUDGETED_WARM_UP_S = 0.5;

/** Seconds in which the clients of a load all connect. */
export function connectingS(ratePerSecond: number): number {
  return Math.ceil(clientsFor(ratePerSecond, CLIENT_TIMEOUT_MS) / CONNECTS_PER_SECOND);
}

/** Seconds of the warm-up: those of the windows, or more where more clients have to connect before anything counts. */
export function warmUpFor(ratePerSecond: number, windowsS: number): number {
  return Math.max(windowsS, connectingS(ratePerSecond) + BUDGETED_WARM_UP_S);
}

/** Load that is under way. */
export interface Load {
  readonly workload: RunningWorkload;
  /**
   * When the load began, on the trial's clock: with its first request, as the load generator counts, so that both come to the
   * horizon's end at the same time however long that request took.
   */
  readonly startMs: number;
}

/** Starts the clients and waits until the first of them is served. */
export async function startLoad(options: {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly k6: string;
  readonly port: number;
  /** Where clients come in if not through that port. */
  readonly direct: DirectEntry | undefined;
  readonly clock: TrialClock;
  readonly repository: string;
}): Promise<Load> {
  const { scenario, plan, clock } = options;
  const { warmUpS, beforeS, horizonS } = plan.windows;
  const workload = startWorkload({
    k6: options.k6,
    script: `${options.repository}/${scenario.workload.script}`,
    url: options.direct ? `https://${options.direct.serverName}` : `http://127.0.0.1:${options.port}`,
    ...(options.direct === undefined ? {} : { direct: options.direct }),
    ratePerSecond: plan.ratePerSecond,
    durationS: warmUpS + beforeS + horizonS + TAIL_S,
    seed: plan.seed,
    opening: openingFor(plan.ratePerSecond, CLIENT_TIMEOUT_MS, warmUpS - BUDGETED_WARM_UP_S),
    timeoutMs: CLIENT_TIMEOUT_MS,
    environment: scenario.workload.environment(plan.size),
    readClocks: () => ({ wallMs: clock.read().wallMs, trialMs: clock.nowMs() }),
  });
  const untilMs = clock.nowMs() + FIRST_ANSWER_LIMIT_MS;
  while (workload.served() === 0) {
    if (clock.nowMs() > untilMs) {
      await workload.stop();
      throw new Error(
        `start the load: of ${workload.seen()} requests none was served in ${FIRST_ANSWER_LIMIT_MS} ms`,
      );
    }
    const ended = await Promise.race([workload.done, delay(50)]);
    if (ended?.ended === 'failed') throw new Error(`start the load: ${ended.reason}`);
  }
  return { workload, startMs: workload.begunMs() ?? clock.nowMs() };
}
