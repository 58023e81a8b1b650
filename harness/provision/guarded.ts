/** Work that makes things on the engine under one label: a watchdog stands by meanwhile, and at the end all of it is removed. */
import type Dockerode from 'dockerode';
import { type Guard, startGuard } from './guard.ts';
import { LeftoversError, sweepCampaign } from './sweep.ts';

/** How such work may end. */
export interface GuardedEnd {
  /** Ends the work. Its reason is what is thrown then, unless something is left: that matters more. */
  readonly signal?: AbortSignal;
  /** Whether what was made stays, though not where the work was ended; default no. */
  readonly keep?: boolean;
}

/**
 * Does `work`, and removes what the campaign made, also where it fails. @throws LeftoversError where something is left; the
 * watchdog then stands by until this process ends, and goes on trying
 */
export async function guarded<T>(
  engine: Dockerode,
  operation: string,
  campaign: string,
  work: (guard: Guard) => Promise<T>,
  { signal, keep = false }: GuardedEnd = {},
): Promise<T> {
  const guard = await startGuard(campaign);
  try {
    try {
      return await work(guard);
    } finally {
      if (!keep || signal?.aborted === true) await sweepCampaign(engine, operation, campaign);
      guard.dismiss();
    }
  } catch (error) {
    if (!(error instanceof LeftoversError)) signal?.throwIfAborted();
    throw error;
  }
}
