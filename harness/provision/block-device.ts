/** The block device under the engine's volumes, which a slow disk is made of by limiting it. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type Dockerode from 'dockerode';
import { EngineError } from './engine.ts';

/**
 * Device file of the whole disk that holds the engine's volumes: the kernel limits disks, not their partitions.
 * @throws EngineError where volumes lie on no disk of this machine (another machine's engine, a file system in memory)
 */
export async function volumesDevice(engine: Dockerode): Promise<string> {
  const { DockerRootDir: root } = (await engine.info()) as { DockerRootDir: string };
  const { major, minor } = numbersOf(BigInt(statSync(root).dev));
  const link = `/sys/dev/block/${major}:${minor}`;
  if (!existsSync(link))
    throw new EngineError(
      `limit a disk: ${root} lies on device ${major}:${minor}, which is no disk of this machine`,
    );
  const entry = realpathSync(link);
  const disk = existsSync(path.join(entry, 'partition')) ? path.dirname(entry) : entry;
  return `/dev/${path.basename(disk)}`;
}

/** Linux packs both numbers of a device into one (`gnu_dev_makedev`). */
function numbersOf(device: bigint): { major: bigint; minor: bigint } {
  return {
    major: ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn),
    minor: (device & 0xffn) | ((device >> 12n) & ~0xffn),
  };
}
