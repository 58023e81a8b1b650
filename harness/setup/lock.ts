/** Keeps two set-ups of one user apart, and two processes out of one results folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, ownIdentity } from '../provision/owner.ts';
import { SetUpError } from './set-up-error.ts';

const POLL_MS = 300;
/** Longer than a set-up from nothing on a slow connection. */
const WAIT_LIMIT_MS = 30 * 60_000;
/** To take over a dead process's lock is a matter of milliseconds. */
const BREAK_LIMIT_MS = 10_000;

/**
 * Runs `work` while this process alone holds the lock file. Whoever comes second waits and says so once. The
 * lock of a process that is gone is taken over. `SetUpError` when the wait is longer than `waitLimitMs`.
 * @param onWait may throw instead of waiting
 */
export async function withLock<T>(
  file: string,
  onWait: (holderPid: string) => void,
  work: () => Promise<T>,
  waitLimitMs: number = WAIT_LIMIT_MS,
): Promise<T> {
  const startNs = process.hrtime.bigint();
  const isPast = (limitMs: number) => process.hrtime.bigint() - startNs > BigInt(limitMs) * 1_000_000n;
  let said = false;
  while (!create(file)) {
    const holder = read(file) ?? '';
    if (!isAlive(holder)) {
      if (breakStale(file, holder)) continue;
      if (isPast(Math.min(waitLimitMs, BREAK_LIMIT_MS)))
        throw new SetUpError(
          `take over ${file} of a process that is gone: ${breaking(file)} says that another does so, and it does not end; remove both files if none is at work`,
        );
    } else {
      const pid = holder.split(':', 1)[0] ?? '';
      if (!said) onWait(pid);
      said = true;
      if (isPast(waitLimitMs))
        throw new SetUpError(
          `wait for ${file}: still held by process ${pid || 'unknown'} after ${waitLimitMs} ms; remove the file if that is gone`,
        );
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Removes a dead holder's lock, under a second lock: two waiters could otherwise remove each other's new one. */
function breakStale(file: string, holder: string): boolean {
  if (!create(breaking(file))) {
    const breaker = read(breaking(file));
    if (breaker !== undefined && !isAlive(breaker)) rmSync(breaking(file), { force: true });
    return false;
  }
  try {
    if (read(file) === holder) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(breaking(file), { force: true });
  }
}

function breaking(file: string): string {
  return `${file}.breaking`;
}

/** Makes the file whole or not at all: one without a holder, after a full disk or a kill, would hold for ever. */
function create(file: string): boolean {
  if (existsSync(file)) return false;
  const own = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(3).toString('hex')}.tmp`);
  try {
    writeFileSync(own, ownIdentity(), { flag: 'wx', flush: true });
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new SetUpError(`make the lock ${file}: ${(error as Error).message}`, { cause: error });
  } finally {
    rmSync(own, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
