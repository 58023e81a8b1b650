/**
 * The ingress as a host of its own: it sits on the edge, where its port is published on 127.0.0.1, and on
 * every universe's network. No host of a universe is on more than one: besides the ingress, only a forwarder in its
 * place and Imago's driver are.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { openChannel } from '../provision/channel.ts';
import { EngineError } from '../provision/engine.ts';
import { HostContainer } from '../provision/host-container.ts';
import type { MadeNetwork } from '../provision/network.ts';
import { INGRESS_ADDRESS, type UniverseMap } from '../provision/universe.ts';
import { connectIngress, type IngressControl } from './ingress-control.ts';

export type { IngressControl } from './ingress-control.ts';

/** CPU budget in cores: generous, so that the ingress is never what limits a trial. */
export const INGRESS_CPUS = 0.8;
const INGRESS_MEMORY_MB = 256;
/** Port on which the interceptor listens inside its container. */
export const INGRESS_PORT = 8080;
const START_TIMEOUT_MS = 10_000;

/** What the ingress needs to start. */
export interface IngressRequest {
  readonly engine: Dockerode;
  readonly image: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly edge: MadeNetwork;
  readonly universes: readonly UniverseMap[];
  /** Port on 127.0.0.1; 0 lets the engine choose. */
  readonly port: number;
}

/** Starts the ingress and opens its command channel. */
export async function startIngress(
  request: IngressRequest,
): Promise<{ control: IngressControl; port: number }> {
  const { engine, name, edge } = request;
  const container = new HostContainer(request.image)
    .withName(name)
    .withLabels({ ...request.labels })
    .onNetwork(edge.name, `${edge.prefix}.${INGRESS_ADDRESS}`)
    .limited(INGRESS_CPUS, INGRESS_MEMORY_MB)
    .publishedOnLoopback(INGRESS_PORT, request.port);
  const started = await container.startUnwatched().catch((cause: Error) => {
    const taken = /port is already allocated|address already in use/i.test(cause.message);
    const reason = taken
      ? `port ${request.port} of 127.0.0.1 is taken; name another one or none`
      : cause.message;
    throw new EngineError(`start the ingress: ${reason}`, { cause });
  });
  for (const universe of request.universes) {
    await engine.getNetwork(universe.network).connect({
      Container: started.getId(),
      EndpointConfig: { IPAMConfig: { IPv4Address: `${universe.prefix}.${INGRESS_ADDRESS}` } },
    });
  }
  const control = await connectWhenUp(engine, name);
  return { control, port: started.getMappedPort(INGRESS_PORT) };
}

/** The interceptor's socket appears a moment after its container starts. */
async function connectWhenUp(engine: Dockerode, container: string): Promise<IngressControl> {
  const untilNs = process.hrtime.bigint() + BigInt(START_TIMEOUT_MS) * 1_000_000n;
  let failure: unknown;
  while (process.hrtime.bigint() < untilNs) {
    const control = await connectIngress((argv) => openChannel(engine, container, argv));
    try {
      await control.status();
      return control;
    } catch (error) {
      failure = error;
      await control.close();
      await delay(100);
    }
  }
  throw new EngineError(`start the ingress: no answer after ${START_TIMEOUT_MS} ms`, { cause: failure });
}
