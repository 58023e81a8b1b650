/** Builds images from their specifications, through the engine's classic builder, which every engine has. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Dockerode from 'dockerode';
import { type Pack, pack } from 'tar-stream';
import type { ImageSpec } from '../contract/topology.ts';
import { connectEngine } from '../provision/engine.ts';
import { imageKey } from '../provision/universe.ts';
import { baseImageId, baseImageName, inspectImage } from './base-images.ts';
import { type ContextEntry, collectContext } from './build-context.ts';
import { contentHash, imageTag } from './content-hash.ts';
import { readProgress } from './engine-progress.ts';
import { lastLines } from './program.ts';
import { SetUpError } from './set-up-error.ts';

/** Label of every image the testbed builds; its value is the image's name. */
export const IMAGE_LABEL = 'upfault.image';

const BUILD_TIMEOUT_MS = 900_000;
const CONCURRENT_BUILDS = 2;
const SHOWN_LINES = 25;

/** An image with everything that its build is given. */
export interface PlannedImage {
  readonly spec: ImageSpec;
  readonly tag: string;
  readonly entries: readonly ContextEntry[];
}

/**
 * Tags of images that are there, by `NAME:RELEASE`; builds nothing. `SetUpError` names those that are missing,
 * or were built from other sources than the present ones.
 */
export async function resolveImages(specs: readonly ImageSpec[]): Promise<Map<string, string>> {
  const engine = await connectEngine();
  const planned = await Promise.all(specs.map((spec) => planImage(engine, spec)));
  const present = await Promise.all(planned.map(({ tag }) => inspectImage(engine, tag)));
  const missing = planned.filter((_, index) => present[index] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ spec }) => imageKey(spec.name, spec.release)).join(', ');
    throw new SetUpError(
      `find the images: not built from the present sources: ${names}; run ./upfault setup, with the --hosts and --scale of the run`,
    );
  }
  return new Map(planned.map(({ spec, tag }) => [imageKey(spec.name, spec.release), tag]));
}

/** Builds the images that are not there, at most two at the same time; returns the tags of all, as `resolveImages`. */
export async function buildImages(
  specs: readonly ImageSpec[],
  onProgress: (spec: ImageSpec, line: string) => void,
): Promise<Map<string, string>> {
  const engine = await connectEngine();
  const waiting = [...specs];
  const tags = new Map<string, string>();
  const worker = async (): Promise<void> => {
    for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
      const planned = await planImage(engine, spec);
      if ((await inspectImage(engine, planned.tag)) === undefined) {
        onProgress(spec, `building ${planned.tag}`);
        await buildImage(engine, planned);
      }
      tags.set(imageKey(spec.name, spec.release), planned.tag);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: CONCURRENT_BUILDS }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return tags;
}

/** Collects an image's files and names it after them. The base image must be there. */
export async function planImage(engine: Dockerode, spec: ImageSpec): Promise<PlannedImage> {
  const [baseId, entries] = await Promise.all([baseImageId(engine, spec.suite), collectContext(spec)]);
  return { spec, entries, tag: imageTag(spec, contentHash(spec.args, baseId, entries)) };
}

/** Builds one image. `SetUpError` shows the last lines of the step that failed. */
export async function buildImage(engine: Dockerode, { spec, tag, entries }: PlannedImage): Promise<void> {
  const archive = pack();
  const sending = sendEntries(archive, entries);
  // Whoever reads the archive sees the error too; unhandled, it would end the process first.
  sending.catch((error: Error) => archive.destroy(error));
  const stream = await engine.buildImage(Readable.from(archive), {
    t: tag,
    buildargs: { ...proxies(), ...spec.args, BASE: baseImageName(spec.suite) },
    labels: { [IMAGE_LABEL]: spec.name },
    rm: true,
    forcerm: true,
    version: '1',
    abortSignal: AbortSignal.timeout(BUILD_TIMEOUT_MS),
  });
  await sending;
  const { log, error } = await readProgress(stream);
  if (error !== undefined) {
    throw new SetUpError(
      `build the image ${tag}: ${error.trim()}\n${lastLines(failingStep(log), SHOWN_LINES)}`,
    );
  }
}

/** The way out of this machine, which an engine knows without a declaration; no part of what an image is. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** What was printed since the last step began. */
function failingStep(log: string): string {
  const steps = [...log.matchAll(/^Step \d+\/\d+ : /gm)];
  return log.slice(steps.at(-1)?.index ?? 0);
}

async function sendEntries(archive: Pack, entries: readonly ContextEntry[]): Promise<void> {
  for (const { path, mode, content } of entries) {
    // A fixed time: the builder's cache looks at it.
    const header = { name: path, mode, mtime: new Date(0) };
    if (content.kind === 'bytes') archive.entry(header, content.bytes);
    else await pipeline(createReadStream(content.file), archive.entry({ ...header, size: content.bytes }));
  }
  archive.finalize();
}
