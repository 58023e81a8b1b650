import type { Fault } from '../harness/contract/fault.ts';
import type { ExecStep, Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { stepsThat } from './imago-actions.ts';
import { beginningOf } from './stretches.ts';

const name = 'shared-disk-full';
/** With less than this left, no transaction of any size can be logged. */
const FULL_BELOW_KB = 256;

/** The parallel universe fills storage that it shares with the old one. */
export const sharedDiskFull: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Storage-space availability',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'The databases of both universes keep their logs on storage that they share. While the data is transferred, a job on the new universe’s replica dumps to that storage, and takes whatever is left of it.',
  confirmedBy: 'On the old universe’s primary, the file system of the logs has no space left.',
  newOnly: 'it is the same storage from wherever it is filled',
  edit: ({ steps, facts, hosts, observe }) => {
    const [transfer] = stepsThat('start-transfer', steps);
    const [primary] = hosts('db');
    const filler = hosts('db').at(-1);
    const next = transfer && steps[steps.indexOf(transfer) + 1];
    if (next === undefined || primary === undefined || filler === undefined)
      return {
        applies: false,
        reason: 'there is no second copy of the system that could fill what both use',
      };
    const fill: ExecStep = {
      kind: 'exec',
      id: `${filler}/dump-to-storage`,
      title: `Dump to ${facts.storage} on ${filler}`,
      universe: 'new',
      host: filler,
      argv: ['sh', '-c', FILL, 'fill', facts.storage],
    };
    const beginning: Step = beginningOf(steps, next);
    return {
      applies: true,
      steps: insertBefore(name, steps, (step) => step === beginning, [fill], 'the shared storage is full'),
      observe: [
        {
          after: 'end',
          step: observe(
            'storage',
            primary,
            { read: 'command', argv: ['sh', '-c', LOOK, 'look', facts.storage, String(FULL_BELOW_KB)] },
            'old',
          ),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the shared storage is full')),
};

/** A job that goes on in the background: what becomes free again it takes, too. */
const FILL =
  'setsid sh -c \'while :; do cat /dev/zero >>"$1/dump"; sleep 0.2; done\' fill "$1" >/dev/null 2>&1 </dev/null & sleep 1; df -k "$1"';

/** Exit code 0 where the file system is full, 1 where it is not, 2 where that cannot be read. */
const LOOK =
  'left=$(df -k --output=avail "$1" | tail -n 1) && [ "$left" -ge 0 ] || exit 2; [ "$left" -lt "$2" ] || exit 1; echo "$left kB left of $1"';
