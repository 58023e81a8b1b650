/**
 * The driver's machine: a host of its own on both universes' networks, on which the driver and the tester run. It is
 * made from the ingress' image, which holds their programs.
 */
import type Dockerode from 'dockerode';
import { EngineError, isNotFound } from '../provision/engine.ts';
import { HostContainer, removeContainer } from '../provision/host-container.ts';
import { groupOf } from '../provision/shared-hardware.ts';
import { DRIVER_ADDRESS, type UniverseMap } from '../provision/universe.ts';

/**
 * CPU budget in cores: half a core moves some 20,000 rows a second, fast enough to be done while the new hosts are
 * installed, and leaves the rest of a small machine to the clients.
 */
const DRIVER_CPUS = 0.6;
export const DRIVER_MEMORY_MB = 512;

/** What the machine is made of. Plain data, so that the upgrader's process can be told. */
export interface DriverMachine {
  readonly container: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Container within whose budget it runs; absent where it has one of its own. */
  readonly within?: string;
}

/** Starts the machine; the one that is there is used. */
export async function startDriverMachine(
  engine: Dockerode,
  machine: DriverMachine,
  old: UniverseMap,
  fresh: UniverseMap,
): Promise<void> {
  try {
    if ((await engine.getContainer(machine.container).inspect()).State.Running) return;
    await removeContainer(engine, machine.container);
  } catch (cause) {
    if (!isNotFound(cause))
      throw new EngineError(`look for the driver's machine: ${(cause as Error).message}`, { cause });
  }
  try {
    const container = new HostContainer(machine.image)
      .withName(machine.container)
      .withLabels({ ...machine.labels })
      .withCommand(['sleep', 'infinity'])
      .onNetwork(old.network, `${old.prefix}.${DRIVER_ADDRESS}`)
      .limited(machine.within === undefined ? DRIVER_CPUS : undefined, DRIVER_MEMORY_MB);
    if (machine.within === undefined) container.beside();
    else container.within(await groupOf(engine, machine.within));
    const started = await container.startUnwatched();
    await engine.getNetwork(fresh.network).connect({
      Container: started.getId(),
      EndpointConfig: { IPAMConfig: { IPv4Address: `${fresh.prefix}.${DRIVER_ADDRESS}` } },
    });
  } catch (cause) {
    throw new EngineError(`start the driver's machine: ${(cause as Error).message}`, { cause });
  }
}
