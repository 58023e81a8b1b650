/** One complete copy of the system: its network, addresses, and the containers of its hosts. */
import type { Scenario } from '../contract/scenario.ts';
import type { HostName, HostSpec, Release, Size, Universe } from '../contract/topology.ts';

/** Where a universe's hosts are. Plain data, so that the upgrader's process can be told. */
export interface UniverseMap {
  readonly universe: Universe;
  readonly network: string;
  /** First three bytes of every address in it. */
  readonly prefix: string;
  readonly specs: Readonly<Record<HostName, HostSpec>>;
  /** Name -> IPv4 address, for hosts and for the scenario's further address names. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Name of the container of each host. */
  readonly containers: Readonly<Record<HostName, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** First part of the names of volumes that both universes of a system use. */
  readonly storage: string;
  /** Containers within whose budgets its hosts run, by host; absent where it has hardware of its own. */
  readonly within?: Readonly<Record<HostName, string>>;
  /** Set where nobody is served beside it: then a parallel universe's machines wait for no other machine. */
  readonly besideNobody?: true;
}

/** First host number in a subnet; .1 is the bridge, the ingress sits below. */
const FIRST_ADDRESS = 20;
/** Address number of the ingress in every universe's network. */
export const INGRESS_ADDRESS = 10;
/** Address number of the driver's machine in both universes' networks. */
export const DRIVER_ADDRESS = 11;

/** Address number of the forwarder, on the edge and in the live universe's network. */
export const FORWARDER_ADDRESS = 12;

/** Lays out a universe on a network that was made for it. */
export function layOut(options: {
  readonly scenario: Scenario;
  readonly size: Size;
  /** Requests/s that its hosts are to bear; the scenario's standard load where absent. */
  readonly ratePerSecond?: number;
  readonly universe: Universe;
  readonly network: { readonly name: string; readonly prefix: string };
  readonly labels: Readonly<Record<string, string>>;
  /** The same for all universes of a system; the network's name where there is one only. */
  readonly storage?: string;
}): UniverseMap {
  const { scenario, universe, network } = options;
  const load = Math.max(1, (options.ratePerSecond ?? 0) / scenario.standardRate);
  const specs = scenario.hosts(options.size).map((spec) => ({ ...spec, cpus: spec.cpus * load }));
  const names = [...specs.map((spec) => spec.name), ...scenario.addresses];
  return {
    universe,
    network: network.name,
    prefix: network.prefix,
    specs: Object.fromEntries(specs.map((spec) => [spec.name, spec])),
    addresses: Object.fromEntries(
      names.map((name, index) => [name, `${network.prefix}.${FIRST_ADDRESS + index}`]),
    ),
    containers: Object.fromEntries(specs.map((spec) => [spec.name, `${network.name}-${spec.name}`])),
    labels: options.labels,
    storage: options.storage ?? network.name,
  };
}

/** Key of an image in a table of resolved images. */
export function imageKey(image: string, release: Release): string {
  return `${image}:${release}`;
}
