/** The auction's machines, their budgets, and the certificates that they show. */
import type { CertificateSpec } from '../../harness/contract/scenario.ts';
import type { HostName, HostSpec, Size, Tier, VolumeSpec } from '../../harness/contract/topology.ts';
import { facts, MOST_HOSTS } from './facts.ts';

/** The entry is a pair: one balancer holds the shared address, the other stands by, whatever the size. */
const BALANCERS = 2;

/** Cores and megabytes of each kind of machine. */
interface Budget {
  readonly cpus: number;
  readonly memoryMb: number;
}

/** Requests/s. */
export const STANDARD_RATE = 150;

/**
 * What each machine may use. Two hosts of a tier serve the standard load of 150 requests/s comfortably and one
 * not quite, or losing a host would be invisible; together with ingress and clients they fit in 2 cores.
 */
export const budgets = {
  /**
   * One balancer carries everything. 0.05 in the steady state at 150 requests/s, but many times that while a web
   * server's reload makes it shake hands anew: at 0.15 it fell behind, and every reload became an outage.
   */
  lb: { cpus: 0.35, memoryMb: 192 },
  /** Each carries half of the requests, with static pages and TLS: 0.04; a reload takes 0.1 s of CPU time. */
  web: { cpus: 0.3, memoryMb: 192 },
  /** Renders every dynamic page; Node.js starts slowly when it has much less. */
  app: { cpus: 0.25, memoryMb: 256 },
  /**
   * All statements, and triggers and backfill during an upgrade. A replica, which applies the primary's writes and serves nobody, has
   * the same: where it takes over, it must not be the smaller machine that users notice.
   */
  db: { cpus: 1.2, memoryMb: 512 },
} satisfies Record<string, Budget>;

/** Logs are size-limited from the start, or a long trial could fill the machine's disk. */
const LOGS: VolumeSpec = { path: '/var/log/auction', sizeMb: 32 };
/** Configuration, content and hand-installed libraries outlive the image; scripts in /usr/local/sbin are its own. */
const KEPT: readonly VolumeSpec[] = [
  { path: '/etc/auction' },
  { path: '/srv/auction' },
  { path: '/usr/local/lib' },
  LOGS,
];
const KEPT_DATABASE: readonly VolumeSpec[] = [
  { path: '/etc/mysql/mariadb.conf.d' },
  { path: '/var/lib/mysql' },
  { path: '/usr/local/lib' },
  LOGS,
];

/**
 * Where database servers keep their binary logs: storage that all of them share, those of a parallel universe too. An
 * upgrade logs every row that it converts, on the primary and on each replica, and clients some kilobytes a second; the
 * rest of the limit is reserve.
 */
function storage({ scale }: Size): VolumeSpec {
  return { path: facts.storage, sizeMb: Math.ceil(64 + 6_400 * scale), shared: true };
}

/** Root of an ordinary machine may look at every process: which one owns a port, and what it runs. */
const EVERYWHERE: readonly string[] = ['SYS_PTRACE'];

/** Where clients are other machines of the system only, operators may put a packet filter before them. */
const FILTERED: readonly string[] = ['NET_ADMIN'];

/** All machines of one copy of the system. `Error` when the size is out of bounds. */
export function hosts(size: Size): HostSpec[] {
  if (!Number.isInteger(size.hosts) || size.hosts < 2 || size.hosts > MOST_HOSTS) {
    throw new Error(
      `lay out the auction: ${size.hosts} hosts a tier; allowed is a whole number from 2 to ${MOST_HOSTS}`,
    );
  }
  return [
    ...tier('lb', BALANCERS, budgets.lb, KEPT, ['NET_ADMIN']),
    ...tier('web', size.hosts, budgets.web, KEPT),
    ...tier('app', size.hosts, budgets.app, KEPT, FILTERED),
    ...tier('db', size.hosts, budgets.db, [...KEPT_DATABASE, storage(size)], FILTERED),
  ];
}

function tier(
  name: Tier,
  count: number,
  budget: Budget,
  volumes: readonly VolumeSpec[],
  capabilities: readonly string[] = [],
): HostSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${name}${index + 1}`,
    tier: name,
    image: `auction-${name}`,
    ...budget,
    volumes,
    capabilities: [...EVERYWHERE, ...capabilities],
  }));
}

/** Tier of a host, by its name. `Error` for a name that no host of the auction can have. */
export function tierOf(host: HostName): Tier {
  const name = /^(lb|web|app|db)[1-9]\d*$/.exec(host)?.[1];
  if (name === undefined) {
    throw new Error(`find the tier of ${host}: hosts are named lb, web, app or db and a number from 1`);
  }
  return name as Tier;
}

/** Balancers and web hosts answer as the site does; behind them only parts of it answer, and without TLS. */
export function hostEntry(host: HostName): { address: string; port: number; serverName: string } | undefined {
  switch (tierOf(host)) {
    case 'lb':
      return { address: host, port: 443, serverName: facts.siteName };
    case 'web':
      return { address: host, port: facts.webPort, serverName: `${host}.${facts.siteName}` };
    default:
      return undefined;
  }
}

/**
 * Each release has certificates of its own, from the same authority: the site's, and one a web host. Those that the
 * old release's were put in the place of are still about.
 */
export const certificates: readonly CertificateSpec[] = (['expired', 'old', 'new'] as const).flatMap(
  (release) => [
    {
      name: `site-${release}`,
      expired: release === 'expired',
      commonName: facts.siteName,
      alternativeNames: [facts.siteName],
    },
    ...Array.from({ length: MOST_HOSTS }, (_, index) => {
      const name = `web${index + 1}.${facts.siteName}`;
      return {
        name: `web${index + 1}-${release}`,
        expired: release === 'expired',
        commonName: name,
        alternativeNames: [name],
      };
    }),
  ],
);

/** Random for each trial. */
export const secrets: readonly string[] = [
  'app-old-password',
  'app-new-password',
  'replication-password',
  'driver-password',
  'session-key',
  'admin-password',
];
