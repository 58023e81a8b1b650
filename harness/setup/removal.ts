/** Takes away what set-up brought; images that it had from a registry stay, for others may use them by now. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { UsageError } from '../errors.ts';
import { connectEngine, isNotFound } from '../provision/engine.ts';
import { liveCampaigns } from '../provision/live-campaigns.ts';
import { isSeenToRun } from '../provision/owner.ts';
import { type Brought, readBrought } from './brought.ts';
import { purgePackages, recordInstalled } from './debian.ts';
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
  const running = brought.engine !== undefined && isSeenToRun(brought.engine);
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

/**
 * The plan for this machine; without an engine there are no images to remove.
 * @throws UsageError while a campaign runs: its engine, its images and its disk would be taken away
 */
export async function planMachineRemoval(): Promise<RemovalPlan> {
  const engine = await engineIfAny();
  await refuseWhileInUse(engine);
  await recordInstalled();
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

/** @throws UsageError where another process's containers are on the engine */
export async function refuseWhileInUse(engine: Dockerode | undefined): Promise<void> {
  const running = engine === undefined ? [] : await liveCampaigns(engine);
  if (running.length > 0)
    throw new UsageError(
      `setup --remove: on the engine is ${running.join(', ')}; wait until it has ended, or end it; ./upfault clean --all removes what it left`,
    );
}

/**
 * Carries the plan out: images, engine, packages, then folders, the record among them, last.
 * @throws UsageError where a campaign was begun since
 */
export async function removeFromMachine(plan: RemovalPlan, say: (line: string) => void): Promise<void> {
  const engine = await engineIfAny();
  await refuseWhileInUse(engine);
  if (engine !== undefined)
    for (const tag of plan.images) {
      say(`removing the image ${tag}`);
      await removeImage(engine, tag);
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

/** @throws SetUpError where the engine refuses; one that is gone already is no error */
export async function removeImage(engine: Dockerode, tag: string): Promise<void> {
  try {
    await engine.getImage(tag).remove();
  } catch (cause) {
    if (isNotFound(cause)) return;
    throw new SetUpError(`setup --remove: remove the image ${tag}: ${(cause as Error).message}`, { cause });
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
