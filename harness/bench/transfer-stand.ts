/**
 * The stand on which the driver is measured: the old release's database with its data, the new release's without
 * any, the driver's machine, and one like it for the peers' tools. Machines, budgets and volumes are those of a trial.
 */
import { readFile } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import type { RecipeContext, Scenario } from '../contract/scenario.ts';
import type { Size, Universe } from '../contract/topology.ts';
import { startDriverMachine } from '../imago/driver-host.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { CAMPAIGN_LABEL, OWNER_LABEL } from '../provision/engine.ts';
import { guarded } from '../provision/guarded.ts';
import { HostContainer, startHost } from '../provision/host-container.ts';
import { makeNetwork } from '../provision/network.ts';
import { ownIdentity } from '../provision/owner.ts';
import { HostShell } from '../provision/shell.ts';
import { layOut, type UniverseMap } from '../provision/universe.ts';
import { PROJECT_FOLDER } from '../setup/folders.ts';
import type { TransferImages } from './transfer-images.ts';

/** Address number of the tools' machine; the driver's is one lower. */
const TOOLS_ADDRESS = 12;
const UNIVERSES: readonly Universe[] = ['old', 'new'];
const START_TIMEOUT_MS = 40_000;
/** Dropping ten times the data takes a while. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** Account on both databases; see `docker/bench/accounts.sql`. */
export const ACCOUNT = { user: 'bench', password: 'bench' };

/** Machines of the stand. */
export type TransferHost = Universe | 'driver' | 'tools';

/** A stand that runs. */
export interface TransferStand {
  readonly scenario: Scenario;
  readonly engine: Dockerode;
  readonly addresses: Readonly<Record<Universe, string>>;
  readonly containers: Readonly<Record<TransferHost, string>>;
  /** Cores that each machine may use. */
  readonly cpus: Readonly<Record<TransferHost, number>>;
  readonly shells: Readonly<Record<TransferHost, HostShell>>;
  /** Empties the new database and both logs; gives it the new release's tables, or none for who brings their own. */
  readonly reset: (tables: 'new' | 'none') => Promise<void>;
  /** Runs statements in a universe as its administrator; what they print. */
  readonly sql: (universe: Universe, statements: string, database?: string) => Promise<string>;
  /** CPU time that a machine has used, in seconds. */
  readonly cpuS: (host: TransferHost) => Promise<number>;
}

/** Brings the stand up, uses it, and removes it whatever happens. */
export async function withTransferStand<T>(
  options: {
    readonly engine: Dockerode;
    readonly scenario: Scenario;
    readonly size: Size;
    readonly images: TransferImages;
  },
  use: (stand: TransferStand) => Promise<T>,
): Promise<T> {
  const campaign = uniqueCampaign('bench-transfer');
  return guarded(options.engine, 'bench transfer', campaign, async () =>
    use(await bringUp(options, campaign)),
  );
}

async function bringUp(
  { engine, scenario, size, images }: Parameters<typeof withTransferStand>[0],
  campaign: string,
): Promise<TransferStand> {
  const labels = { [CAMPAIGN_LABEL]: campaign, [OWNER_LABEL]: ownIdentity() };
  const maps = {} as Record<Universe, UniverseMap>;
  for (const universe of UNIVERSES) {
    const network = await makeNetwork(engine, `upfault-${campaign}-${universe}`, 'internal', labels);
    maps[universe] = layOut({ scenario, size, universe, network, labels });
  }
  const host = scenario.hosts(size).find(({ tier }) => tier === 'db')?.name ?? '';
  const containers = {
    old: maps.old.containers[host] ?? '',
    new: maps.new.containers[host] ?? '',
    driver: `upfault-${campaign}-driver`,
    tools: `upfault-${campaign}-tools`,
  };
  const machine = { container: containers.driver, image: images.driver, labels };
  await startDriverMachine(engine, machine, maps.old, maps.new);
  const cpus = (await engine.getContainer(containers.driver).inspect()).HostConfig;
  const driverCpus = (cpus.CpuQuota ?? 0) / (cpus.CpuPeriod ?? 1);
  await new HostContainer(images.tools)
    .withName(containers.tools)
    .withLabels(labels)
    .onNetwork(maps.old.network, `${maps.old.prefix}.${TOOLS_ADDRESS}`)
    .limited(driverCpus, (cpus.Memory ?? 0) / 1024 / 1024)
    .beside()
    .startUnwatched();
  await engine.getNetwork(maps.new.network).connect({ Container: containers.tools });

  const shells = {} as Record<TransferHost, HostShell>;
  for (const universe of UNIVERSES) {
    await startHost(engine, maps[universe], host, images[universe]);
    shells[universe] = await HostShell.open(engine, containers[universe]);
    await startServer(shells[universe], universe === 'old' ? 1 : 2);
  }
  for (const name of ['driver', 'tools'] as const)
    shells[name] = await HostShell.open(engine, containers[name]);

  const context: RecipeContext = {
    universe: 'new',
    size,
    hosts: (tier) =>
      scenario
        .hosts(size)
        .filter((one) => one.tier === tier)
        .map(({ name }) => name),
    releaseOf: () => 'new',
    drained: () => false,
  };
  const sql: TransferStand['sql'] = async (universe, statements, database = 'mysql') =>
    (
      await succeed(shells[universe], ['mariadb', '--batch', '--skip-column-names', database], {
        stdin: statements,
        timeoutMs: STATEMENT_TIMEOUT_MS,
      })
    ).trim();
  const { database } = scenario.facts;
  const databaseCpus = (universe: Universe): number => maps[universe].specs[host]?.cpus ?? 0;
  return {
    scenario,
    engine,
    containers,
    shells,
    sql,
    addresses: { old: maps.old.addresses[host] ?? '', new: maps.new.addresses[host] ?? '' },
    cpus: { old: databaseCpus('old'), new: databaseCpus('new'), driver: driverCpus, tools: driverCpus },
    reset: async (tables) => {
      await sql('new', `DROP DATABASE IF EXISTS ${database}; DROP DATABASE IF EXISTS upfault_imago`);
      for (const universe of UNIVERSES) await sql(universe, 'RESET MASTER');
      if (tables === 'none') await sql('new', `CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
      for (const step of tables === 'new' ? scenario.database.create(context) : []) {
        if (step.kind !== 'sql')
          throw new Error(`bench transfer: ${step.id} is a ${step.kind} step, not sql`);
        await sql('new', step.statements, step.database);
      }
    },
    cpuS: async (name) => {
      const stats = await engine.getContainer(containers[name]).stats({ stream: false, 'one-shot': true });
      return stats.cpu_stats.cpu_usage.total_usage / 1e9;
    },
  };
}

/** A server configured as a universe's, with one account that may do everything. */
async function startServer(shell: HostShell, id: number): Promise<void> {
  const files = {
    'database.cnf': '/etc/mysql/mariadb.conf.d/95-bench.cnf',
    'accounts.sql': '/opt/bench/accounts.sql',
    'database-start.sh': '/opt/bench/database-start.sh',
  };
  for (const [file, path] of Object.entries(files)) {
    const stdin = await readFile(`${PROJECT_FOLDER}/docker/bench/${file}`, 'utf8');
    await succeed(shell, ['sh', '-c', `mkdir -p /opt/bench && cat > ${path}`], { stdin });
  }
  await succeed(shell, ['sh', '/opt/bench/database-start.sh', String(id)], { timeoutMs: START_TIMEOUT_MS });
}

/** What a command printed. @throws if it failed, with what it said */
export async function succeed(
  shell: HostShell,
  argv: readonly string[],
  options: { readonly stdin?: string; readonly timeoutMs?: number } = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await shell.run(argv, options);
  if (exitCode !== 0) {
    throw new Error(`bench transfer: ${argv.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
  }
  return stdout;
}
