/** Names of the auction that faults, recipes and the harness share. */
import type { Facts, PerRelease } from '../../harness/contract/scenario.ts';

/** Directories, ports, accounts and files, by purpose; README.md says what the application makes of them. */
export const facts: Facts = {
  siteName: 'auction.test',
  staticPath: { old: '/srv/auction/static', new: '/srv/auction/htdocs' },
  adminPath: '/admin/',
  appPort: { old: 8080, new: 8081 },
  webPort: 443,
  account: { old: 'auction_app', new: 'auction_app2' },
  database: 'auction',
  hotIndex: { table: 'items', name: 'items_hot' },
  rotationState: (member) => ({
    // Every balancer of a tier has the same rotation; the first is asked.
    host: member.startsWith('web') ? 'lb1' : 'web1',
    argv: ['member', member, 'state'],
  }),
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
  services: {
    lb: { name: 'haproxy', executable: '/usr/sbin/haproxy' },
    web: { name: 'httpd', executable: '/usr/sbin/apache2' },
    app: { name: 'application', executable: '/usr/bin/node' },
    db: { name: 'mariadbd', executable: '/usr/sbin/mariadbd' },
  },
};

/** Directory in which the application keeps files of its own; it must exist and be writable for it. */
export const dataDirectory: PerRelease<string> = { old: '/srv/auction/data', new: '/srv/auction/uploads' };

/** Name of the address that the balancers share. */
export const ENTRY_ADDRESS = 'entry';

/** Most hosts a tier can have: certificates are made for so many. */
export const MOST_HOSTS = 4;
