/** Finding k6, the load generator. */
import { join } from 'node:path';
import { findOnPath, isExecutable } from './executable.ts';
import { cacheFolder } from './folders.ts';
import { runProgram } from './program.ts';

/** Version that set-up brings; any release from 1.0 on is taken where the machine has one. */
export const K6_VERSION = '1.8.1';

/** Where set-up puts the k6 that it brings. */
export function cachedK6(): string {
  return join(cacheFolder(), `k6-${K6_VERSION}`, 'k6');
}

/** A k6 that can be run. */
export interface FoundK6 {
  readonly path: string;
  /** Such as `1.8.1`. */
  readonly version: string;
}

/** Path of the k6 to use: from PATH, else what set-up brought; undefined where there is none. */
export async function findK6(): Promise<string | undefined> {
  return (await locateK6())?.path;
}

/** As `findK6`, with its version. */
export async function locateK6(): Promise<FoundK6 | undefined> {
  const candidates = [findOnPath('k6'), cachedK6()].filter(
    (path) => path !== undefined && isExecutable(path),
  );
  for (const path of candidates as string[]) {
    const { exitCode, stdout } = await runProgram([path, 'version'], { timeoutMs: 10_000 });
    const version = exitCode === 0 ? parseK6Version(stdout) : undefined;
    if (version !== undefined && Number(version.split('.')[0]) >= 1) return { path, version };
  }
  return undefined;
}

/** The version in the first line of `k6 version`, such as `k6 v1.8.1 (go1.26.8, linux/amd64)`. */
export function parseK6Version(output: string): string | undefined {
  return /^k6(?:\.exe)? v(\d+\.\d+\.\d+\S*)/.exec(output)?.[1];
}

/** Version of the Go toolchain as `[major, minor]`, from `go version`. */
export function parseGoVersion(output: string): readonly [number, number] | undefined {
  const match = /\bgo(\d+)\.(\d+)/.exec(output.replace(/^go version /, ''));
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}
