/**
 * The Debian images that everything is built on, one a suite, under a name of our own whatever their source:
 * what is built on them then does not change when the other source turns up later.
 */
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import type { ImageSpec } from '../contract/topology.ts';
import { connectEngine, isNotFound } from '../provision/engine.ts';
import { installPackages } from './debian.ts';
import { readProgress } from './engine-progress.ts';
import { findOnPath } from './executable.ts';
import { cacheFolder, PROJECT_FOLDER } from './folders.ts';
import { pullImage } from './image-pull.ts';
import type { Part } from './part.ts';
import { lastLines, runProgram } from './program.ts';
import { SetUpError } from './set-up-error.ts';

/** Debian suite of a base image. */
export type Suite = ImageSpec['suite'];

/** Label that says how a base image was made; a pulled one does not have it. */
const SOURCE_LABEL = 'upfault.base';
const MAKE_TIMEOUT_MS = 600_000;

/** Name of a suite's base image. */
export function baseImageName(suite: Suite): string {
  return `upfault/base:${suite}`;
}

/** Content id of a suite's base image. `SetUpError` where it is not there. */
export async function baseImageId(engine: Dockerode, suite: Suite): Promise<string> {
  const image = await inspectImage(engine, baseImageName(suite));
  if (image === undefined)
    throw new SetUpError(`find the base image ${baseImageName(suite)}: it is not there; run ./upfault setup`);
  return image.Id;
}

/** Parts for the suites that these images are built on. */
export function baseImageParts(images: readonly ImageSpec[]): readonly Part[] {
  return [...new Set(images.map(({ suite }) => suite))].sort().map(baseImagePart);
}

function baseImagePart(suite: Suite): Part {
  return {
    name: `base image ${suite}`,
    check: async () => {
      const image = await inspectImage(await connectEngine(), baseImageName(suite));
      if (image === undefined) return { ready: false, detail: `no image ${baseImageName(suite)}` };
      return { ready: true, detail: `${baseImageName(suite)}, ${sourceOf(image)}` };
    },
    provide: async (say) => {
      const engine = await connectEngine();
      const published = `debian:${suite}-slim`;
      if ((await inspectImage(engine, published)) === undefined) {
        const refusal = await pullImage(engine, published);
        if (refusal !== undefined) {
          say(`${firstLine(refusal)}; making it from the Debian mirror`);
          await makeFromMirror(engine, suite);
          return;
        }
      }
      await engine.getImage(published).tag({ repo: 'upfault/base', tag: suite });
    },
  };
}

async function makeFromMirror(engine: Dockerode, suite: Suite): Promise<void> {
  const purpose = `make the base image ${suite}`;
  if (findOnPath('mmdebstrap') === undefined)
    await installPackages(['mmdebstrap', 'debian-archive-keyring'], purpose);
  const archive = join(cacheFolder(), `base-${suite}-${process.pid}.tar`);
  try {
    const script = join(PROJECT_FOLDER, 'docker/base/make.sh');
    const made = await runProgram(['sh', script, suite, archive], { timeoutMs: MAKE_TIMEOUT_MS });
    if (made.exitCode !== 0) {
      throw new SetUpError(
        `${purpose}: mmdebstrap ended with ${made.exitCode}:\n${lastLines(made.output, 10)}`,
      );
    }
    const changes = [`LABEL ${SOURCE_LABEL}=mmdebstrap`, 'CMD ["bash"]'];
    const stream = await engine.importImage(createReadStream(archive), {
      repo: 'upfault/base',
      tag: suite,
      changes,
    });
    const { error } = await readProgress(stream);
    if (error !== undefined) throw new SetUpError(`${purpose}: the engine cannot import it: ${error}`);
  } finally {
    rmSync(archive, { force: true });
  }
}

function sourceOf(image: Dockerode.ImageInspectInfo): string {
  if (image.Config?.Labels?.[SOURCE_LABEL] === 'mmdebstrap') return 'made from the Debian mirror';
  const published = [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])].find((name) =>
    name.startsWith('debian'),
  );
  return published === undefined ? 'imported' : `from ${published}`;
}

/** An image as the engine knows it, or undefined where it does not. */
export async function inspectImage(
  engine: Dockerode,
  name: string,
): Promise<Dockerode.ImageInspectInfo | undefined> {
  try {
    return await engine.getImage(name).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
