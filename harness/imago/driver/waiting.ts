/** Waiting for the driver's work to get somewhere: it is looked at again whenever something has moved on. */
import type { Work } from './work.ts';

/**
 * Resolves with true once it is there, with false after the time given.
 * @param isThere - throws once it cannot come any more, which rejects
 */
export function waitAtMost(work: Work, isThere: () => boolean, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      try {
        if (!isThere()) return;
        resolve(true);
      } catch (error) {
        reject(error as Error);
      }
      done();
    };
    const unwatch = work.watch(look);
    const timer = setTimeout(() => {
      done();
      resolve(false);
    }, timeoutMs);
    const done = (): void => {
      clearTimeout(timer);
      unwatch();
    };
    look();
  });
}
