/**
 * What an upgrade that was given up left behind in the universe that serves on: files, services' processes, accounts,
 * and the shape of the database, as they are against as they were. Isolation is looked for, not assumed.
 */
import type { Scenario } from '../contract/scenario.ts';
import type { UniverseMap } from '../provision/universe.ts';
import type { HostAccess } from '../upgrader/host-access.ts';

/** One line for each thing that is there, such as `web1 file /etc/site.conf 3b0c...`. */
export type StateLines = ReadonlySet<string>;

/** Differences kept in a record; more would be another system altogether. */
const MOST_DIFFERENCES = 50;

/** Files by content, and processes by name; what only passes by (shells of the testbed) is left out. */
const LOOK = `find "$@" -xdev -type f -exec sha1sum {} + 2>/dev/null | sed 's/^\\([0-9a-f]*\\)  \\(.*\\)/file \\2 \\1/'
for d in /proc/[0-9]*; do read -r name < "$d/comm" 2>/dev/null && case $name in sh|sleep|timeout|find|sed|sort|sha1sum|base64|docker-init|tini) ;; *) echo "process $name" ;; esac; done | sort -u`;

/** Accounts with what they may do, and every column, index and trigger. Passwords only as a digest of their hash. */
const SHAPE = `
SELECT CONCAT('account ', User, '@', Host, ' ', SHA1(Priv)) FROM mysql.global_priv
UNION ALL SELECT CONCAT('grant ', GRANTEE, ' ', TABLE_SCHEMA, ' ', PRIVILEGE_TYPE) FROM information_schema.SCHEMA_PRIVILEGES
UNION ALL SELECT CONCAT('grant ', GRANTEE, ' ', TABLE_SCHEMA, '.', TABLE_NAME, ' ', PRIVILEGE_TYPE) FROM information_schema.TABLE_PRIVILEGES
UNION ALL SELECT CONCAT('column ', TABLE_SCHEMA, '.', TABLE_NAME, '.', COLUMN_NAME, ' ', COLUMN_TYPE) FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys')
UNION ALL SELECT CONCAT('index ', TABLE_SCHEMA, '.', TABLE_NAME, '.', INDEX_NAME, ' ', SEQ_IN_INDEX, ' ', COLUMN_NAME) FROM information_schema.STATISTICS
UNION ALL SELECT CONCAT('trigger ', TRIGGER_SCHEMA, '.', TRIGGER_NAME) FROM information_schema.TRIGGERS;`;

/** A host did not say in which state it is, as when its database server is down. */
export class StateUnreadable extends Error {}

/** Reads the state of a universe's hosts. @throws StateUnreadable */
export async function readState(
  scenario: Scenario,
  hosts: HostAccess,
  universe: UniverseMap,
): Promise<StateLines> {
  // Answers that a server keeps are the clients' doing.
  const isCached = (line: string) => line.startsWith(`file ${scenario.facts.pageCache.directory}/`);
  const parts = await Promise.all(
    Object.values(universe.specs).map(async ({ name, tier, volumes }) => {
      const kept = volumes.filter(({ sizeMb }) => sizeMb === undefined).map(({ path }) => path);
      const database = tier === 'db';
      const looked = await ask(hosts, universe, name, [
        ...['sh', '-c', LOOK, 'look'],
        ...kept.filter((path) => !(database && path.startsWith('/var/lib'))),
      ]);
      const shape = database
        ? await ask(
            hosts,
            universe,
            name,
            ['mariadb', '--batch', '--skip-column-names', scenario.facts.database],
            SHAPE,
          )
        : [];
      return [...looked, ...shape].filter((line) => !isCached(line)).map((line) => `${name} ${line}`);
    }),
  );
  return new Set(parts.flat());
}

/** What an upgrade left in a universe that was in a known state before it; that it cannot be read any more is a difference, too. */
export async function residueIn(
  before: StateLines,
  ...where: Parameters<typeof readState>
): Promise<string[]> {
  try {
    return residueOf(before, await readState(...where));
  } catch (error) {
    if (error instanceof StateUnreadable) return [`- ${error.message}`];
    throw error;
  }
}

/** What is there that was not, and what is gone, sorted; bounded. */
export function residueOf(before: StateLines, after: StateLines): string[] {
  const differences = [
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
  ].sort();
  return differences.slice(0, MOST_DIFFERENCES);
}

async function ask(
  hosts: HostAccess,
  { universe }: UniverseMap,
  host: string,
  argv: readonly string[],
  stdin?: string,
): Promise<string[]> {
  const { exitCode, stdout, stderr } = await hosts.exec(
    universe,
    host,
    argv,
    stdin === undefined ? {} : { stdin },
  );
  if (exitCode !== 0)
    throw new StateUnreadable(
      `read the state of ${host}: exit code ${exitCode} (${stderr.trim().slice(0, 300)})`,
    );
  return stdout.split('\n').filter((line) => line !== '');
}
