/**
 * A database host: MariaDB, primary or replica. An upgrade in place leaves the engine alone, so there this serves
 * to bring a universe up; a universe of its own installs the new release's engine with it.
 */
import type { HostRecipe, RecipeContext } from '../../../harness/contract/scenario.ts';
import type { HostName, Release } from '../../../harness/contract/topology.ts';
import { facts, MOST_HOSTS } from '../facts.ts';
import { stepsOf } from './host-steps.ts';
import { configuration, script } from './text.ts';

/** Beyond the pools of all application hosts: replicas, the administrator, and room to look around. */
const SPARE_CONNECTIONS = 28;

/** How `host` gets to `release`. The first database host is the primary. */
export function dbRecipe(host: HostName, release: Release, context: RecipeContext): HostRecipe {
  const steps = stepsOf(host, context);
  const databases = context.hosts('db');
  const primary = databases[0];
  const isPrimary = host === primary;
  const logs = `${facts.storage}/${context.universe}-${host}`;
  return {
    stop: [steps.service('stop', ['sh', '-c', script('mariadbd-stop.sh')])],
    install: [steps.install(release)],
    configure: [
      steps.write('write-database', `Write the database server's configuration on ${host}`, {
        path: facts.files.database,
        content: configuration(release, 'db/90-auction.cnf', {
          host,
          role: isPrimary ? 'primary' : `replica of ${primary}`,
          serverId: databases.indexOf(host) + 1,
          readOnly: isPrimary ? 'OFF' : 'ON',
          logs,
          maxConnections: MOST_HOSTS * facts.poolConnections + SPARE_CONNECTIONS,
        }),
      }),
    ],
    start: [
      steps.service('start', ['sh', '-c', script('mariadbd-start.sh', { logs })]),
      ...(isPrimary
        ? [
            steps.sql(
              'replication-account',
              'Make the account that replicas connect with',
              script('replication-account.sql'),
            ),
            // A universe of the new release gets its account from the database's own recipe.
            ...(release === 'old'
              ? [steps.sql('account-old', 'Make the account of the application', script('old-account.sql'))]
              : []),
          ]
        : [
            steps.sql(
              'follow-primary',
              `Let ${host} follow ${primary}`,
              script('follow-primary.sql', { primary }),
            ),
          ]),
      // A parallel universe is filled while its server runs, which leaves nothing to be read from the disk again.
      ...(release === 'new' && context.universe === 'old'
        ? [
            steps.sql(
              facts.warmUp,
              `Have ${host} read its data, so that clients need not wait for the disk`,
              script('warm-buffers.sql', { database: facts.database }),
            ),
          ]
        : []),
    ],
    check: [
      steps.check(
        isPrimary ? ['mariadb-admin', 'ping', '--silent'] : ['sh', '-c', script('replica-follows.sh')],
      ),
    ],
    repoint: [],
    clean: [],
  };
}
