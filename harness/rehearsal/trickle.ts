/**
 * A few requests, one after the other: the user's walk again and again. Imago tests the new universe with the requests
 * of clients, and would wait in vain; a cache that nobody has asked holds nothing that could be stale.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../contract/exchange.ts';
import { runExchanges } from '../observation/exchange.ts';

/** Pause between two walks. */
const PAUSE_MS = 50;

/** A trickle of requests that goes on. */
export interface Trickle {
  /** Begins no further walk, and waits for the one under way. */
  readonly stop: () => Promise<void>;
}

/** Walks at 127.0.0.1 until stopped. A walk that fails is nothing to a rehearsal, which asks no question about users. */
export function startTrickle(port: number, walk: readonly Exchange[]): Trickle {
  const stopped = new AbortController();
  const walking = (async () => {
    while (!stopped.signal.aborted) {
      await runExchanges(port, walk, { concurrency: 1 });
      await delay(PAUSE_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await walking;
    },
  };
}
