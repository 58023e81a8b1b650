/** The supervisor's side of the upgrader's process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { UpgradeOrder, UpgradeResult, UpgraderMessage } from './protocol.ts';

/** Longest time from the process's start to `ready`: what it does until then is to ask the engine once. */
const READY_LIMIT_MS = 30_000;

/** An upgrader that has been given its order and waits for `go`. */
export interface ReadyUpgrader {
  /** Starts the upgrade; resolves when it has ended, rejects when the upgrader failed or was stopped. */
  readonly go: () => Promise<UpgradeResult>;
  /**
   * Kills the process while it works, and starts another that goes on from the step log. Gives the number of
   * processes killed: 0 before `go`, once it has ended, and while another is being started.
   */
  readonly interrupt: () => number;
  /** Ends the process; safe at any time. */
  readonly stop: () => void;
}

/**
 * Starts the process and hands it its order. Rejects, with the process gone, where that is not ready in time.
 * @param onProcess told of every process that is started, for it must not outlive this one
 */
export async function startUpgrader(
  order: UpgradeOrder,
  onMessage: (message: UpgraderMessage) => void,
  onProcess: (pid: number) => void,
): Promise<ReadyUpgrader> {
  const result = Promise.withResolvers<UpgradeResult>();
  result.promise.catch(() => undefined); // Reported where `go` is awaited.
  const begin = () => {
    const started = startProcess(order, onMessage);
    onProcess(started.child.pid ?? 0);
    return started;
  };
  let current = begin();
  let state: 'waiting' | 'working' | 'restarting' | 'over' = 'waiting';
  await current.ready.catch((error: Error) => {
    current.child.kill('SIGKILL');
    throw error;
  });

  const work = ({ child, ended }: StartedProcess) => {
    state = 'working';
    child.stdin?.write('go\n');
    ended.then(
      (value) => {
        state = 'over';
        result.resolve(value);
      },
      (error: Error) => {
        // The end of a process that was interrupted is not the upgrade's.
        if (current.child !== child) return;
        state = 'over';
        result.reject(error);
      },
    );
  };
  return {
    go: () => {
      work(current);
      return result.promise;
    },
    interrupt: () => {
      if (state !== 'working') return 0;
      state = 'restarting';
      const former = current.child;
      former.kill('SIGKILL');
      current = begin();
      const next = current;
      next.ready.then(
        () => state === 'restarting' && work(next),
        (error: Error) => result.reject(error),
      );
      return 1;
    },
    stop: () => {
      state = 'over';
      current.child.kill('SIGKILL');
      result.reject(new Error('upgrader: it was stopped before it was done'));
    },
  };
}

interface StartedProcess extends Conversation {
  readonly child: ChildProcess;
}

function startProcess(order: UpgradeOrder, onMessage: (message: UpgraderMessage) => void): StartedProcess {
  const script = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const conversation = listen(child, onMessage);
  child.stdin.on('error', () => undefined); // A process that died is reported by its end, not by this pipe.
  child.stdin.write(`${JSON.stringify(order)}\n`);
  return { child, ...conversation };
}

/** What a process tells of itself. */
export interface Conversation {
  readonly ready: Promise<void>;
  /** What it says at its end; rejects when it ends without. */
  readonly ended: Promise<UpgradeResult>;
}

/** Hears what an upgrader's process says, until it ends. */
export function listen(child: ChildProcess, onMessage: (message: UpgraderMessage) => void): Conversation {
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<UpgradeResult>();
  ready.promise.catch(() => undefined); // Reported where it is awaited.
  result.promise.catch(() => undefined); // Likewise.
  let lastError = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastError = (lastError + chunk.toString()).slice(-2000);
  });
  const fail = (reason: string) => {
    const error = new Error(`upgrader: ${reason}`);
    ready.reject(error);
    result.reject(error);
  };
  if (child.stdout === null) throw new Error('upgrader: started without standard output');
  const late = setTimeout(() => fail(`not ready within ${READY_LIMIT_MS} ms`), READY_LIMIT_MS);
  ready.promise.finally(() => clearTimeout(late)).catch(() => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = messageOf(line);
    if (message === undefined) {
      // What a process that was killed had begun to say.
      if (!child.killed) fail(`said what is no message: ${line.slice(0, 200)}`);
      return;
    }
    if (message.say === 'ready') ready.resolve();
    if (message.say === 'result') result.resolve(message.result);
    if (message.say === 'testbed-failure') fail(message.message);
    onMessage(message);
  });
  child.on('error', (error) => fail(error.message));
  child.on('close', (code, signal) =>
    fail(`ended with ${signal ?? code} before it was done ${lastError.trim()}`),
  );
  return { ready: ready.promise, ended: result.promise };
}

function messageOf(line: string): UpgraderMessage | undefined {
  try {
    return JSON.parse(line) as UpgraderMessage;
  } catch {
    return undefined;
  }
}
