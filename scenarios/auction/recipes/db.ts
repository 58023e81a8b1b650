/**
 * A database host: MariaDB, primary or replica. This serves to bring a universe up, on the engine of its release; how the
 * engine is renewed in place is told in `engine.ts`.
 */
import type { HostRecipe, RecipeContext } from '../../../harness/contract/scenario.ts';
import type { ServiceStep, WriteStep } from '../../../harness/contract/step.ts';
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
  return {
    stop: [steps.service('stop', ['sh', '-c', script('mariadbd-stop.sh')])],
    install: [steps.install(release)],
    configure: [writeConfiguration(host, release, isPrimary ? 'primary' : `replica of ${primary}`, context)],
    start: [
      startServer(host, context),
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
    check: [steps.check(['sh', '-c', script('database-serves.sh')])],
    repoint: [],
    clean: [],
  };
}

/** The server's configuration for a release and a role: a primary takes writes, a replica none. */
export function writeConfiguration(
  host: HostName,
  release: Release,
  role: string,
  context: RecipeContext,
  action = 'write-database',
): WriteStep {
  return stepsOf(host, context).write(action, `Write the database server's configuration on ${host}`, {
    path: facts.files.database,
    content: configuration(release, 'db/90-auction.cnf', {
      host,
      role,
      serverId: context.hosts('db').indexOf(host) + 1,
      readOnly: role === 'primary' ? 'OFF' : 'ON',
      logs: logsOf(host, context),
      maxConnections: MOST_HOSTS * facts.poolConnections + SPARE_CONNECTIONS,
    }),
  });
}

/** Starts the server; the one that is configured as primary also takes the address that the application asks. */
export function startServer(host: HostName, context: RecipeContext): ServiceStep {
  const values = {
    logs: logsOf(host, context),
    address: `@@address:${facts.databaseAddress}@@`,
    configuration: facts.files.database,
  };
  return stepsOf(host, context).service('start', ['sh', '-c', script('mariadbd-start.sh', values)]);
}

function logsOf(host: HostName, context: RecipeContext): string {
  return `${facts.storage}/${context.universe}-${host}`;
}
