/**
 * The database engine, from the old release's to the new one's, while the database serves. In order: every replica is
 * stopped, installed on its data, started, and catches up; the primary takes no more writes; a replica that has all of them
 * takes over its address; other replicas follow that one, and the former primary becomes a replica on the new engine.
 */
import type { RecipeContext } from '../../../harness/contract/scenario.ts';
import type { Step } from '../../../harness/contract/step.ts';
import type { HostName } from '../../../harness/contract/topology.ts';
import { facts } from '../facts.ts';
import { dbRecipe, startServer, writeConfiguration } from './db.ts';
import { stepsOf } from './host-steps.ts';
import { script } from './text.ts';

const ADDRESS = `@@address:${facts.databaseAddress}@@`;

/** The steps. `Error` where there is no replica that could take over. */
export function engineSteps(context: RecipeContext): Step[] {
  const [former, successor, ...others] = context.hosts('db');
  if (former === undefined || successor === undefined)
    throw new Error(`upgrade the engine of ${former ?? 'no host'}: no replica can take over meanwhile`);
  return [
    ...[successor, ...others].flatMap((host) => renewed(host, `replica of ${former}`, [], context)),
    writeConfiguration(successor, 'new', 'primary', context, 'write-primary'),
    ...takeOver(former, successor, context),
    ...others.map((host) => follow(host, successor, false, context)),
    ...renewed(former, `replica of ${successor}`, [follow(former, successor, true, context)], context),
  ];
}

/** The database from one server to another, both on the engine that they have. Other replicas follow the new primary. */
export function failOverSteps(from: HostName, to: HostName, context: RecipeContext): Step[] {
  const settle = (host: HostName, readOnly: 'ON' | 'OFF') =>
    stepsOf(host, context).exec(
      `set-read-only-${readOnly.toLowerCase()}`,
      `${host} keeps read-only ${readOnly}`,
      [...['sed', '-i', `s/^read-only .*/read-only = ${readOnly}/`, facts.files.database]],
    );
  const others = context.hosts('db').filter((host) => host !== from && host !== to);
  return [
    settle(to, 'OFF'),
    settle(from, 'ON'),
    ...takeOver(from, to, context),
    ...others.map((host) => follow(host, to, false, context)),
    follow(from, to, true, context),
  ];
}

/** One server on the new engine, with the data that it has. */
function renewed(host: HostName, role: string, then: readonly Step[], context: RecipeContext): Step[] {
  const steps = stepsOf(host, context);
  const { stop, install, start, check } = dbRecipe(host, 'new', context);
  return [
    ...stop,
    ...install,
    writeConfiguration(host, 'new', role, context),
    startServer(host, context),
    steps.exec('upgrade-tables', `Bring the system tables of ${host} up to date`, [
      'mariadb-upgrade',
      '--silent',
      '--upgrade-system-tables',
    ]),
    ...start.filter(({ id }) => id === `${host}/${facts.warmUp}`),
    ...then,
    ...check,
  ];
}

/** From the first step on writes are refused; the last one ends that. */
function takeOver(former: HostName, successor: HostName, context: RecipeContext): Step[] {
  return [
    stepsOf(former, context).sql(
      'refuse-writes',
      `Let ${former} take no more writes`,
      'SET GLOBAL read_only = ON;\n',
    ),
    stepsOf(successor, context).exec('take-over', `Let ${successor} take over from ${former}`, [
      ...['sh', '-c', script('take-over.sh'), 'take-over', `@@address:${former}@@`],
      ...['@@secret:replication-password@@', ADDRESS],
    ]),
    stepsOf(former, context).exec('give-up-address', `Take the database's address from ${former}`, [
      ...['sh', '-c', script('give-up-address.sh'), 'give-up-address', ADDRESS],
    ]),
  ];
}

function follow(host: HostName, primary: HostName, former: boolean, context: RecipeContext): Step {
  return stepsOf(host, context).sql(
    `follow-${primary}`,
    `Let ${host} follow ${primary}`,
    script('follow-new-primary.sql', { primary, former }),
  );
}
