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

/** The lease of a trial whose horizon has just ended; null for a system without a parallel universe. */
export async function leaseOf(
  system: System,
  upgrade: Pick<UpgradeEnd, 'startMs' | 'endMs'>,
  taken: TakenTogether,
  engine: Dockerode,
): Promise<LeaseRecord | null> {
  if (system.fresh === undefined) return null;
  return {
    seconds: (upgrade.endMs - upgrade.startMs) / 1000,
    ...taken,
    diskMb: await diskMb(system, system.fresh, engine),
  };
}

/** Volumes and writable layers of a universe's hosts, in megabytes; null where a host is gone. */
async function diskMb(system: System, universe: UniverseMap, engine: Dockerode): Promise<number | null> {
  const hosts = Object.keys(universe.containers);
  const running = await Promise.all(hosts.map((host) => system.hosts.isRunning(universe.universe, host)));
  if (running.includes(false)) return null;
  const names = Object.values(universe.containers);
  const [volumes, listed] = await Promise.all([
    Promise.all(hosts.map((host) => volumesKb(system, universe, host))),
    engine.listContainers({ size: true, filters: { name: names.map((name) => `^/${name}$`) } }),
  ]);
  const layersBytes = listed.reduce((sum, one) => sum + ((one as { SizeRw?: number }).SizeRw ?? 0), 0);
  return volumes.reduce((sum, kb) => sum + kb * 1024, layersBytes) / 1e6;
}

/** Kilobytes in a host's volumes that are on a disk; those of limited size are memory. */
async function volumesKb(system: System, universe: UniverseMap, host: string): Promise<number> {
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
