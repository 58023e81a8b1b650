/** One side of a command channel: numbered commands as JSON lines to a process elsewhere, and its replies. */
import type { Readable, Writable } from 'node:stream';
import { type Command, type NumberedCommand, type Reply, readJsonLines } from './json-lines.ts';

/** How long a command may go without its reply, beyond the time that it asks for itself. */
const REPLY_TIMEOUT_MS = 10_000;

/** The process has answered, and refused what was asked. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

/** The process has ended, or what led to it. */
export class ChannelBroken extends Error {
  override readonly name = 'ChannelBroken';
  /** What the process is called. */
  readonly process: string;

  constructor(process: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.process = process;
  }
}

/** The process is there and says nothing in time. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
}

/** Runs a command elsewhere, in a container for example, and gives its standard input and output. */
export type Exec = (
  argv: readonly string[],
) => Promise<{ stdin: Writable; stdout: Readable; close(): Promise<void> }>;

/** Commands to one process. */
export interface CommandChannel {
  /**
   * Sends a command and gives its reply's result. Rejects with `CommandRefused`, with `ChannelBroken` or what broke
   * it, and with `NoReply` after a fixed time: whose failure that is depends on which it was.
   * @param ownTimeMs - how long the command may take by itself, beyond that fixed time; default 0
   */
  readonly ask: (command: Command, ownTimeMs?: number) => Promise<unknown>;
  /** Whether it can still be asked. */
  readonly isOpen: () => boolean;
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
  const gone = (message: string, cause?: Error): void =>
    breakAll(new ChannelBroken(name, `${name}: the command channel ${message}`, { cause }));
  stdin.on('error', (error: Error) => gone(`ended: ${error.message}`, error));
  stdout.on('error', (error: Error) => gone(`ended: ${error.message}`, error));
  stdout.on('end', () => gone('ended'));
  stdout.on('close', () => gone('closed'));
  readJsonLines(stdout, (value) => settle(awaited, value as Reply), breakAll);

  const ask = (command: Command, ownTimeMs = 0): Promise<unknown> => {
    const what = `${name} ${command.command}`;
    if (broken !== undefined) {
      return Promise.reject(named(what, broken));
    }
    lastId += 1;
    const numbered: NumberedCommand = { id: lastId, command };
    const timeoutMs = ownTimeMs + REPLY_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        awaited.delete(numbered.id);
        reject(new NoReply(`${what}: no reply within ${timeoutMs} ms`));
      }, timeoutMs);
      awaited.set(numbered.id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(named(what, error));
        },
      });
      stdin.write(`${JSON.stringify(numbered)}\n`);
    });
  };

  return {
    ask,
    isOpen: () => broken === undefined,
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
    waiting?.reject(new CommandRefused(reply.error));
  }
}

/** The same kind of error, with the name of what was asked in front. */
function named(what: string, error: Error): Error {
  const message = `${what}: ${error.message}`;
  if (error instanceof CommandRefused) return new CommandRefused(message);
  if (error instanceof ChannelBroken) return new ChannelBroken(error.process, message, { cause: error });
  return new Error(message, { cause: error });
}
