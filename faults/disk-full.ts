import type { Fault } from '../harness/contract/fault.ts';
import type { ExecStep, Step } from '../harness/contract/step.ts';
import type { HostName } from '../harness/contract/topology.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { startOf } from './host-lifecycle.ts';
import { primaryAtEnd } from './primary.ts';

const name = 'disk-full';
/** Mebibytes that a copy has at most, more than either file system holds at any scale; one without a limit is not filled by it. */
const LARGEST_MB = { logs: 64, storage: 8_192 } as const;

/**
 * A file system of limited size is full: the one that servers write their logs to, which they may not mind, or the one of
 * the database's binary log, without which no transaction is committed. The latter is shared (decision 18), as a
 * database's storage often is: filled from one universe, it is full for both.
 */
export const diskFull: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Storage-space availability',
  provenance: 'slides',
  tiers: ['db', 'web'],
  summary:
    'Before the upgrade goes on, the operator saves a copy of what was there on a file system of the host whose size is limited, as on every host, until no space is left there: the one of the logs, or, on a database host, the one of the binary log, without which the database commits nothing.',
  confirmedBy: 'The file system on which the copy was saved has no space left.',
  edit: (context) => {
    const { steps, facts, random, targets, observe } = context;
    const tier = random.pick(['db', 'web'] as const);
    const filled = tier === 'web' ? 'logs' : random.pick(['storage', 'logs'] as const);
    const candidates = tier === 'web' ? targets('web') : [primaryAtEnd(context)];
    const places = candidates.flatMap((host) => firstChangeOf(host, steps) ?? []);
    if (places.length === 0)
      return { applies: false, reason: `the procedure changes nothing on a ${tier} host` };
    const path = facts[filled];
    return {
      applies: true,
      steps: places.reduce<readonly Step[]>(
        (list, { host, before }) =>
          insertBefore(
            name,
            list,
            (step) => step === before,
            [save(host, before, path, LARGEST_MB[filled])],
            `no space is left on ${path}`,
          ),
        steps,
      ),
      observe: places.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`space-${host}`, host, { read: 'command', argv: ['df', '-P', path] }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const [, row = ''] = stdout.trim().split('\n');
      const [, used, path] = /\s(\d+)%\s+(\S+)$/.exec(row) ?? [];
      if (exitCode !== 0 || used === undefined)
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
      return used === '100' ? { says: 'in-effect', words: `${used} % of ${path} used` } : { says: 'nothing' };
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
function save(host: HostName, { universe }: Step, path: string, largestMb: number): ExecStep {
  const fill = `dd if=/dev/zero of=${path}/saved.img bs=64k count=${largestMb * 16} 2>/dev/null || true`;
  return {
    ...{ kind: 'exec', id: `${host}/save-copy`, title: `Save a copy in ${path} on ${host}` },
    ...{ universe, host, argv: ['sh', '-c', fill] },
  };
}
