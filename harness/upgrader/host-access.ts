/** What a step may do to a host. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type Dockerode from 'dockerode';
import { extract, pack } from 'tar-stream';
import type { HostName, Universe } from '../contract/topology.ts';
import { isRunning } from '../provision/host-container.ts';
import { type ExecOptions, type ExecResult, HostShell } from '../provision/shell.ts';
import { filesBelow } from './artifact.ts';
import { type Bindings, universeOf } from './bindings.ts';
import { StepFailure } from './step-failure.ts';

/** Name by which steps act on the machine of the ingress interceptor. */
export const INGRESS_HOST: HostName = 'ingress';

/** A file on a host; its path is absolute. */
export interface HostFile {
  readonly universe: Universe;
  readonly host: HostName;
  readonly path: string;
}

/** Access to the hosts of a trial's universes, and to the ingress' machine. */
export class HostAccess {
  readonly #engine: Dockerode;
  readonly #bindings: Bindings;
  readonly #shells = new Map<string, Promise<HostShell>>();

  constructor(engine: Dockerode, bindings: Bindings) {
    this.#engine = engine;
    this.#bindings = bindings;
  }

  /** Runs a command; its exit code is for the caller to judge. */
  async exec(
    universe: Universe,
    host: HostName,
    argv: readonly string[],
    options: ExecOptions = {},
  ): Promise<ExecResult> {
    const shell = await this.#shell(this.container(universe, host));
    return shell.run(argv, options);
  }

  /** Forgets the host's shell, which ends with its container. */
  forget(universe: Universe, host: HostName): void {
    this.#end(this.container(universe, host));
  }

  /** Ends all shells. */
  close(): void {
    for (const container of [...this.#shells.keys()]) this.#end(container);
  }

  /** Writes a file under a temporary name and renames it: readers see the old file or the new one. */
  async writeFile(
    universe: Universe,
    host: HostName,
    file: { readonly path: string; readonly content: string; readonly mode: string; readonly owner?: string },
  ): Promise<void> {
    const script = 'install -D -m "$2" -o "$3" -g "$4" /dev/stdin "$1.part" && mv "$1.part" "$1"';
    const [user = '', group = ''] = (file.owner ?? 'root:root').split(':');
    const argv = ['sh', '-c', script, 'write', file.path, file.mode, user, group];
    const { exitCode, stderr } = await this.exec(universe, host, argv, { stdin: file.content });
    if (exitCode !== 0)
      throw new StepFailure(`write ${file.path} on ${host}: exit code ${exitCode} (${stderr.trim()})`);
  }

  /** Copies a file or folder of the repository to a directory of the host. */
  async put(
    universe: Universe,
    host: HostName,
    artifact: string,
    destination: string,
    mode: string,
  ): Promise<void> {
    const archive = pack();
    const isFile = (await stat(artifact)).isFile();
    for (const file of isFile ? [artifact] : await filesBelow(artifact)) {
      const name = path.posix.join(destination, isFile ? '' : path.relative(artifact, file));
      archive.entry({ name, mode: Number.parseInt(mode, 8) }, await readFile(file));
    }
    archive.finalize();
    await this.#engine
      .getContainer(this.container(universe, host))
      .putArchive(archive as unknown as NodeJS.ReadableStream, { path: '/' });
  }

  /** Copies one file from a host to another; its mode and owner stay. */
  async carry(from: HostFile, to: HostFile): Promise<void> {
    const source = this.#engine.getContainer(this.container(from.universe, from.host));
    const renamed = pack();
    const read = extract();
    read.on('entry', (header, content, next) => {
      content.pipe(renamed.entry({ ...header, name: to.path.slice(1) }, next));
    });
    read.on('finish', () => renamed.finalize());
    const target = this.#engine.getContainer(this.container(to.universe, to.host));
    const archive = await source.getArchive({ path: from.path });
    await Promise.all([
      pipeline(archive, read),
      target.putArchive(renamed as unknown as NodeJS.ReadableStream, { path: '/' }),
    ]);
  }

  /** The host's one shell: asked for by several at once, it is still opened once. */
  #shell(container: string): Promise<HostShell> {
    const known = this.#shells.get(container) ?? Promise.resolve(undefined);
    const usable = known.then(
      (shell) => (shell?.isOpen === true ? shell : undefined),
      () => undefined,
    );
    const next = usable.then((shell) => shell ?? HostShell.open(this.#engine, container));
    this.#shells.set(container, next);
    return next;
  }

  #end(container: string): void {
    const shell = this.#shells.get(container);
    this.#shells.delete(container);
    // One that never opened needs no closing, and its error was given to whoever asked for it.
    shell?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  /** Name of the host's container. The ingress stands before the universes and belongs to none. */
  container(universe: Universe, host: HostName): string {
    const { imago } = this.#bindings;
    if (host === INGRESS_HOST && imago !== undefined) return imago.ingress;
    const found = universeOf(this.#bindings, universe).containers[host];
    if (found === undefined) throw new Error(`host ${host}: not in universe ${universe}`);
    return found;
  }

  /** Whether the host's container exists and runs. */
  isRunning(universe: Universe, host: HostName): Promise<boolean> {
    return isRunning(this.#engine, this.container(universe, host));
  }
}
