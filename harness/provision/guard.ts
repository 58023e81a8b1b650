/** The testbed's side of the watchdog: started before anything else is made, dismissed when all is removed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ownIdentity, processIdentity } from './owner.ts';

/** A watchdog that stands by. */
export interface Guard {
  /** A process that must not outlive this one. */
  readonly process: (pid: number) => void;
  /** Everything is removed; the watchdog may go. */
  readonly dismiss: () => void;
}

/**
 * Starts the watchdog of a campaign, in a session of its own so that it survives the terminal.
 * @throws Error where no process can be started
 */
export async function startGuard(campaign: string): Promise<Guard> {
  const script = fileURLToPath(new URL('./watchdog.ts', import.meta.url));
  const child = spawn(process.execPath, [script, campaign, ownIdentity()], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  await once(child, 'spawn').catch((cause: Error) => {
    throw new Error(`guard ${campaign}: its watchdog cannot be started: ${cause.message}`, { cause });
  });
  child.unref();
  child.stdin.on('error', () => undefined); // A watchdog that is gone cannot be told; the next sweep does its work.
  const tell = (line: string) => void child.stdin.write(`${line}\n`);
  return {
    process: (pid) => {
      const identity = processIdentity(pid);
      if (identity !== undefined) tell(identity);
    },
    dismiss: () => {
      tell('goodbye');
      child.stdin.end();
    },
  };
}
