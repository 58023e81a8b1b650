/** The ingress interceptor: the proxy and what can be asked of it. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ClientConnection } from './client-connection.ts';
import { Counts } from './counts.ts';
import { Disturbance } from './disturbance.ts';
import { Gate } from './gate.ts';
import { LatencyWindow, nowMs } from './latency.ts';
import { MirrorSlot } from './mirror-slot.ts';
import type {
  DisturbanceRequest,
  DisturbanceStatus,
  HoldLimits,
  HoldStatus,
  IngressStatus,
  MirrorRequest,
  MirrorStatus,
  UpstreamAddress,
} from './protocol.ts';
import { makeUpstream, type Upstream } from './upstream.ts';

/** Clients connected at once; beyond it connections are closed at once, and counted. */
const MAX_CONNECTIONS = 16_384;
const MAX_DRAIN_MS = 60_000;

/** A running interceptor. */
export interface Ingress {
  /** Port on which clients are served. */
  readonly port: number;
  /** Sets where requests go from now on. */
  readonly setUpstream: (address: UpstreamAddress) => void;
  readonly status: () => IngressStatus;
  readonly hold: (limits: HoldLimits) => HoldStatus;
  /** Resolves once nothing is in flight. Held requests are not in flight. */
  readonly drain: (timeoutMs: number) => Promise<void>;
  /** Sends everything not yet forwarded elsewhere, if the hold still runs. */
  readonly redirect: (holdId: number, address: UpstreamAddress) => void;
  readonly release: (holdId: number) => HoldStatus;
  /** Withholds answers, or refuses requests, for a time. */
  readonly disturb: (request: DisturbanceRequest) => DisturbanceStatus;
  /** Tells requests forwarded from now on, and their answers, to a tester. */
  readonly mirror: (request: MirrorRequest) => Promise<MirrorStatus>;
  readonly mirrorStop: () => Promise<MirrorStatus>;
  /** Cuts all connections and stops. */
  readonly close: () => Promise<void>;
}

/** When a connection counts as dead: nothing moved on it during that many sweeps. */
export interface Patience {
  readonly sweepMs: number;
  readonly quietSweeps: number;
}

/** Two minutes: far beyond any client's timeout and any trial's pause, so that it ends only what is dead. */
const PATIENCE: Patience = { sweepMs: 10_000, quietSweeps: 12 };

/**
 * Starts to serve.
 * @param listen - port 0 takes a free one
 * @throws if the port is taken
 */
export async function startIngress(
  listen: { readonly host: string; readonly port: number },
  patience: Patience = PATIENCE,
): Promise<Ingress> {
  const counts = new Counts();
  const gate = new Gate();
  const open = new Map<Socket, ClientConnection>();
  let upstream: Upstream | undefined;
  const latency = new LatencyWindow();
  const mirrors = new MirrorSlot();
  const disturbance = new Disturbance();
  const observers = { counts, latency, mirror: () => mirrors.current };
  const shared = { ...observers, gate, disturbance, upstream: () => upstream };

  const server = createServer((socket) => {
    open.set(socket, new ClientConnection(socket, shared));
    socket.on('close', () => open.delete(socket));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => {
    counts.connectionsRefused += 1;
  });
  const port = await listening(server, listen);
  const sweeping = setInterval(() => {
    for (const connection of open.values()) {
      connection.sweep(patience.quietSweeps);
    }
  }, patience.sweepMs);

  return {
    port,
    setUpstream: (address) => {
      upstream = makeUpstream(address);
    },
    status: () => statusOf({ counts, gate, latency, disturbance, mirrors, upstream }),
    hold: (limits) => gate.hold(limits),
    drain: async (timeoutMs) => {
      if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_DRAIN_MS) {
        throw new Error(
          `drain: timeout of ${timeoutMs} ms: a whole number from 1 to ${MAX_DRAIN_MS} is wanted`,
        );
      }
      await counts.idle(timeoutMs);
    },
    redirect: (holdId, address) => {
      const next = makeUpstream(address);
      gate.requireRunning('redirect', holdId);
      upstream = next;
    },
    release: (holdId) => gate.release(holdId),
    disturb: (request) => disturbance.start(request),
    mirror: (request) => mirrors.start(request),
    mirrorStop: () => mirrors.stop(),
    close: async () => {
      clearInterval(sweeping);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of open.values()) {
        connection.cut('ingress-closed');
      }
      await closed;
      if (mirrors.current !== undefined) {
        await mirrors.stop();
      }
    },
  };
}

async function listening(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`ingress: cannot listen on ${host}:${port}: ${error.message}`, { cause: error })),
    );
    server.listen({ host, port, backlog: 4_096 }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function statusOf({
  counts,
  gate,
  latency,
  disturbance,
  mirrors,
  upstream,
}: {
  readonly counts: Counts;
  readonly gate: Gate;
  readonly latency: LatencyWindow;
  readonly disturbance: Disturbance;
  readonly mirrors: MirrorSlot;
  readonly upstream: Upstream | undefined;
}): IngressStatus {
  const hold = gate.status();
  const mirror = mirrors.status();
  const { broken, connections, connectionsRefused, inFlight, peakInFlight, forwarded } = counts;
  const { answered, malformed, bytesFromClients, bytesToClients } = counts;
  return {
    ...(upstream === undefined ? {} : { upstream: entryOf(upstream) }),
    connections,
    connectionsRefused,
    inFlight,
    peakInFlight,
    forwarded,
    answered,
    broken: Object.fromEntries(broken),
    malformed,
    bytesFromClients,
    bytesToClients,
    latency: latency.status(nowMs()),
    disturbance: disturbance.status(),
    ...(mirror === undefined ? {} : { mirror }),
    ...(hold === undefined ? {} : { hold }),
  };
}

function entryOf({ address: { host, port, serverName } }: Upstream): NonNullable<IngressStatus['upstream']> {
  return { host, port, serverName };
}
