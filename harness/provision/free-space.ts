/** Room on the engine's disk: once it is full nothing of a system works any more, whatever was done to it. */
import { statfs } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import { EngineError } from './engine.ts';

/** Below this a trial's own data and logs may fill it: several times what one writes. */
const FREE_MB_WANTED = 512;

/** Megabytes left where the engine keeps images, containers and volumes; undefined where that is not to be seen from here. */
export async function freeMb(engine: Pick<Dockerode, 'info'>): Promise<number | undefined> {
  const { DockerRootDir: root } = (await engine.info()) as { readonly DockerRootDir?: string };
  if (root === undefined) return undefined;
  return statfs(root).then(
    ({ bavail, bsize }) => (bavail * bsize) / 1e6,
    () => undefined,
  );
}

/** Rejects where there is too little room, as far as it is known: what comes of it is the testbed's failure. */
export async function assertRoom(
  engine: Pick<Dockerode, 'info'>,
  operation: string,
  wantedMb = FREE_MB_WANTED,
): Promise<void> {
  const free = await freeMb(engine);
  if (free === undefined || free >= wantedMb) return;
  throw new EngineError(
    `${operation}: ${free.toFixed(0)} MB are left on the disk of the container engine; ${wantedMb} MB are wanted`,
  );
}
