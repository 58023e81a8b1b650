/**
 * Who made a container: the process id is not enough, because ids are used again. The start time of the
 * process and the boot of its machine make it one process for ever.
 */
import { readFileSync } from 'node:fs';

/** Identity of a process on this machine: `PID:START:BOOT`. */
export function processIdentity(pid: number): string | undefined {
  const start = startTicks(pid);
  return start === undefined ? undefined : `${pid}:${start}:${bootId()}`;
}

/** Identity of the process that runs this. */
export function ownIdentity(): string {
  return processIdentity(process.pid) ?? `${process.pid}:unknown:${bootId()}`;
}

/** Whether the process of an identity still runs. One of another boot does not; an unreadable one is taken as alive. */
export function isAlive(identity: string): boolean {
  const [pid, start, boot] = identity.split(':');
  if (pid === undefined || start === undefined || boot === undefined) return false;
  if (boot !== bootId()) return false;
  if (start === 'unknown') return true;
  return startTicks(Number(pid)) === start;
}

function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in parentheses, may hold spaces; start time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
  } catch {
    return 'noboot';
  }
}
