import type { Fault } from '../harness/contract/fault.ts';
import { wrongSetting } from './database-settings.ts';
import { rowsListed } from './evidence.ts';
import { misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'max-connections-low';
/** Connections beyond the pool that the operator counts: for administrators. */
const SPARE = 2;

/** A database server that admits fewer connections than the application hosts' pools may hold together. */
export const maxConnectionsLow: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The operator sizes the database server’s limit of connections by the pool of one application host, although every application host has such a pool.',
  confirmedBy: 'The running server’s max_connections is below the sum of the application hosts’ pools.',
  edit: (context) => {
    const { facts, hosts } = context;
    const limit = facts.poolConnections + SPARE;
    const sum = facts.poolConnections * hosts('app').length;
    return wrongSetting(context, {
      fault: name,
      wrong: (content) => content.replace(/^([ \t]*max[-_]connections\s*=\s*)\d+/m, `$1${limit}`),
      note: `${limit} connections for pools of ${sum}`,
      value: '@@GLOBAL.max_connections',
      isWrong: `@@GLOBAL.max_connections < ${sum}`,
    });
  },
  confirm: (readings) =>
    misconfiguredEvidence(readings, rowsListed('max_connections is below the sum of the pools')),
};
