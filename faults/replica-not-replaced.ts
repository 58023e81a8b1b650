import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { omit } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { installs } from './host-steps.ts';

const name = 'replica-not-replaced';
const PRIMARY = /\bCHANGE MASTER\b[^;]*\bMASTER_HOST\s*=\s*'([^']+)'/i;

/** The database is left with one replica fewer after the upgrade. */
export const replicaNotReplaced: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Replication degree',
  provenance: 'slides',
  tiers: ['db'],
  summary: 'A database host is installed as a replica, and the operator does not have it follow the primary.',
  confirmedBy:
    'Right after the step that has it follow, the host says that it follows nobody, or another host than the primary.',
  edit: ({ steps, reach, observe }) => {
    const isFollow = (step: Step, index: number): step is SqlStep =>
      step.kind === 'sql' && PRIMARY.test(step.statements) && index > lastInstallation(step.host, steps);
    const all = steps.filter(isFollow);
    const follows = reach === 'all' ? all : all.slice(-1);
    if (follows.length === 0)
      return {
        applies: false,
        reason: 'the procedure replaces no replica; the one that is there follows on',
      };
    const isMeant = (step: Step) => follows.some(({ id }) => id === step.id);
    return {
      applies: true,
      steps: omit(name, steps, isMeant, 'the replica does not follow the primary'),
      observe: follows.map(({ id, host, statements }) => ({
        after: id,
        step: observe(`replica-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', FOLLOWED, 'followed', PRIMARY.exec(statements)?.[1] ?? ''],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the replica does not follow the primary')),
};

/** Where the procedure installs the host for the last time; a host that it does not install follows on as before. */
function lastInstallation(host: HostName, steps: readonly Step[]): number {
  const index = steps.findLastIndex(installs(host));
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

/** Prints whom the host follows, where that is not the address $1; exit code 1: it is. */
const FOLLOWED = `status=$(mariadb -e 'SHOW SLAVE STATUS\\G') || exit 2
primary=$(echo "$status" | sed -n 's/^ *Master_Host: //p')
[ "$primary" = "$1" ] && exit 1
echo "it follows \${primary:-nobody}"`;
