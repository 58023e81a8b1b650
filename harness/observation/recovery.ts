/** Whether users are served, asked by a walk through the system. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../contract/exchange.ts';
import type { World } from '../upgrader/execute.ts';
import { type ExchangesResult, runExchanges } from './exchange.ts';
import type { ExchangeSite } from './exchange-http.ts';

/** Time in which a system must be sound again after it was provoked. */
export const RECOVERY_LIMIT_MS = 6_000;
const RECOVERY_INTERVAL_MS = 250;
/** Walks at the same time where one would not do, because it may miss a fault that is on one of two hosts. */
const CONVINCING_WALKS = 6;

/** Where and how users walk. */
export interface Walked {
  readonly site: ExchangeSite;
  readonly smoke: readonly Exchange[];
  readonly world: Pick<World, 'nowMs'>;
}

/**
 * A walk, or as many at the same time, must succeed within the limit; else the last failure is the trouble, and the first one
 * tells when.
 */
export async function recover(
  { site, smoke, world }: Walked,
  limitMs: number,
  concurrency = 1,
): Promise<{ readonly trouble: string; readonly atMs: number | null }> {
  const untilMs = world.nowMs() + limitMs;
  let firstMs: number | null = null;
  for (;;) {
    const { reason } = await runExchanges(site, smoke, { concurrency });
    if (reason === '') return { trouble: '', atMs: null };
    firstMs ??= world.nowMs();
    if (world.nowMs() > untilMs)
      return { trouble: `not sound after ${limitMs} ms: ${reason}`, atMs: firstMs };
    await delay(RECOVERY_INTERVAL_MS);
  }
}

/** Whether walks succeed whichever hosts they meet. */
export function walkConvincingly({ site, smoke }: Walked): Promise<ExchangesResult> {
  return runExchanges(site, smoke, { concurrency: CONVINCING_WALKS });
}

/** Such walks, repeated until all succeed, as after every provocation: what it broke may be met only when it is next used. */
export function recoverConvincingly(walked: Walked): ReturnType<typeof recover> {
  return recover(walked, RECOVERY_LIMIT_MS, CONVINCING_WALKS);
}
