/** Names of the auction that faults, recipes and the harness share. */
import { readFileSync } from 'node:fs';
import type { Facts } from '../../harness/contract/scenario.ts';

/** Name of the address that the balancers share. */
export const ENTRY_ADDRESS = 'entry';
/** Name of the address that the database's primary has, whichever host that is. */
export const PRIMARY_ADDRESS = 'primary';
const SITE_NAME = 'auction.test';
const DIRECT_NOTES = '/run/direct-client.jsonl';

/** Either release's configuration names the key once; what is hashed has no line end. */
const SESSION_KEY_CHECKSUM = `key=$(sed -nE 's/.*"(sessionKey|key)": *"([^"]*)".*/\\2/p' /etc/auction/app.json) && [ -n "$key" ] || { echo 'no session key in /etc/auction/app.json' >&2; exit 2; }
printf %s "$key" | sha256sum`;

/** Directories, ports, accounts and files, by purpose; README.md says what the application makes of them. */
export const facts: Facts = {
  siteName: SITE_NAME,
  staticPath: { old: '/srv/auction/static', new: '/srv/auction/htdocs' },
  adminPath: '/admin/',
  appPort: { old: 8080, new: 8081 },
  webPort: 443,
  entryPort: 443,
  account: { old: 'auction_app', new: 'auction_app2' },
  database: 'auction',
  hotIndex: { table: 'items', name: 'items_hot' },
  // Prices go up to 100000.00; those that are there, to some 10000.00.
  newColumns: [
    { table: 'items', name: 'buy_now_cents', type: 'BIGINT', narrower: 'MEDIUMINT' },
    { table: 'bids', name: 'bid_cents', type: 'BIGINT', narrower: 'MEDIUMINT' },
    { table: 'users', name: 'balance_cents', type: 'BIGINT', narrower: 'MEDIUMINT' },
    { table: 'user_ratings', name: 'rating', type: 'INT', narrower: 'SMALLINT' },
  ],
  conversion: { missing: evidence('items-missing'), rounded: evidence('bids-rounded') },
  comparedText: {
    table: 'users',
    column: 'nickname',
    collation: 'utf8mb4_unicode_ci',
    otherCollation: 'utf8mb4_bin',
  },
  stopDatabase: ['sh', '-c', readFileSync(new URL('recipes/mariadbd-stop.sh', import.meta.url), 'utf8')],
  directClient: {
    // The standby: it serves nobody, and knows the authority that clients verify with.
    host: 'lb2',
    argv: [
      ...[
        'sh',
        '-c',
        'printf %s "$1" >/run/direct-client.sh && shift && setsid sh /run/direct-client.sh "$@" >/dev/null 2>&1 </dev/null &',
      ],
      ...['direct-client', readFileSync(new URL('workload/direct-client.sh', import.meta.url), 'utf8')],
      ...[`@@address:${ENTRY_ADDRESS}@@`, SITE_NAME, DIRECT_NOTES],
    ],
    notes: DIRECT_NOTES,
  },
  databaseAddress: PRIMARY_ADDRESS,
  storage: '/srv/storage',
  rotationState: (member) => ({
    // Every balancer of a tier has the same rotation; the first is asked.
    host: member.startsWith('web') ? 'lb1' : 'web1',
    argv: ['member', member, 'state'],
  }),
  neededPath: { url: '/app/items?category=1', withoutData: '/app/categories', mapped: '/app/' },
  memberRoutes: ['member', 'all', 'routes'],
  memberWeights: ['member', 'all', 'weights'],
  sessionKey: { placeholder: '@@secret:session-key@@', checksum: ['sh', '-c', SESSION_KEY_CHECKSUM] },
  // More than an application host's share of CPU can keep busy.
  poolConnections: 8,
  longestTextCharacters: 7168,
  debugPath: '/app/debug',
  managerPath: '/balancer-manager',
  pageCache: {
    directory: '/srv/auction/cache',
    url: '/browse.html',
    mark: { old: 'data-release="old"', new: 'data-release="new"' },
  },
  backedUpTable: 'comments',
  distribution: { old: 'bookworm', new: 'trixie' },
  writtenTables: ['sessions', 'bids', 'items', 'buy_now', 'comments', 'user_ratings', 'users'],
  files: {
    site: '/etc/auction/site.conf',
    members: '/etc/auction/members.conf',
    app: '/etc/auction/app.json',
    balancer: '/etc/auction/haproxy.cfg',
    database: '/etc/mysql/mariadb.conf.d/90-auction.cnf',
  },
  formats: {
    '/etc/auction/site.conf': 'apache',
    '/etc/auction/members.conf': 'apache',
    '/etc/auction/app.json': 'json',
    '/etc/auction/haproxy.cfg': 'haproxy',
    '/etc/mysql/mariadb.conf.d/90-auction.cnf': 'ini',
  },
  logs: '/var/log/auction',
  contentVolume: '/srv/auction',
  appData: { old: '/srv/auction/data', new: '/srv/auction/uploads' },
  nativeAddon: '/opt/auction/digest.node',
  webModule: {
    file: '/usr/lib/apache2/modules/mod_proxy.so',
    loadedBy: '/etc/apache2/mods-available/proxy.load',
  },
  seedDevice: '/dev/urandom',
  expiredCertificate: (current) => current.replace(/-(?:old|new)$/, '-expired'),
  databasePort: 3306,
  databaseDirectory: '/var/lib/mysql',
  warmUp: 'warm-buffers',
  services: {
    lb: { name: 'haproxy', executable: '/usr/sbin/haproxy' },
    web: { name: 'httpd', executable: '/usr/sbin/apache2' },
    app: { name: 'application', executable: '/usr/bin/node' },
    db: { name: 'mariadbd', executable: '/usr/sbin/mariadbd' },
  },
};

/** Most hosts a tier can have: certificates are made for so many. */
export const MOST_HOSTS = 4;

function evidence(file: string): string {
  return readFileSync(new URL(`evidence/${file}.sql`, import.meta.url), 'utf8');
}
