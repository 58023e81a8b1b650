/** What an upgrade took beyond the system itself: the machines of its parallel universe, while it had them. */
import type Dockerode from 'dockerode';
import type { LeaseRecord } from '../../results/schema.ts';
import type { TakenTogether } from '../observation/machine.ts';
import type { UniverseMap } from '../provision/universe.ts';
import { containersOf, type System } from './system.ts';
import type { UpgradeEnd } from './upgrade.ts';

/** Longest time that counting one host's files may take. */
const COUNT_LIMIT_MS = 5_000;

/** Names, as in `containersOf`, of the machines that are there for the upgrade alone; none without a parallel universe. */
export function leasedHosts(system: System): string[] {
  return Object.keys(containersOf(system)).filter((name) => name === 'driver' || name.startsWith('new/'));
}

/**
 * The lease of a trial whose horizon has just ended; null for a system without a parallel universe, and where its machines
 * could not be watched.
 */
export async function leaseOf(
  system: Pick<System, 'fresh' | 'hosts'>,
  upgrade: Pick<UpgradeEnd, 'startMs' | 'endMs'>,
  taken: TakenTogether | null,
  engine: Pick<Dockerode, 'listContainers'>,
): Promise<LeaseRecord | null> {
  if (system.fresh === undefined || taken === null) return null;
  return {
    seconds: (upgrade.endMs - upgrade.startMs) / 1000,
    ...taken,
    diskMb: await diskMb(system, system.fresh, engine),
  };
}

/** Volumes and writable layers of a universe's hosts, in megabytes; null where a host is gone or was not measured. */
async function diskMb(
  system: Pick<System, 'hosts'>,
  universe: UniverseMap,
  engine: Pick<Dockerode, 'listContainers'>,
): Promise<number | null> {
  const hosts = Object.keys(universe.containers);
  const running = await Promise.all(hosts.map((host) => system.hosts.isRunning(universe.universe, host)));
  if (running.includes(false)) return null;
  const names = Object.values(universe.containers);
  const [volumes, listed] = await Promise.all([
    Promise.all(hosts.map((host) => volumesKb(system, universe, host))),
    engine.listContainers({ size: true, filters: { name: names.map((name) => `^/${name}$`) } }),
  ]);
  const sizes = listed as readonly { readonly SizeRootFs?: number; readonly SizeRw?: number }[];
  // An engine leaves out sizes of 0, and a root file system has none of 0: where it is left out, nothing was measured.
  if (sizes.length < names.length || sizes.some(({ SizeRootFs }) => SizeRootFs === undefined)) return null;
  const layersBytes = sizes.reduce((sum, { SizeRw }) => sum + (SizeRw ?? 0), 0);
  return volumes.reduce((sum, kb) => sum + kb * 1024, layersBytes) / 1e6;
}

/** Kilobytes in a host's volumes that are on a disk; those of limited size are memory. */
async function volumesKb(
  system: Pick<System, 'hosts'>,
  universe: UniverseMap,
  host: string,
): Promise<number> {
  const paths = universe.specs[host]?.volumes.filter(({ sizeMb }) => sizeMb === undefined) ?? [];
  if (paths.length === 0) return 0;
  const argv = ['du', '-skx', ...paths.map(({ path }) => path)];
  const { exitCode, stdout, stderr } = await system.hosts.exec(universe.universe, host, argv, {
    timeoutMs: COUNT_LIMIT_MS,
  });
  if (exitCode !== 0) throw new Error(`count the files of ${host}: exit code ${exitCode} (${stderr.trim()})`);
  return stdout
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}
