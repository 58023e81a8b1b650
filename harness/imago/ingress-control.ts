/** The supervisor's side of the ingress interceptor: typed commands over an exec into its container. */
import type { Readable, Writable } from 'node:stream';
import { readJsonLines } from './ingress/json-lines.ts';
import type {
  HoldLimits,
  HoldStatus,
  IngressCommand,
  IngressStatus,
  NumberedCommand,
  Reply,
  UpstreamAddress,
} from './ingress/protocol.ts';

export type { HoldEnd, HoldLimits, HoldStatus, IngressStatus, UpstreamAddress } from './ingress/protocol.ts';

/** Where the interceptor's image keeps its parts. */
export const INGRESS_NODE = '/usr/local/bin/node';
export const INGRESS_MAIN = '/opt/upfault/ingress.js';
export const INGRESS_COMMAND = '/opt/upfault/ingress-command.js';

/** How long a command may go without its reply, beyond the time that it asks for itself. */
const REPLY_TIMEOUT_MS = 10_000;

/** Runs a command in the interceptor's container and gives its standard input and output. */
export type Exec = (
  argv: readonly string[],
) => Promise<{ stdin: Writable; stdout: Readable; close(): Promise<void> }>;

/** What the supervisor can ask of the interceptor. All reject with what went wrong, and after a time limit. */
export interface IngressControl {
  /** Sets where requests go from now on. */
  readonly upstream: (address: UpstreamAddress) => Promise<void>;
  readonly status: () => Promise<IngressStatus>;
  /** Requests arriving from now on wait, within limits; past one, all are forwarded and the hold is over. */
  readonly hold: (limits: HoldLimits) => Promise<HoldStatus>;
  /** Resolves once nothing is in flight; rejects after `timeoutMs`. */
  readonly drain: (timeoutMs: number) => Promise<void>;
  /** Sends everything not yet forwarded elsewhere; rejects, with no change, unless the hold still runs. */
  readonly redirect: (holdId: number, address: UpstreamAddress) => Promise<void>;
  /** Forwards what waits, in order of arrival; rejects unless the hold still runs. */
  readonly release: (holdId: number) => Promise<HoldStatus>;
  /** Ends the command channel; the interceptor goes on. */
  readonly close: () => Promise<void>;
}

interface Awaited {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens a command channel to a running interceptor.
 * @param argv - the bridge's command line; the default is the image's
 */
export async function connectIngress(
  exec: Exec,
  argv: readonly string[] = [INGRESS_NODE, INGRESS_COMMAND],
): Promise<IngressControl> {
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
  stdout.on('end', () => breakAll(new Error('ingress: the command channel ended')));
  stdout.on('close', () => breakAll(new Error('ingress: the command channel closed')));
  readJsonLines(stdout, (value) => settle(awaited, value as Reply), breakAll);

  const ask = (command: IngressCommand, ownTimeMs = 0): Promise<unknown> => {
    if (broken !== undefined) {
      return Promise.reject(new Error(`ingress ${command.command}: ${broken.message}`, { cause: broken }));
    }
    lastId += 1;
    const numbered: NumberedCommand = { id: lastId, command };
    const timeoutMs = ownTimeMs + REPLY_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        awaited.delete(numbered.id);
        reject(new Error(`ingress ${command.command}: no reply within ${timeoutMs} ms`));
      }, timeoutMs);
      awaited.set(numbered.id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(new Error(`ingress ${command.command}: ${error.message}`, { cause: error }));
        },
      });
      stdin.write(`${JSON.stringify(numbered)}\n`);
    });
  };

  return {
    upstream: async (upstream) => void (await ask({ command: 'upstream', upstream })),
    status: async () => (await ask({ command: 'status' })) as IngressStatus,
    hold: async (limits) => (await ask({ command: 'hold', limits })) as HoldStatus,
    drain: async (timeoutMs) => void (await ask({ command: 'drain', timeoutMs }, timeoutMs)),
    redirect: async (holdId, upstream) => void (await ask({ command: 'redirect', holdId, upstream })),
    release: async (holdId) => (await ask({ command: 'release', holdId })) as HoldStatus,
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
