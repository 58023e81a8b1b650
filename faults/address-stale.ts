import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';
import { pointNameToNobody } from './name-lookup.ts';

const name = 'address-stale';

/** A web host takes the name of an application host for the address of a retired machine. */
export const addressStale: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Service location: network address',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator enters an application host into the hosts file of a web host with an address that it no longer has: the machine there was retired.',
  confirmedBy:
    'Asked for the name on the web host, its resolver gives another address than the application host has.',
  newOnly: 'a web server that runs has resolved its names',
  edit: ({ steps, targets, observe }) => {
    const starts = targets('web').flatMap((host) => startOf(host, steps) ?? []);
    const [member] = targets('app');
    if (starts.length === 0 || member === undefined)
      return { applies: false, reason: 'the procedure starts no web server, which would look names up' };
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>((list, start) => {
        const enter = commandBeside(
          start,
          'enter-old-address',
          `Enter the address of ${member} into the hosts file of ${start.host}`,
          pointNameToNobody(member),
        );
        return insertBefore(
          name,
          list,
          (step) => step === start,
          [enter],
          `${member} is looked for at a retired address`,
        );
      }, steps),
      observe: starts.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`address-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', RESOLVED, 'resolved', member, `@@address:${member}@@`],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the resolver gives a stale address')),
};

const RESOLVED =
  'found=$(getent ahostsv4 "$1" | awk "NR == 1 { print \\$1 }"); [ -n "$found" ] || { echo "$1: no address" >&2; exit 2; }; [ "$found" != "$2" ] && echo "$1 is at $2 and looked for at $found"';
