/** The machine and the tools of a campaign, for its record. Nothing here names the machine or its user. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import type { Instrument } from './instrument.ts';

/** What a reader needs to judge whether two campaigns are comparable. */
export async function readEnvironment({
  engine,
  images,
  k6,
  repository,
}: Instrument): Promise<Record<string, unknown>> {
  const [version, info] = await Promise.all([engine.version(), engine.info()]);
  const ids = await Promise.all(
    Object.entries(images).map(
      async ([key, tag]) => [key, { tag, id: (await engine.getImage(tag).inspect()).Id }] as const,
    ),
  );
  return {
    kernel: os.release(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryMb: Math.round(os.totalmem() / 1024 / 1024),
    engine: {
      name: version.Platform?.Name ?? '',
      version: version.Version,
      storage: info.Driver,
      cgroups: info.CgroupVersion,
    },
    node: process.version,
    k6: firstLine(k6, ['version']),
    commit: firstLine('git', ['-C', repository, 'rev-parse', 'HEAD']),
    images: Object.fromEntries(ids),
  };
}

/** First line that a program prints; `unknown` where it cannot be run: a checkout without git is still usable. */
function firstLine(program: string, argv: readonly string[]): string {
  try {
    return (
      execFileSync(program, [...argv], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
        '\n',
      )[0] ?? ''
    );
  } catch {
    return 'unknown';
  }
}
