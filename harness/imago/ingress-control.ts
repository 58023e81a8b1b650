/** The supervisor's side of the ingress interceptor: typed commands over an exec into its container. */
import { type Exec, openCommandChannel } from './command-channel.ts';
import type {
  DisturbanceRequest,
  DisturbanceStatus,
  HoldLimits,
  HoldStatus,
  IngressCommand,
  IngressStatus,
  MirrorRequest,
  MirrorStatus,
  UpstreamAddress,
} from './ingress/protocol.ts';

export type { Exec } from './command-channel.ts';
export type {
  DisturbanceRequest,
  DisturbanceStatus,
  HoldEnd,
  HoldLimits,
  HoldStatus,
  IngressStatus,
  LatencyStatus,
  MirrorLimits,
  MirrorRequest,
  MirrorStatus,
  UpstreamAddress,
} from './ingress/protocol.ts';

/** Where the interceptor's image keeps its parts. */
export const INGRESS_NODE = '/usr/local/bin/node';
export const INGRESS_COMMAND = '/opt/upfault/ingress-command.js';

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
  /** Withholds answers, or refuses requests, for a time; rejects while it does so already. */
  readonly disturb: (request: DisturbanceRequest) => Promise<DisturbanceStatus>;
  /**
   * Tells requests forwarded from now on, and their answers, to a tester that listens already. Clients never
   * notice. Resolves once connected; rejects while another mirror runs.
   */
  readonly mirror: (request: MirrorRequest) => Promise<MirrorStatus>;
  /** Ends the mirror; what has no answer yet is told as lost. Rejects when none runs. */
  readonly mirrorStop: () => Promise<MirrorStatus>;
  /** Whether the command channel can still be used. */
  readonly isOpen: () => boolean;
  /** Ends the command channel; the interceptor goes on. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a command channel to a running interceptor.
 * @param argv - the bridge's command line; the default is the image's
 */
export async function connectIngress(
  exec: Exec,
  argv: readonly string[] = [INGRESS_NODE, INGRESS_COMMAND],
): Promise<IngressControl> {
  const channel = await openCommandChannel(exec, argv, 'ingress');
  const ask = (command: IngressCommand, ownTimeMs?: number) => channel.ask(command, ownTimeMs);
  return {
    upstream: async (upstream) => void (await ask({ command: 'upstream', upstream })),
    status: async () => (await ask({ command: 'status' })) as IngressStatus,
    hold: async (limits) => (await ask({ command: 'hold', limits })) as HoldStatus,
    drain: async (timeoutMs) => void (await ask({ command: 'drain', timeoutMs }, timeoutMs)),
    redirect: async (holdId, upstream) => void (await ask({ command: 'redirect', holdId, upstream })),
    release: async (holdId) => (await ask({ command: 'release', holdId })) as HoldStatus,
    disturb: async (request) => (await ask({ command: 'disturb', ...request })) as DisturbanceStatus,
    mirror: async (request) => (await ask({ command: 'mirror', ...request })) as MirrorStatus,
    mirrorStop: async () => (await ask({ command: 'mirror-stop' })) as MirrorStatus,
    isOpen: channel.isOpen,
    close: () => channel.close(),
  };
}
