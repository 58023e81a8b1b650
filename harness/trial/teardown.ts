/** Removes everything of a trial, within a deadline of its own. What is left then is the watchdog's. */
import type Dockerode from 'dockerode';
import { CAMPAIGN_LABEL, EngineError } from '../provision/engine.ts';
import { sweep } from '../provision/sweep.ts';

const DEADLINE_MS = 30_000;
const ATTEMPTS = 3;

/** Tears a trial down; trying again where the engine refuses because something is still going away. */
export async function teardownTrial(engine: Dockerode, campaign: string, trialId: string): Promise<void> {
  const ofTrial = (labels: Readonly<Record<string, string>>) =>
    labels[CAMPAIGN_LABEL] === campaign && labels['upfault.trial'] === trialId;
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => deadline.reject(new EngineError(`tear down trial ${trialId}: not done after ${DEADLINE_MS} ms`)),
    DEADLINE_MS,
  );
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const found = await Promise.race([sweep(engine, ofTrial), deadline.promise]);
        if (found.containers + found.networks + found.volumes === 0) return;
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error;
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
