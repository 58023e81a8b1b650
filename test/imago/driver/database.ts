/** A database server of one release on an internal network, for tests that make their own tables. */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import mysql from 'mysql2/promise';
import type { Release } from '../../../harness/contract/topology.ts';
import { CAMPAIGN_LABEL, OWNER_LABEL } from '../../../harness/provision/engine.ts';
import { ownIdentity } from '../../../harness/provision/owner.ts';

/** With an owner, or a sweep by a campaign would take the host for left behind. */
export const LABELS = { [CAMPAIGN_LABEL]: 'dev-driver', [OWNER_LABEL]: ownIdentity() };

/** An account that may do everything. */
export const ADMIN = { user: 'test_admin', password: 'admin' };

const START_LIMIT_MS = 30_000;

/** As a universe's configuration has them. */
const SETTINGS = [
  ...['--user=mysql', '--bind-address=0.0.0.0', '--skip-name-resolve', '--log-bin=mariadb-bin'],
  ...['--binlog-format=ROW', '--gtid-domain-id=1', '--gtid-strict-mode=ON', '--log-slave-updates'],
  ...['--sync-binlog=0', '--innodb-flush-log-at-trx-commit=2', '--max-allowed-packet=16M'],
];

/** A running server. */
export interface Database {
  readonly address: string;
  readonly container: Dockerode.Container;
}

/** Starts the latest image of the release: any will do, for its data is not used. */
export async function startDatabase(engine: Dockerode, network: string, release: Release): Promise<Database> {
  const images = await engine.listImages({ filters: { reference: [`upfault/auction-db:${release}-*`] } });
  const [image] = images.toSorted((one, other) => other.Created - one.Created);
  if (image === undefined) {
    throw new Error(`start database: no image upfault/auction-db:${release}-*; run ./upfault setup`);
  }
  const server = ['mariadbd', ...SETTINGS, `--server-id=${release === 'old' ? 1 : 2}`].join(' ');
  // The server wants each statement on a line of its own.
  const account = `"CREATE USER ${ADMIN.user}@'%' IDENTIFIED BY '${ADMIN.password}';" "GRANT ALL ON *.* TO ${ADMIN.user}@'%' WITH GRANT OPTION;"`;
  const container = await engine.createContainer({
    Image: image.Id,
    Cmd: [
      'sh',
      '-c',
      `install -d -o mysql -g mysql /run/mysqld && printf '%s\\n' ${account} > /tmp/account.sql && exec ${server} --init-file=/tmp/account.sql`,
    ],
    Labels: LABELS,
    HostConfig: { Init: true, NetworkMode: network },
  });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const address = NetworkSettings.Networks[network]?.IPAddress ?? '';
  await answering(address);
  return { address, container };
}

async function answering(host: string): Promise<void> {
  const until = process.hrtime.bigint() + BigInt(START_LIMIT_MS) * 1_000_000n;
  for (;;) {
    try {
      const connection = await mysql.createConnection({ host, ...ADMIN, connectTimeout: 1_000 });
      await connection.end();
      return;
    } catch (error) {
      if (process.hrtime.bigint() > until) throw error;
      await delay(100);
    }
  }
}
