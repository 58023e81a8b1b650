/**
 * The build context of an image: the same files, names and modes for the same sources, whatever the umask,
 * the owner or the order in which a file system lists them.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { build } from 'esbuild';
import type { ContextFile, ImageSpec } from '../contract/topology.ts';
import { PROJECT_FOLDER } from './folders.ts';
import { SetUpError } from './set-up-error.ts';

/** Name of the Dockerfile within every context. */
const DOCKERFILE = 'Dockerfile';

/** One file of a context. */
export interface ContextEntry {
  /** Path within the context, with slashes. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly content:
    | { readonly kind: 'bytes'; readonly bytes: Buffer }
    /** Too large to be held: named by what it is, read when it is sent. */
    | { readonly kind: 'file'; readonly file: string; readonly bytes: number; readonly identity: string };
}

/** Collects an image's files, sorted by path. `SetUpError` names the image and what is wrong with its specification. */
export async function collectContext(
  spec: ImageSpec,
  root: string = PROJECT_FOLDER,
): Promise<readonly ContextEntry[]> {
  const subject = `collect the files of image ${spec.name} (${spec.release})`;
  const dockerfile = join(root, spec.dockerfile);
  if (!existsSync(dockerfile)) throw new SetUpError(`${subject}: there is no ${spec.dockerfile}`);
  const found = await Promise.all(spec.context.map((file) => entriesOf(file, root, subject)));
  const own: ContextEntry = {
    path: DOCKERFILE,
    mode: 0o644,
    content: { kind: 'bytes', bytes: await readFile(dockerfile) },
  };
  const entries = [own, ...found.flat()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = entries.find((entry, index) => entry.path === entries[index + 1]?.path);
  if (twice !== undefined)
    throw new SetUpError(`${subject}: two entries of its context are named ${twice.path}`);
  return entries;
}

async function entriesOf(file: ContextFile, root: string, subject: string): Promise<readonly ContextEntry[]> {
  const to = posix.normalize(file.to).replace(/^\.?\//, '');
  switch (file.kind) {
    case 'copy':
      if (!existsSync(join(root, file.from)))
        throw new SetUpError(`${subject}: there is no ${file.from} to copy`);
      return await copied(join(root, file.from), to);
    case 'bundle':
      return [
        {
          path: to,
          mode: 0o644,
          content: { kind: 'bytes', bytes: await bundled(file.entry, file.node, root, subject) },
        },
      ];
    case 'node-binary':
      return [{ path: to, mode: 0o755, content: nodeBinary(root, subject) }];
  }
}

async function copied(from: string, to: string): Promise<readonly ContextEntry[]> {
  const status = await stat(from);
  if (status.isDirectory()) {
    const names = await readdir(from);
    const found = await Promise.all(names.map((name) => copied(join(from, name), posix.join(to, name))));
    return found.flat();
  }
  // Only whether it is executable: the rest of the mode is the umask of whoever checked it out.
  const mode = (status.mode & 0o111) === 0 ? 0o644 : 0o755;
  return [{ path: to, mode, content: { kind: 'bytes', bytes: await readFile(from) } }];
}

async function bundled(entry: string, node: number, root: string, subject: string): Promise<Buffer> {
  try {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      target: `node${node}`,
      format: 'cjs',
      legalComments: 'none',
      write: false,
      logLevel: 'silent',
    });
    const [output] = result.outputFiles;
    if (output === undefined) throw new Error('no output');
    return Buffer.from(output.contents);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new SetUpError(`${subject}: bundle ${entry}: ${said}`, { cause });
  }
}

function nodeBinary(root: string, subject: string): ContextEntry['content'] {
  const folder = join(root, 'node_modules', `node-linux-${process.arch}`);
  const file = join(folder, 'bin/node');
  if (!existsSync(file)) {
    throw new SetUpError(
      `${subject}: there is no Node.js package for linux-${process.arch} in node_modules; x64 and arm64 have one`,
    );
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  // npm has checked the package's integrity: its version says which bytes these are.
  return {
    kind: 'file',
    file,
    bytes: statSync(file).size,
    identity: `node-linux-${process.arch}@${version}`,
  };
}
