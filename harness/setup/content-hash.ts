/** Names images after their content, so that an image is built again when, and only when, something in it changed. */
import { createHash } from 'node:crypto';
import type { ImageSpec } from '../contract/topology.ts';
import type { ContextEntry } from './build-context.ts';

/**
 * Hash over everything that a build is given: base image, arguments, and every file's path, mode and bytes.
 * Each field is preceded by its length, so that no two different builds read the same. 12 hexadecimal digits.
 */
export function contentHash(
  args: ImageSpec['args'],
  baseId: string,
  entries: readonly ContextEntry[],
): string {
  const hash = createHash('sha256');
  const add = (field: string | Buffer): void => {
    hash.update(`${Buffer.byteLength(field)}:`).update(field);
  };
  add(baseId);
  for (const name of Object.keys(args).sort()) {
    add(name);
    add(args[name] as string);
  }
  add('files');
  for (const { path, mode, content } of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    add(path);
    add(mode.toString(8));
    add(content.kind === 'bytes' ? content.bytes : content.identity);
  }
  return hash.digest('hex').slice(0, 12);
}

/** Tag of an image: `upfault/NAME:RELEASE-HASH`. */
export function imageTag(spec: Pick<ImageSpec, 'name' | 'release'>, hash: string): string {
  return `upfault/${spec.name}:${spec.release}-${hash}`;
}
