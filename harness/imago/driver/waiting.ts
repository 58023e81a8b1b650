/** Waiting for the driver's work to get somewhere. */
import type { Work } from './work.ts';

/** Looks again whenever something has moved on. */
export interface Waiting {
  /** Whether it is there; throws once it cannot come any more. */
  readonly isThere: () => boolean;
  readonly timeoutMs: number;
  /** What to say when the time is up. */
  readonly late: () => string;
}

/** Resolves once it is there; rejects when it cannot come, or after the time given. */
export function waitUntil(work: Work, { isThere, timeoutMs, late }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      try {
        if (!isThere()) return;
        resolve();
      } catch (error) {
        reject(error as Error);
      }
      done();
    };
    const unwatch = work.watch(look);
    const timer = setTimeout(() => {
      done();
      reject(new Error(late()));
    }, timeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
    };
    look();
  });
}
