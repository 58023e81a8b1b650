/** The auction: an online auction house in four tiers, upgraded from Debian 12 to Debian 13 and to a new schema. */
import type { Scenario } from '../../harness/contract/scenario.ts';
import { comparison } from './comparison.ts';
import { database } from './database.ts';
import { detectors } from './detectors.ts';
import { ENTRY_ADDRESS, facts, PRIMARY_ADDRESS } from './facts.ts';
import { certificates, hostEntry, hosts, STANDARD_RATE, secrets } from './hosts.ts';
import { images } from './images.ts';
import { ledger } from './ledger.ts';
import { probes } from './probes.ts';
import { recipe } from './recipes/recipe.ts';
import { balance, handOver } from './recipes/rotation.ts';
import { provocations } from './workload/provocations.ts';
import { smoke } from './workload/smoke.ts';
import { workload } from './workload/spec.ts';

/** The scenario `auction`. */
export const auction: Scenario = {
  name: 'auction',
  title: 'Auction house',
  summary:
    'HAProxy, Apache httpd, Node.js and MariaDB with a replica. The new release changes every server’s version, moves ports and directories, and reshapes the database.',
  facts,
  secrets,
  certificates,
  hosts,
  standardRate: STANDARD_RATE,
  images,
  entry: { address: ENTRY_ADDRESS, port: 443, serverName: facts.siteName },
  hostEntry,
  addresses: [ENTRY_ADDRESS, PRIMARY_ADDRESS],
  recipe,
  database,
  balance,
  handOver,
  workload,
  ledger,
  smoke,
  comparison,
  provocations,
  probes,
  detectors,
  versions: [
    { host: 'lb1', argv: ['haproxy', '-v'] },
    { host: 'web1', argv: ['apache2', '-v'] },
    { host: 'app1', argv: ['node', '--version'] },
    { host: 'db1', argv: ['mariadbd', '--version'] },
  ],
};
