import type { Fault } from '../harness/contract/fault.ts';
import type { ExecStep, Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { startOf } from './host-lifecycle.ts';
import { primaryAtEnd } from './primary.ts';

const name = 'disk-full';
/** Twice the size that any host gives its logs; a file system without a limit is not filled by it. */
const LARGEST_MB = 64;

/** The file system of the logs is full. */
export const diskFull: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Storage-space availability',
  provenance: 'slides',
  tiers: ['db', 'web'],
  summary:
    'Before the upgrade goes on, the operator saves a copy of what was there on the file system that the host writes its logs to, until no space is left there. Its size is limited, as on every host.',
  confirmedBy: 'The file system of the logs has no space left.',
  edit: (context) => {
    const { steps, facts, random, targets, observe } = context;
    const tier = random.pick(['db', 'web'] as const);
    const candidates = tier === 'web' ? targets('web') : [primaryAtEnd(context)];
    const places = candidates.flatMap((host) => firstChangeOf(host, steps) ?? []);
    if (places.length === 0)
      return { applies: false, reason: `the procedure changes nothing on a ${tier} host` };
    return {
      applies: true,
      steps: places.reduce<readonly Step[]>(
        (list, { host, before }) =>
          insertBefore(
            name,
            list,
            (step) => step === before,
            [save(host, before, facts.logs)],
            `no space is left on ${facts.logs}`,
          ),
        steps,
      ),
      observe: places.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`space-${host}`, host, { read: 'command', argv: ['df', '-P', facts.logs] }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const [, row = ''] = stdout.trim().split('\n');
      const used = /\s(\d+)%\s/.exec(row)?.[1];
      if (exitCode !== 0 || used === undefined)
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
      return used === '100' ? { says: 'in-effect', words: `${used} % used` } : { says: 'nothing' };
    }),
};

/** Where the operator has the copy made: before the service starts, or before the database is changed as it runs. */
function firstChangeOf(
  host: HostName,
  steps: readonly Step[],
): { readonly host: HostName; readonly before: Step } | undefined {
  const before = startOf(host, steps) ?? steps.find((step) => step.kind === 'sql' && step.host === host);
  return before === undefined ? undefined : { host, before };
}

/** The copy ends where the space does, which the operator does not look at. */
function save(host: HostName, { universe }: Step, logs: string): ExecStep {
  const fill = `dd if=/dev/zero of=${logs}/saved.img bs=64k count=${LARGEST_MB * 16} 2>/dev/null || true`;
  return {
    ...{ kind: 'exec', id: `${host}/save-copy`, title: `Save a copy on the log file system of ${host}` },
    ...{ universe, host, argv: ['sh', '-c', fill] },
  };
}
