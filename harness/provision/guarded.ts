/** Work that makes things on the engine under one label: a watchdog stands by meanwhile, and at the end all of it is removed. */
import type Dockerode from 'dockerode';
import { type Guard, startGuard } from './guard.ts';
import { sweepCampaign } from './sweep.ts';

/**
 * Does `work`, and removes what the campaign made, also where it fails. @throws LeftoversError where something is left; the
 * watchdog then stands by until this process ends
 */
export async function guarded<T>(
  engine: Dockerode,
  operation: string,
  campaign: string,
  work: (guard: Guard) => Promise<T>,
): Promise<T> {
  const guard = await startGuard(campaign);
  try {
    return await work(guard);
  } finally {
    await sweepCampaign(engine, operation, campaign);
    guard.dismiss();
  }
}
