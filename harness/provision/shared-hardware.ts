/**
 * Hosts of a parallel universe on the hardware of the live one: each runs within the CPU budget of the live host of the
 * same name, and the driver's machine within the primary database's. What keeps them within it is the kernel: their
 * control group lies inside that of the live host, and has no budget of its own.
 */
import type Dockerode from 'dockerode';
import { EngineError } from './engine.ts';

/** Label of containers that run within another's budget; they go before it, or its control group would stay behind. */
export const WITHIN_LABEL = 'upfault.within';

/** Where the engine keeps containers' control groups. */
const ENGINE_GROUP = '/docker';

/** Rejects where the engine cannot nest one container in another's budget: only version 1 without systemd can. */
export async function assertCanShareHardware(engine: Dockerode): Promise<void> {
  const { CgroupDriver: driver, CgroupVersion: version } = await engine.info();
  if (driver === 'cgroupfs' && String(version) === '1') return;
  throw new EngineError(
    `--hardware shared: the engine nests no host in another's budget (control groups of version ${version}, driver ${driver}); version 1 with driver cgroupfs is wanted, or --hardware separate`,
  );
}

/** The control group of a running container, for another to run within. */
export async function groupOf(engine: Dockerode, container: string): Promise<string> {
  return `${ENGINE_GROUP}/${(await engine.getContainer(container).inspect()).Id}`;
}
