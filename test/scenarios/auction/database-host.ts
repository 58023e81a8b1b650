/** A database host of the auction, with its port on loopback, for tests that need the real server. */
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import type { Release } from '../../../harness/contract/topology.ts';
import { parseTabular } from '../../../harness/observation/tabular.ts';
import { CAMPAIGN_LABEL, connectEngine, OWNER_LABEL } from '../../../harness/provision/engine.ts';
import { ownIdentity } from '../../../harness/provision/owner.ts';
import { type ExecOptions, type ExecResult, HostShell } from '../../../harness/provision/shell.ts';
import { resolveImages } from '../../../harness/setup/image-build.ts';
import { images } from '../../../scenarios/auction/images.ts';

/** With an owner, or a sweep by a campaign would take the host for left behind. */
const LABELS = { [CAMPAIGN_LABEL]: 'test-auction-database', [OWNER_LABEL]: ownIdentity() };
/** As recipes start it, but for the files that only a universe has. */
const START = [
  'install -d -o mysql -g mysql /run/mysqld',
  'exec mariadbd --user=mysql --bind-address=0.0.0.0 --log-bin=mariadb-bin --server-id=1 --binlog-format=ROW --sync-binlog=0 --innodb-flush-log-at-trx-commit=2',
].join(' && ');

/** A running server. */
export interface DatabaseHost {
  readonly port: number;
  /** Runs statements as the administrator, through the client, as the upgrader does; throws what is refused. */
  readonly run: (statements: string, database?: string) => Promise<void>;
  /** Rows of a statement, without the header. */
  readonly rows: (statement: string) => Promise<string[][]>;
  /** As the ledger and backfills are given it. */
  readonly exec: (statement: string) => Promise<ExecResult>;
  readonly remove: () => Promise<void>;
}

/** Starts the image of `release` at the default scale; an account of the old release is there if its data is. */
export async function startDatabaseHost(release: Release): Promise<DatabaseHost> {
  const engine = await connectEngine();
  const specs = images({ hosts: 2, scale: 0.02 }).filter(({ name }) => name === 'auction-db');
  const tag = (await resolveImages(specs)).get(`auction-db:${release}`);
  if (tag === undefined) throw new Error(`start database host: no image of auction-db:${release}`);
  const network = await engine.createNetwork({
    Name: `upfault-auction-database-${process.pid}-${release}`,
    Labels: LABELS,
  });
  const container = await engine.createContainer({
    Image: tag,
    Cmd: ['sh', '-c', START],
    Labels: LABELS,
    ExposedPorts: { '3306/tcp': {} },
    HostConfig: {
      Init: true,
      NetworkMode: network.id,
      PortBindings: { '3306/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
    },
  });
  const remove = async (): Promise<void> => {
    await container.remove({ force: true, v: true });
    await network.remove();
  };
  try {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const port = Number(NetworkSettings.Ports['3306/tcp']?.[0]?.HostPort);
    await answering(engine, container.id, port);
    return host(engine, container.id, port, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

function host(engine: Dockerode, id: string, port: number, remove: () => Promise<void>): DatabaseHost {
  const mariadb = (flags: string[], statement: string, database: string) =>
    execIn(engine, id, ['mariadb', '--batch', ...flags, database], { stdin: statement, timeoutMs: 60_000 });
  return {
    port,
    run: async (statements, database = 'auction') => {
      const { exitCode, stderr } = await mariadb([], statements, database);
      if (exitCode !== 0) throw new Error(`${stderr.trim()} in: ${statements.slice(0, 200)}`);
    },
    rows: async (statement) => {
      const { exitCode, stdout, stderr } = await mariadb([], statement, 'auction');
      if (exitCode !== 0) throw new Error(`${stderr.trim()} in: ${statement.slice(0, 200)}`);
      return parseTabular(stdout).slice(1);
    },
    exec: (statement) => mariadb(['--skip-column-names'], statement, 'auction'),
    remove,
  };
}

async function answering(engine: Dockerode, id: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const { exitCode } = await execIn(engine, id, ['mariadb-admin', 'ping', '--silent']);
    if (exitCode === 0 && (await connects(port))) return;
    await delay(200);
  }
  throw new Error('start database host: the server did not answer within 30 s');
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.setTimeout(2000, () => socket.destroy());
  }).then((isUp) => isUp === true);
}

/** Each in a shell of its own: statements run side by side here. */
async function execIn(
  engine: Dockerode,
  id: string,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const shell = await HostShell.open(engine, id);
  try {
    return await shell.run(argv, options);
  } finally {
    shell.close();
  }
}
