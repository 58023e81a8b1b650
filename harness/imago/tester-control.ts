/** The upgrader's side of the tester: typed commands to its process in the driver's machine. */
import type { Comparison } from '../contract/difference.ts';
import type { Exchange } from '../contract/exchange.ts';
import { type Exec, openCommandChannel } from './command-channel.ts';
import type { UpstreamAddress } from './ingress/protocol.ts';
import type {
  IntegrationResult,
  TesterCommand,
  TesterLimits,
  TesterStopped,
  TesterVerdict,
} from './testing/protocol.ts';

export type {
  IntegrationResult,
  Mismatch,
  TesterLimits,
  TesterStopped,
  TesterVerdict,
} from './testing/protocol.ts';

/** The tester's command line in the image that the ingress and the driver's machine are made from. */
const TESTER_ARGV = ['/usr/local/bin/node', '/opt/upfault/tester.js'] as const;

/** A walk that takes longer than its own limit is cut off by the tester; stopping waits for answers under way. */
const STOP_MS = 15_000;

/** What the tester is told before anything else. */
export interface TesterSystems {
  readonly old: UpstreamAddress;
  readonly new: UpstreamAddress;
  /** Where the ingress' mirror connects; 0 lets the system choose, and `start` tells. */
  readonly listenPort: number;
  readonly comparison: Comparison;
  readonly limits?: Partial<TesterLimits>;
}

/** What can be asked of the tester. All reject with what went wrong, and after a time limit. */
export interface TesterControl {
  readonly connect: (systems: TesterSystems) => Promise<void>;
  /** Makes a walk through the new universe. A walk that fails is a result, not an error. */
  readonly integration: (exchanges: readonly Exchange[], timeoutMs: number) => Promise<IntegrationResult>;
  /** Listens for the mirror and begins to compare, or only to learn. */
  readonly start: (options?: { readonly learnOnly?: boolean }) => Promise<{ readonly port: number }>;
  /** Waits until enough was compared, the rule has failed, or time is up; the comparison goes on until `stop`. */
  readonly verdict: (minimumCompared: number, timeoutMs: number) => Promise<TesterVerdict>;
  /** Ends the comparison; afterwards nothing is under way in the new universe. No error if none runs. */
  readonly stop: () => Promise<TesterStopped>;
  /** Ends the process. */
  readonly close: () => Promise<void>;
}

/** Starts a tester by `exec`, in the driver's machine or elsewhere. */
export async function startTester(exec: Exec, argv: readonly string[] = TESTER_ARGV): Promise<TesterControl> {
  const channel = await openCommandChannel(exec, argv, 'tester');
  const ask = (command: TesterCommand, ownTimeMs = 0): Promise<unknown> => channel.ask(command, ownTimeMs);
  return {
    connect: async (systems) => void (await ask({ command: 'connect', ...systems })),
    integration: async (exchanges, timeoutMs) =>
      (await ask({ command: 'integration', exchanges, timeoutMs }, timeoutMs)) as IntegrationResult,
    start: async (options = {}) => (await ask({ command: 'start', ...options })) as { readonly port: number },
    verdict: async (minimumCompared, timeoutMs) =>
      (await ask({ command: 'verdict', minimumCompared, timeoutMs }, timeoutMs)) as TesterVerdict,
    stop: async () => (await ask({ command: 'stop' }, STOP_MS)) as TesterStopped,
    close: channel.close,
  };
}
