/** What is looked at, once the horizon has passed, for things that are open to somebody. */
import { readFileSync } from 'node:fs';
import type { PostureProbe } from '../../harness/contract/settle.ts';
import type { Tier } from '../../harness/contract/topology.ts';

const ALL_TIERS: readonly Tier[] = ['lb', 'web', 'app', 'db'];

/** Paths that no stranger should get an answer from: administration, status, configuration, backups. */
export const CLOSED_PATHS: readonly string[] = [
  '/admin/',
  '/admin/status',
  '/app/debug',
  '/app/admin',
  '/app/admin/',
  '/app/admin/status',
  '/app//admin/status',
  '/app/%61dmin/status',
  '/app/./admin/status',
  '/server-status',
  '/server-info',
  '/balancer-manager',
  '/haproxy?stats',
  '/.htpasswd',
  '/htpasswd',
  '/.git/config',
  '/.env',
  '/app.json',
  '/config.json',
  '/site.conf',
  '/members.conf',
  '/backup.sql',
  '/auction.sql',
  '/backup.tar.gz',
  '/backup.json',
  '/dump.sql',
  '/index.html~',
  '/index.html.bak',
  '/site.conf.bak',
  '/cache/',
  '/old/',
  '/data/',
  '/uploads/',
  '/tls/host.key',
  '/../../etc/auction/app.json',
  '/%2e%2e/%2e%2e/etc/auction/app.json',
];

/** The auction's probes. A sound system of a given release always shows the same exposures. */
export const probes: readonly PostureProbe[] = [
  {
    name: 'open-ports',
    summary: 'Ports that are open on every host, to the network or to itself only.',
    look: { kind: 'command', tiers: ALL_TIERS, argv: ['sh', '-c', text('ports.sh')] },
  },
  {
    name: 'unauthenticated-pages',
    summary: 'Administration, status, configuration and backups that answer a stranger.',
    look: { kind: 'pages', paths: CLOSED_PATHS },
  },
  {
    name: 'grants',
    summary:
      'Privileges and roles of every database account, accounts without a password, lax settings of the server.',
    look: { kind: 'sql', database: 'mysql', statement: text('grants.sql') },
  },
  {
    name: 'file-access',
    summary:
      'Files that others than root own or may write, secrets that everybody may read, secrets and backups that are served.',
    look: { kind: 'command', tiers: ALL_TIERS, argv: ['sh', '-c', text('files.sh')] },
  },
  {
    name: 'machine-accounts',
    summary: 'Accounts of the machines with a password, a login shell or the rights of root.',
    look: { kind: 'command', tiers: ALL_TIERS, argv: ['sh', '-c', text('accounts.sh')] },
  },
  {
    name: 'tls',
    summary:
      'Protocol versions that TLS ports accept, and what their certificates say: names, issuer, kind of key.',
    look: { kind: 'command', tiers: ['lb', 'web'], argv: ['sh', '-c', text('tls.sh')] },
  },
  {
    name: 'disclosure',
    summary:
      'What servers say about themselves, also on error pages, and protections that their pages and cookies lack.',
    look: { kind: 'command', tiers: ['lb', 'web'], argv: ['sh', '-c', text('headers.sh')] },
  },
];

function text(file: string): string {
  return readFileSync(new URL(`probes/${file}`, import.meta.url), 'utf8');
}
