/**
 * Hosts as containers. A host's first process is an idle init; its services are started inside it. Volumes
 * of its own survive reinstallation, so that what an in-place upgrade would leave behind is left behind here.
 */
import type Dockerode from 'dockerode';
import { GenericContainer, type StartedTestContainer, StartupCheckStrategy } from 'testcontainers';
import type { HostName, HostSpec, MachineDeviation, VolumeSpec } from '../contract/topology.ts';
import { volumesDevice } from './block-device.ts';
import { EngineError, isNotFound } from './engine.ts';
import { groupOf, WITHIN_LABEL } from './shared-hardware.ts';
import type { UniverseMap } from './universe.ts';

/** Period of the CPU quota: the engine's default of 100 ms would stall a throttled host longer. */
const CPU_PERIOD_US = 10_000;

/**
 * Weight of a parallel universe's machines while they do not serve, and of any other machine. They stand for hardware of
 * their own, which would take nothing from the live system: where cores run short, they wait.
 */
const BESIDE_SHARES = 32;
const SHARES = 1024;

/** A host is ready once its idle init runs; its services are started, and checked, by steps. */
class StartedIsReady extends StartupCheckStrategy {
  override checkStartupState(): Promise<'SUCCESS'> {
    return Promise.resolve('SUCCESS');
  }
}

/** Adds what testcontainers does not offer: fixed addresses, CPU quotas, an init, volumes with labels. */
export class HostContainer extends GenericContainer {
  /** A host of a universe, as its specification says. */
  asHost(universe: UniverseMap, host: HostName, withoutVolumes: readonly string[] = []): this {
    const spec = specOf(universe, host);
    const volumes = spec.volumes.filter((volume) => !withoutVolumes.includes(volume.path));
    this.createOpts.Hostname = host;
    this.onNetwork(universe.network, universe.addresses[host] ?? '');
    // Machines know their neighbours by name; it costs no query, because no name service is asked.
    this.withExtraHosts(
      Object.entries(universe.addresses).map(([name, ipAddress]) => ({ host: name, ipAddress })),
    );
    const shares = universe.within !== undefined;
    this.limited(shares ? undefined : spec.cpus, spec.memoryMb);
    if (universe.universe === 'new' && !shares && universe.besideNobody !== true) this.beside();
    this.hostConfig.Init = true;
    this.hostConfig.CapAdd = [...spec.capabilities];
    this.hostConfig.Tmpfs = Object.fromEntries(
      volumes.flatMap((volume) =>
        volume.sizeMb === undefined || volume.shared ? [] : [[volume.path, ofSize(volume.sizeMb)]],
      ),
    );
    this.hostConfig.Mounts = volumes.flatMap((volume) => mountOf(volume, universe, host));
    this.withLabels({ ...universe.labels });
    return this.withName(universe.containers[host] ?? '').withCommand(['sleep', 'infinity']);
  }

  /** Joins a network under a fixed address. */
  onNetwork(network: string, address: string): this {
    this.withNetworkMode(network);
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } },
    };
    return this;
  }

  /** Limits CPU (cores; undefined: only by what it runs within) and memory (megabytes; no swap). */
  limited(cpus: number | undefined, memoryMb: number): this {
    if (cpus !== undefined) {
      this.hostConfig.CpuPeriod = CPU_PERIOD_US;
      this.hostConfig.CpuQuota = Math.round(cpus * CPU_PERIOD_US);
    }
    this.hostConfig.Memory = memoryMb * 1024 * 1024;
    this.hostConfig.MemorySwap = memoryMb * 1024 * 1024;
    return this;
  }

  /** Limits what is read from a block device and written to it, each; writes that are buffered count only with cgroups of version 2. */
  withDiskLimit(device: string, bytesPerSecond: number): this {
    this.hostConfig.BlkioDeviceReadBps = [{ Path: device, Rate: bytesPerSecond }];
    this.hostConfig.BlkioDeviceWriteBps = [{ Path: device, Rate: bytesPerSecond }];
    return this;
  }

  /** Waits for the live system's machines where cores run short. */
  beside(): this {
    this.hostConfig.CpuShares = BESIDE_SHARES;
    return this;
  }

  /** Runs within another container's budget. */
  within(group: string): this {
    this.hostConfig.CgroupParent = group;
    return this.withLabels({ [WITHIN_LABEL]: group });
  }

  /** Publishes a port on 127.0.0.1 only; `hostPort` 0 lets the engine choose. */
  publishedOnLoopback(containerPort: number, hostPort: number): this {
    this.withExposedPorts(containerPort);
    this.hostConfig.PortBindings = {
      [`${containerPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: hostPort === 0 ? '' : String(hostPort) }],
    };
    return this;
  }

  /** Starts without the reaper, whose work our watchdog does, and without waiting for ports. */
  async startUnwatched(): Promise<StartedTestContainer> {
    return this.withAutoCleanup(false).withWaitStrategy(new StartedIsReady()).start();
  }
}

/** Starts the host's container from an image. */
export async function startHost(
  engine: Dockerode,
  universe: UniverseMap,
  host: HostName,
  image: string,
  deviation: MachineDeviation = {},
): Promise<void> {
  const { withoutVolumes, diskBytesPerSecond } = deviation;
  try {
    const container = new HostContainer(image).asHost(universe, host, withoutVolumes);
    const outer = universe.within?.[host];
    if (outer !== undefined) container.within(await groupOf(engine, outer));
    if (diskBytesPerSecond !== undefined)
      container.withDiskLimit(await volumesDevice(engine), diskBytesPerSecond);
    await container.startUnwatched();
  } catch (cause) {
    throw new EngineError(`start host ${host} from ${image}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Enforces the CPU budgets of a universe's hosts, or lifts them while nothing is measured: bringing a system
 * up and settling it take twice as long under budgets, and tell nothing more.
 */
export async function setBudgets(
  engine: Dockerode,
  universe: UniverseMap,
  budgets: 'enforced' | 'lifted',
): Promise<void> {
  // Those that run within another's budget have none to enforce.
  if (universe.within !== undefined) return;
  await Promise.all(
    Object.values(universe.specs).map(async (spec) => {
      const CpuQuota = budgets === 'enforced' ? Math.round(spec.cpus * CPU_PERIOD_US) : -1;
      try {
        await engine
          .getContainer(universe.containers[spec.name] ?? '')
          .update({ CpuPeriod: CPU_PERIOD_US, CpuQuota });
      } catch (error) {
        // An upgrade that ended while it reinstalled a host left none: part of what is found, not a failure.
        if (!isNotFound(error)) throw error;
      }
    }),
  );
}

/**
 * The hosts of a parallel universe that is about to serve wait for nobody any more. One after the other: the engine runs a
 * process for each, and many at once are felt by clients.
 */
export async function promoteUniverse(engine: Dockerode, { containers }: UniverseMap): Promise<void> {
  for (const container of Object.values(containers))
    await engine.getContainer(container).update({ CpuShares: SHARES });
}

/** Whether a container is there and runs. */
export async function isRunning(engine: Dockerode, container: string): Promise<boolean> {
  try {
    return (await engine.getContainer(container).inspect()).State.Running;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Removes a container, running or not; no error if there is none. Its named volumes stay. */
export async function removeContainer(engine: Dockerode, container: string): Promise<void> {
  try {
    await engine.getContainer(container).remove({ force: true, v: true });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** What a host is installed from, and where that departs from its specification. */
export interface HostInstallation {
  readonly image: string;
  readonly deviation?: MachineDeviation | undefined;
}

/** Replaces the host's container by one of another image; address and volumes stay. */
export async function reinstallHost(
  engine: Dockerode,
  universe: UniverseMap,
  host: HostName,
  { image, deviation }: HostInstallation,
): Promise<void> {
  try {
    await removeContainer(engine, universe.containers[host] ?? '');
  } catch (cause) {
    throw new EngineError(`remove host ${host} before its reinstallation`, { cause });
  }
  await startHost(engine, universe, host, image, deviation);
}

type Mounts = NonNullable<Dockerode.HostConfig['Mounts']>;

/** A volume with a name; none for file systems that are in one host's memory alone. */
function mountOf({ path, sizeMb, shared }: VolumeSpec, universe: UniverseMap, host: HostName): Mounts {
  if (sizeMb !== undefined && !shared) return [];
  const options = sizeMb === undefined ? {} : { type: 'tmpfs', device: 'tmpfs', o: ofSize(sizeMb) };
  return [
    {
      Type: 'volume',
      Target: path,
      Source: shared ? `${universe.storage}${path.replaceAll('/', '-')}` : volumeName(universe, host, path),
      VolumeOptions: {
        NoCopy: shared === true,
        Labels: { ...universe.labels },
        DriverConfig: { Name: 'local', Options: options },
      },
    },
  ];
}

function ofSize(sizeMb: number): string {
  return `size=${sizeMb}m,mode=0755`;
}

function specOf(universe: UniverseMap, host: HostName): HostSpec {
  const spec = universe.specs[host];
  if (spec === undefined) {
    throw new EngineError(
      `host ${host}: not in this universe; hosts are ${Object.keys(universe.specs).join(', ')}`,
    );
  }
  return spec;
}

function volumeName(universe: UniverseMap, host: HostName, path: string): string {
  return `${universe.containers[host]}${path.replaceAll('/', '-')}`;
}
