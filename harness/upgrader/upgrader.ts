/** The supervisor's side of the upgrader's process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { UpgradeOrder, UpgradeResult, UpgraderMessage } from './protocol.ts';

/** An upgrader that has been given its order and waits for `go`. */
export interface ReadyUpgrader {
  readonly pid: number;
  /** Starts the upgrade; resolves when it has ended, rejects when the upgrader failed or was stopped. */
  readonly go: () => Promise<UpgradeResult>;
  /** Ends the process; safe at any time. */
  readonly stop: () => void;
}

/** Starts the process and hands it its order. */
export async function startUpgrader(
  order: UpgradeOrder,
  onMessage: (message: UpgraderMessage) => void,
): Promise<ReadyUpgrader> {
  const script = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  const conversation = listen(child, onMessage);
  child.stdin.on('error', () => undefined); // A process that died is reported by its end, not by this pipe.
  child.stdin.write(`${JSON.stringify(order)}\n`);
  await conversation.ready;
  return {
    pid: child.pid ?? 0,
    go: () => {
      child.stdin.write('go\n');
      return conversation.result;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

interface Conversation {
  readonly ready: Promise<void>;
  readonly result: Promise<UpgradeResult>;
}

function listen(child: ChildProcess, onMessage: (message: UpgraderMessage) => void): Conversation {
  const ready = Promise.withResolvers<void>();
  const result = Promise.withResolvers<UpgradeResult>();
  result.promise.catch(() => undefined); // Reported where `go` is awaited.
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
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as UpgraderMessage;
    if (message.say === 'ready') ready.resolve();
    if (message.say === 'result') result.resolve(message.result);
    if (message.say === 'testbed-failure') fail(message.message);
    onMessage(message);
  });
  child.on('error', (error) => fail(error.message));
  child.on('close', (code, signal) =>
    fail(`ended with ${signal ?? code} before it was done ${lastError.trim()}`),
  );
  return { ready: ready.promise, result: result.promise };
}
