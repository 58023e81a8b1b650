/** What happens to every auction sooner or later. */
import { readFileSync } from 'node:fs';
import type { Provocation } from '../../../harness/contract/settle.ts';
import type { Tier } from '../../../harness/contract/topology.ts';
import { ENTRY_ADDRESS, facts } from '../facts.ts';
import {
  largeDescription,
  largeTransfers,
  manyReads,
  peak,
  rareInteractions,
  refusals,
  sessionBegun,
  sessionResumed,
  unusualText,
} from './provoked-visits.ts';

/** More at once than the pools of all application hosts hold, by far fewer than a sound system bears. */
const PEAK_CLIENTS = 80;
/** As many as read at once when nothing is in memory, and as come while logs are full. */
const SOME_CLIENTS = 10;
/** Days for which a served certificate must be good: shorter than it takes anybody to notice. */
const CERTIFICATE_DAYS = 7;

const ALL_TIERS: readonly Tier[] = ['lb', 'web', 'app', 'db'];

/** All provocations of the auction. */
export const provocations: readonly Provocation[] = [
  {
    name: 'restart-lb',
    summary: 'The balancers are restarted, both at the same time.',
    set: 'quick',
    act: { kind: 'restart', tier: 'lb' },
  },
  {
    name: 'restart-web',
    summary: 'The web servers are restarted, all at the same time.',
    set: 'quick',
    act: { kind: 'restart', tier: 'web' },
  },
  {
    name: 'restart-app',
    summary: 'The application is restarted on all its hosts at the same time.',
    set: 'quick',
    act: { kind: 'restart', tier: 'app' },
  },
  {
    name: 'restart-db',
    summary: 'The databases are restarted at the same time, the primary among them.',
    set: 'quick',
    act: { kind: 'restart', tier: 'db' },
  },
  {
    name: 'connection-peak',
    summary: `${PEAK_CLIENTS} users come at the same moment, each looks around and logs in.`,
    set: 'quick',
    act: { kind: 'exchanges', exchanges: peak, concurrency: PEAK_CLIENTS },
  },
  {
    name: 'large-description',
    summary: 'An item is put on sale with the longest description there may be, which is read back.',
    set: 'quick',
    act: { kind: 'exchanges', exchanges: largeDescription, concurrency: 1 },
  },
  {
    name: 'rare-interactions',
    summary:
      'A new user with an unusual name registers, sells, comments; somebody buys everything at once; names are typed in another letter case.',
    set: 'quick',
    act: { kind: 'exchanges', exchanges: rareInteractions, concurrency: 1 },
  },
  {
    name: 'unusual-text',
    summary: 'Texts of four-byte characters, of other scripts and of all that has a meaning in SQL and HTML.',
    set: 'all',
    act: { kind: 'exchanges', exchanges: unusualText, concurrency: 1 },
  },
  {
    name: 'session-before-upgrade',
    summary: 'A client that logged in and commented before the upgrade bids after it and finds the comment.',
    set: 'quick',
    act: { kind: 'session', begin: sessionBegun, resume: sessionResumed },
  },
  {
    name: 'certificate-end',
    summary: `The certificates that balancers and web hosts serve are good for another ${CERTIFICATE_DAYS} days.`,
    set: 'all',
    act: {
      kind: 'inspection',
      tiers: ['lb', 'web'],
      argv: ['sh', '-c', script('certificate-end'), 'end', facts.siteName, String(CERTIFICATE_DAYS)],
    },
  },
  {
    name: 'reboot-lb',
    summary: 'The balancers’ machines are rebooted; the entry’s address is given back.',
    set: 'all',
    act: {
      kind: 'reboot',
      tier: 'lb',
      role: {
        held: [
          'sh',
          '-c',
          'ip -o -4 address show | grep -q " inet $1/"',
          'held',
          `@@address:${ENTRY_ADDRESS}@@`,
        ],
        take: ['entry', 'take', `@@address:${ENTRY_ADDRESS}@@`],
      },
    },
  },
  ...(['web', 'app', 'db'] as const).map(
    (tier): Provocation => ({
      name: `reboot-${tier}`,
      summary: `The ${tier} machines are rebooted.`,
      set: 'all',
      act: { kind: 'reboot', tier },
    }),
  ),
  {
    name: 'failover-db',
    summary: 'A replica takes over from the primary, and the primary takes over again.',
    set: 'all',
    act: { kind: 'failover' },
  },
  {
    name: 'crash-db',
    summary: 'All database servers are killed, and started again. Nothing takes their place meanwhile.',
    set: 'all',
    act: { kind: 'restart', tier: 'db', stop: ['sh', '-c', script('kill-database')] },
  },
  {
    name: 'cold-buffers',
    summary: 'The databases start with nothing in memory, and users come at once.',
    set: 'all',
    act: {
      kind: 'restart',
      tier: 'db',
      whileStopped: ['sh', '-c', script('evict-database')],
      visit: { exchanges: manyReads, concurrency: SOME_CLIENTS },
    },
  },
  {
    name: 'logs-full',
    summary: 'The file systems of all logs are full while users come; then they are freed.',
    set: 'all',
    act: {
      kind: 'hardship',
      tiers: ALL_TIERS,
      begin: ['sh', '-c', script('fill-logs')],
      visit: { exchanges: refusals, concurrency: SOME_CLIENTS },
      end: ['rm', '-f', '/var/log/auction/ballast'],
    },
  },
  {
    name: 'large-transfers',
    summary: 'The largest forms that there may be are sent, and pages made of many of them are fetched.',
    set: 'all',
    act: { kind: 'exchanges', exchanges: largeTransfers, concurrency: 1 },
  },
];

function script(name: string): string {
  return readFileSync(new URL(`../provocations/${name}.sh`, import.meta.url), 'utf8');
}
