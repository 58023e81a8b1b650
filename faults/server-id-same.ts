import type { Fault } from '../harness/contract/fault.ts';
import { firstLine, type Judge } from './evidence.ts';
import { primaryAtEnd } from './primary.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'server-id-same';
const SERVER_ID = /^([ \t]*server[-_]id\s*=\s*)(\d+)/m;
/** The server's own number for "this replica cannot go on", with which it refuses a primary of its own id. */
const REFUSED = '1593';

/** A replica that takes itself for the primary whose changes it should follow. */
export const serverIdSame: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Replication degree',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'Every database server of a replicated set needs a number of its own. The operator copies the primary’s configuration to the replica, number and all.',
  confirmedBy:
    'At the end of the upgrade the replica’s status says that it does not follow, because both servers have equal ids.',
  edit: (context) => {
    const { steps, facts, hosts, reach } = context;
    const primary = primaryAtEnd(context);
    const replicas = hosts('db').filter((host) => host !== primary);
    const configured = steps.find(
      (step) => step.kind === 'write' && step.path === facts.files.database && step.host === primary,
    );
    const id = configured?.kind === 'write' ? SERVER_ID.exec(configured.content)?.[2] : undefined;
    return misconfigured(context, {
      fault: name,
      path: facts.files.database,
      hosts: id === undefined ? [] : reach === 'all' ? replicas : replicas.slice(-1),
      wrong: (content) => content.replace(SERVER_ID, `$1${id}`),
      note: `server id ${id}, as ${primary} has`,
      look: () => ({ read: 'sql', database: 'mysql', statement: 'SHOW SLAVE STATUS;' }),
      at: 'end',
      otherwise: 'the procedure leaves the database servers’ configuration as it is',
    });
  },
  confirm: (readings) => misconfiguredEvidence(readings, refusesPrimary),
};

const refusesPrimary: Judge = ({ exitCode, stdout, stderr }) => {
  const [header = [], row = []] = stdout.split('\n').map((line) => line.split('\t'));
  const column = (title: string) => row[header.indexOf(title)];
  const number = column('Last_IO_Errno');
  if (exitCode !== 0 || number === undefined)
    return { says: 'unreadable', words: `no replica’s status (exit code ${exitCode}): ${firstLine(stderr)}` };
  const error = column('Last_IO_Error') ?? '';
  return number === REFUSED && /equal .*server ids/i.test(error)
    ? { says: 'in-effect', words: firstLine(error) }
    : { says: 'nothing' };
};
