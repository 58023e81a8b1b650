/** Removes everything of a trial, within deadlines of its own. What is left then is the watchdog's. */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { CAMPAIGN_LABEL, EngineError } from '../provision/engine.ts';
import { type Selection, sweep } from '../provision/sweep.ts';

/** How often, how long and with what pauses it is tried. */
export interface TeardownLimits {
  readonly attempts: number;
  /** Of each attempt. */
  readonly deadlineMs: number;
  /** Before the next attempt: what is still going away needs a moment, and so does an engine that is busy. */
  readonly pauseMs: number;
}

const LIMITS: TeardownLimits = { attempts: 3, deadlineMs: 30_000, pauseMs: 1_000 };

/** Tears a trial down; trying again where the engine refuses or stalls. Rejects with why the last attempt failed. */
export async function teardownTrial(
  engine: Dockerode,
  campaign: string,
  trialId: string,
  { attempts, deadlineMs, pauseMs }: TeardownLimits = LIMITS,
): Promise<void> {
  const ofTrial: Selection = (labels) =>
    labels[CAMPAIGN_LABEL] === campaign && labels['upfault.trial'] === trialId;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await removeAll(engine, ofTrial, deadlineMs);
    } catch (cause) {
      if (attempt >= attempts)
        throw new EngineError(`tear down trial ${trialId}: ${(cause as Error).message}`, { cause });
    }
    await delay(pauseMs);
  }
}

/** Sweeps until a sweep finds nothing. */
async function removeAll(engine: Dockerode, selected: Selection, deadlineMs: number): Promise<void> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => deadline.reject(new EngineError(`not done after ${deadlineMs} ms`)),
    deadlineMs,
  );
  try {
    for (;;) {
      const found = await Promise.race([sweep(engine, selected), deadline.promise]);
      if (found.containers + found.networks + found.volumes === 0) return;
    }
  } finally {
    clearTimeout(timer);
  }
}
