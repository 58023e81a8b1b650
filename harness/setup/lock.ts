/** Keeps two set-ups of one user apart. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, ownIdentity } from '../provision/owner.ts';
import { SetUpError } from './set-up-error.ts';

const POLL_MS = 300;
/** Longer than a set-up from nothing on a slow connection. */
const WAIT_LIMIT_MS = 30 * 60_000;

/**
 * Runs `work` while this process alone holds the lock file. Whoever comes second waits and says so once. The
 * lock of a process that is gone is taken over. `SetUpError` when the wait is longer than `waitLimitMs`.
 */
export async function withLock<T>(
  file: string,
  onWait: (holderPid: string) => void,
  work: () => Promise<T>,
  waitLimitMs: number = WAIT_LIMIT_MS,
): Promise<T> {
  const deadline = process.hrtime.bigint() + BigInt(waitLimitMs) * 1_000_000n;
  let said = false;
  while (!create(file)) {
    const holder = read(file);
    if (holder !== undefined && holder !== '' && !isAlive(holder)) {
      breakStale(file, holder);
      continue;
    }
    const pid = holder?.split(':', 1)[0] ?? '';
    if (!said) onWait(pid);
    said = true;
    if (process.hrtime.bigint() > deadline) {
      throw new SetUpError(
        `wait for ${file}: still held by process ${pid || 'unknown'} after ${waitLimitMs} ms; remove the file if no set-up runs`,
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
function breakStale(file: string, holder: string): void {
  const breaking = `${file}.breaking`;
  if (!create(breaking)) {
    const breaker = read(breaking);
    if (breaker !== undefined && breaker !== '' && !isAlive(breaker)) rmSync(breaking, { force: true });
    return;
  }
  try {
    if (read(file) === holder) rmSync(file, { force: true });
  } finally {
    rmSync(breaking, { force: true });
  }
}

function create(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, ownIdentity());
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
