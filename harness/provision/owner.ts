/**
 * Who made a container: the process id is not enough, because ids are used again. The start time of the process and the
 * boot of its machine make it one process for ever; user and namespace say who can see whether it still runs.
 */
import { readFileSync, statSync } from 'node:fs';

/** Identity of a process on this machine: `PID:START:BOOT:UID:NAMESPACE`, the last two those of the process that asks. */
export function processIdentity(pid: number): string | undefined {
  const start = startOf(pid);
  return start === 'gone' || start === 'hidden' ? undefined : identityOf(pid, start);
}

/** Identity of the process that runs this. */
export function ownIdentity(): string {
  return processIdentity(process.pid) ?? identityOf(process.pid, UNKNOWN);
}

/**
 * Whether the process of an identity may still run. Dead is what ran before this boot, and what this process would see if it
 * ran and does not; of another user's processes, those of another namespace and an identity that it does not understand it
 * cannot tell. Identities of earlier builds name neither user nor namespace: they are dead where nothing has their id.
 */
export function isAlive(identity: string): boolean {
  const [pid, start, boot, uid, namespace] = identity.split(':');
  if (pid === undefined || start === undefined || boot === undefined) return true;
  if (boot !== bootId()) return false;
  const isSeen = namespace === undefined || (uid === ownUser() && namespace === ownNamespace());
  if (start === UNKNOWN || !isSeen) return true;
  const found = startOf(Number(pid));
  if (found === 'gone') return false;
  return found === 'hidden' || found === start || namespace === undefined;
}

/** Whether the process of an identity is seen to run: nothing else may be ended in its place. */
export function isSeenToRun(identity: string): boolean {
  const [pid, start, boot, , namespace] = identity.split(':');
  if (boot !== bootId() || (namespace !== undefined && namespace !== ownNamespace())) return false;
  return startOf(Number(pid)) === start;
}

/** Start time of a process that is there and cannot be read. */
const UNKNOWN = 'unknown';

function identityOf(pid: number, start: string): string {
  return [pid, start, bootId(), ownUser(), ownNamespace()].join(':');
}

/** Start time of a process in ticks since the boot; `hidden` where it may be there. */
function startOf(pid: number): string | 'gone' | 'hidden' {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in parentheses, may hold spaces; start time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'hidden';
  } catch (error) {
    return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'gone' : 'hidden';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
  } catch {
    return 'noboot';
  }
}

function ownUser(): string {
  return String(process.getuid?.() ?? 'nouser');
}

/** Number of the namespace in which this process's ids are ids. */
function ownNamespace(): string {
  try {
    return String(statSync('/proc/self/ns/pid').ino);
  } catch {
    return 'nonamespace';
  }
}
