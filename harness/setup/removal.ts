/** Takes away what set-up brought; images that it had from a registry stay, for others may use them by now. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { connectEngine } from '../provision/engine.ts';
import { isAlive } from '../provision/owner.ts';
import { type Brought, readBrought } from './brought.ts';
import { purgePackages } from './debian.ts';
import { cacheFolder } from './folders.ts';
import { SetUpError } from './set-up-error.ts';

const STOP_TIMEOUT_MS = 60_000;
/** Where Debian's engine keeps everything, and the packages whose coming says that it was not there before. */
const ENGINE_DATA = ['/var/lib/docker', '/var/lib/containerd'] as const;
const ENGINE_PACKAGE = 'docker.io';

/** What would be taken away. */
export interface RemovalPlan {
  /** Tags of the project's images. */
  readonly images: readonly string[];
  readonly packages: readonly string[];
  /** The engine that set-up started and that still runs. */
  readonly enginePid: number | undefined;
  /** Data of an engine that set-up installed: every image, container and volume in it goes too. */
  readonly folders: readonly string[];
}

/** Decides from the record what is ours to take away; an engine that was there before is not. */
export function planRemoval(brought: Brought, imageTags: readonly string[], cache: string): RemovalPlan {
  const installedEngine = brought.packages.includes(ENGINE_PACKAGE);
  const running = brought.engine !== undefined && isAlive(brought.engine);
  return {
    // Base images last: what is built on an image keeps its layers.
    images: imageTags
      .filter(isOurs)
      .sort((a, b) => Number(isBase(a)) - Number(isBase(b)) || (a < b ? -1 : 1)),
    packages: brought.packages,
    enginePid: running ? Number(brought.engine?.split(':', 1)[0]) : undefined,
    folders: [cache, ...(installedEngine ? ENGINE_DATA : [])],
  };
}

const isOurs = (tag: string): boolean => tag.startsWith('upfault/');
const isBase = (tag: string): boolean => tag.startsWith('upfault/base:');

/** The plan for this machine; without an engine there are no images to remove. */
export async function planMachineRemoval(): Promise<RemovalPlan> {
  const engine = await engineIfAny();
  const images = engine === undefined ? [] : await engine.listImages();
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  return planRemoval(readBrought(), tags, cacheFolder());
}

/** The plan in words, one line a thing. */
export function describeRemoval(plan: RemovalPlan): string {
  const engine =
    plan.enginePid === undefined ? [] : [`process ${plan.enginePid}, the engine that set-up started`];
  const lines = [
    ...plan.images.map((tag) => `image ${tag}`),
    ...engine,
    ...plan.packages.map((name) => `package ${name}`),
    ...plan.folders.map((path) => `folder ${path}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Carries the plan out: images, engine, packages, then folders, the record among them, last. */
export async function removeFromMachine(plan: RemovalPlan, say: (line: string) => void): Promise<void> {
  const engine = await engineIfAny();
  for (const tag of engine === undefined ? [] : plan.images) {
    say(`removing the image ${tag}`);
    await engine?.getImage(tag).remove();
  }
  if (plan.enginePid !== undefined) {
    say(`stopping the engine that set-up started (process ${plan.enginePid})`);
    await stopProcess(plan.enginePid);
  }
  if (plan.packages.length > 0) {
    say(`removing the packages ${plan.packages.join(', ')}`);
    await purgePackages(plan.packages);
  }
  for (const folder of plan.folders.filter((path) => existsSync(path))) {
    say(`removing ${folder}`);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function engineIfAny(): Promise<Dockerode | undefined> {
  try {
    return await connectEngine();
  } catch {
    // None answers: then there is nothing in it to remove.
    return undefined;
  }
}

async function stopProcess(pid: number): Promise<void> {
  const command = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  if (command !== 'dockerd')
    throw new SetUpError(`stop the engine: process ${pid} is ${command}, not dockerd`);
  process.kill(pid, 'SIGTERM');
  const deadline = process.hrtime.bigint() + BigInt(STOP_TIMEOUT_MS) * 1_000_000n;
  while (existsSync(`/proc/${pid}/comm`)) {
    if (process.hrtime.bigint() > deadline)
      throw new SetUpError(`stop the engine: process ${pid} still runs after ${STOP_TIMEOUT_MS} ms`);
    await delay(200);
  }
}
