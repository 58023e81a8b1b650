/** The forwarder that stands in the interceptor's place, as a host of its own on the edge and the live universe's network. */
import type Dockerode from 'dockerode';
import { HostContainer } from '../provision/host-container.ts';
import type { MadeNetwork } from '../provision/network.ts';
import { FORWARDER_ADDRESS, type UniverseMap } from '../provision/universe.ts';
import { INGRESS_NODE } from './ingress-control.ts';
import { INGRESS_CPUS, INGRESS_PORT } from './ingress-host.ts';

/** Where the machine's image keeps the forwarder. */
const FORWARDER_MAIN = '/opt/upfault/forwarder.js';
const FORWARDER_MEMORY_MB = 256;

/** Starts it; gives the port of 127.0.0.1 on which clients find the entry, over TLS. */
export async function startForwarder(request: {
  readonly engine: Dockerode;
  readonly image: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly edge: MadeNetwork;
  readonly universe: UniverseMap;
  /** The entry's address and port. */
  readonly to: { readonly host: string; readonly port: number };
}): Promise<number> {
  const { edge, universe, to } = request;
  const started = await new HostContainer(request.image)
    .withName(request.name)
    .withLabels({ ...request.labels })
    .withCommand([INGRESS_NODE, FORWARDER_MAIN, String(INGRESS_PORT), to.host, String(to.port)])
    .onNetwork(edge.name, `${edge.prefix}.${FORWARDER_ADDRESS}`)
    // The interceptor's own budget, so that the place in between is as wide with it and without.
    .limited(INGRESS_CPUS, FORWARDER_MEMORY_MB)
    .publishedOnLoopback(INGRESS_PORT, 0)
    .startUnwatched();
  await request.engine.getNetwork(universe.network).connect({
    Container: started.getId(),
    EndpointConfig: { IPAMConfig: { IPv4Address: `${universe.prefix}.${FORWARDER_ADDRESS}` } },
  });
  return started.getMappedPort(INGRESS_PORT);
}
