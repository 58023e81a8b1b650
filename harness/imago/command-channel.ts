/** One side of a command channel: numbered commands as JSON lines to a process elsewhere, and its replies. */
import type { Readable, Writable } from 'node:stream';
import { type Command, type NumberedCommand, type Reply, readJsonLines } from './json-lines.ts';

/** How long a command may go without its reply, beyond the time that it asks for itself. */
const REPLY_TIMEOUT_MS = 10_000;

/** Runs a command elsewhere, in a container for example, and gives its standard input and output. */
export type Exec = (
  argv: readonly string[],
) => Promise<{ stdin: Writable; stdout: Readable; close(): Promise<void> }>;

/** Commands to one process. */
export interface CommandChannel {
  /**
   * Sends a command and gives its reply's result. Rejects with what was refused, when the channel broke, and
   * without a reply within a fixed time.
   * @param ownTimeMs - how long the command may take by itself, beyond that fixed time; default 0
   */
  readonly ask: (command: Command, ownTimeMs?: number) => Promise<unknown>;
  /** Ends the channel: whatever waits for a reply is rejected. */
  readonly close: () => Promise<void>;
}

interface Awaited {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a process by `exec` and opens a command channel over its standard input and output.
 * @param name - what the process is called in errors, such as `ingress`
 */
export async function openCommandChannel(
  exec: Exec,
  argv: readonly string[],
  name: string,
): Promise<CommandChannel> {
  const { stdin, stdout, close } = await exec(argv);
  const awaited = new Map<number, Awaited>();
  let lastId = 0;
  let broken: Error | undefined;

  const breakAll = (error: Error): void => {
    broken ??= error;
    for (const { reject } of awaited.values()) {
      reject(broken);
    }
    awaited.clear();
  };
  stdin.on('error', breakAll);
  stdout.on('end', () => breakAll(new Error(`${name}: the command channel ended`)));
  stdout.on('close', () => breakAll(new Error(`${name}: the command channel closed`)));
  readJsonLines(stdout, (value) => settle(awaited, value as Reply), breakAll);

  const ask = (command: Command, ownTimeMs = 0): Promise<unknown> => {
    const what = `${name} ${command.command}`;
    if (broken !== undefined) {
      return Promise.reject(new Error(`${what}: ${broken.message}`, { cause: broken }));
    }
    lastId += 1;
    const numbered: NumberedCommand = { id: lastId, command };
    const timeoutMs = ownTimeMs + REPLY_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        awaited.delete(numbered.id);
        reject(new Error(`${what}: no reply within ${timeoutMs} ms`));
      }, timeoutMs);
      awaited.set(numbered.id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(new Error(`${what}: ${error.message}`, { cause: error }));
        },
      });
      stdin.write(`${JSON.stringify(numbered)}\n`);
    });
  };

  return {
    ask,
    close: async () => {
      breakAll(new Error('the command channel was closed'));
      stdin.end();
      await close();
    },
  };
}

function settle(awaited: Map<number, Awaited>, reply: Reply): void {
  const waiting = awaited.get(reply.id);
  awaited.delete(reply.id);
  if (reply.ok) {
    waiting?.resolve(reply.result);
  } else {
    waiting?.reject(new Error(reply.error));
  }
}
