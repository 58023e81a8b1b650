/** Bringing k6: built by Go where there is one, else taken out of its published image. */
import { chmodSync, createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { CAMPAIGN_LABEL, connectEngine, OWNER_LABEL } from '../provision/engine.ts';
import { ownIdentity } from '../provision/owner.ts';
import { findOnPath } from './executable.ts';
import { cacheFolder } from './folders.ts';
import { pullImage } from './image-pull.ts';
import { cachedK6, K6_VERSION, locateK6, parseGoVersion } from './k6.ts';
import type { Part } from './part.ts';
import { lastLines, runProgram } from './program.ts';
import { SetUpError } from './set-up-error.ts';

const MODULE = `go.k6.io/k6@v${K6_VERSION}`;
const IMAGE = `grafana/k6:${K6_VERSION}`;
/** Go that this k6 is written for. */
const NEEDED_GO_MINOR = 25;
const BUILD_TIMEOUT_MS = 600_000;

/** The load generator. */
export const k6Part: Part = {
  name: 'k6',
  check: async () => {
    const found = await locateK6();
    return found === undefined
      ? { ready: false, detail: `no k6 >= 1.0 on PATH, and none at ${cachedK6()}` }
      : { ready: true, detail: `${found.version} at ${found.path}` };
  },
  provide: async (say) => {
    const tried: string[] = [];
    for (const source of [buildWithGo, copyFromImage]) {
      const refusal = await source(say);
      if (refusal === undefined) return;
      tried.push(refusal);
    }
    throw new SetUpError(
      `set up k6: ${tried.join('; ')}. Put k6 >= 1.0 on PATH, or Go >= 1.${NEEDED_GO_MINOR}, or let ${IMAGE} be pulled`,
    );
  },
};

/** Returns why it could not, or undefined when the binary is in its place. */
async function buildWithGo(say: (line: string) => void): Promise<string | undefined> {
  const go = findOnPath('go');
  if (go === undefined) return 'no Go on PATH';
  const { stdout } = await runProgram([go, 'version'], { timeoutMs: 10_000 });
  const version = parseGoVersion(stdout);
  if (version === undefined || (version[0] === 1 && version[1] < NEEDED_GO_MINOR)) {
    return `Go on PATH is "${stdout.trim()}", >= 1.${NEEDED_GO_MINOR} is needed`;
  }
  say(`building ${MODULE} with Go ${version.join('.')} (about a minute)`);
  return await intoPlace(async (folder) => {
    const environment = { GOBIN: folder, GOFLAGS: '', CGO_ENABLED: '0' };
    const built = await runProgram([go, 'install', MODULE], { timeoutMs: BUILD_TIMEOUT_MS, environment });
    return built.exitCode === 0 ? undefined : `go install ${MODULE} failed: ${lastLines(built.output, 5)}`;
  });
}

async function copyFromImage(say: (line: string) => void): Promise<string | undefined> {
  const engine = await connectEngine();
  say(`pulling ${IMAGE}`);
  const refusal = await pullImage(engine, IMAGE);
  if (refusal !== undefined) return refusal;
  return await intoPlace(async (folder) => {
    // Never started: only its file system is read.
    const container = await engine.createContainer({
      Image: IMAGE,
      Labels: { [CAMPAIGN_LABEL]: 'setup', [OWNER_LABEL]: ownIdentity() },
    });
    try {
      await writeOnlyFile(await container.getArchive({ path: '/usr/bin/k6' }), join(folder, 'k6'));
      return undefined;
    } finally {
      await container.remove({ force: true, v: true });
    }
  });
}

async function writeOnlyFile(archive: NodeJS.ReadableStream, to: string): Promise<void> {
  const files = extract();
  const piped = pipeline(archive, files);
  for await (const entry of files) {
    if (entry.header.type === 'file') await pipeline(entry, createWriteStream(to, { mode: 0o755 }));
    else entry.resume();
  }
  await piped;
  chmodSync(to, 0o755);
}

/** Fills a folder beside the place and renames it, so that a half-made k6 is never found. */
async function intoPlace(fill: (folder: string) => Promise<string | undefined>): Promise<string | undefined> {
  const place = dirname(cachedK6());
  const folder = join(cacheFolder(), `k6-being-made-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const refusal = await fill(folder);
    if (refusal !== undefined) return refusal;
    rmSync(place, { recursive: true, force: true });
    renameSync(folder, place);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
