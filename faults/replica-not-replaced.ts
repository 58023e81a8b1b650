import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';

const name = 'replica-not-replaced';

/** The database is left without a replica after the upgrade. */
export const replicaNotReplaced: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Replication degree',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'A new database host is installed as the replica, and the operator does not have it follow the primary: of the data there is one copy.',
  confirmedBy: 'Right after the step that has it follow, the host says that it follows nobody.',
  edit: ({ steps, hosts, observe }) => {
    const replicas = hosts('db').slice(1);
    const isFollow = (step: Step): step is SqlStep =>
      step.kind === 'sql' && replicas.includes(step.host) && /\bCHANGE MASTER\b/i.test(step.statements);
    const follows = steps.filter(isFollow);
    if (follows.length === 0)
      return {
        applies: false,
        reason: 'the procedure replaces no replica; the one that is there follows on',
      };
    return {
      applies: true,
      steps: omit(name, steps, isFollow, 'the replica follows nobody'),
      observe: follows.map(({ id, host }) => ({
        after: id,
        step: observe(`replica-${host}`, host, {
          read: 'sql',
          database: 'information_schema',
          statement: 'SHOW SLAVE STATUS;',
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      if (exitCode !== 0) return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
      return stdout.trim() === '' ? { says: 'in-effect', words: 'it follows nobody' } : { says: 'nothing' };
    }),
};
