import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertAfter, insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';
import { pointName } from './name-lookup.ts';

const name = 'dns-cached';

/** The database’s name moves after the application has looked it up, and the application keeps what it found. */
export const dnsCached: Fault = {
  name,
  type: 3,
  violation: 'inverted',
  dependency: 'Cached data: DNS lookups',
  provenance: 'slides',
  tiers: ['app'],
  summary:
    'While the new release is set up, the database’s name stands for the replica on an application host. The operator starts the application first and moves the name to the primary then: the application keeps the address that it looked up.',
  confirmedBy:
    'Once it was checked, the application’s connections to the database go to another address than the database’s name stands for.',
  newOnly: 'an application that runs has looked the name up',
  edit: ({ steps, facts, hosts, targets, observe }) => {
    const starts = targets('app').flatMap((host) => startOf(host, steps) ?? []);
    const [primary, replica] = hosts('db');
    if (starts.length === 0)
      return { applies: false, reason: 'the procedure starts no application, which would look names up' };
    if (primary === undefined || replica === undefined)
      return { applies: false, reason: 'there is one database host, to which every name leads' };
    const point = (action: string, to: string) => (start: (typeof starts)[number]) =>
      commandBeside(
        start,
        action,
        `Have ${facts.databaseAddress} stand for the address of ${to} on ${start.host}`,
        pointName(facts.databaseAddress, `@@address:${to}@@`),
      );
    const before = point('name-replica', replica);
    const after = point('name-primary', facts.databaseAddress);
    const note = `the name ${facts.databaseAddress} moves after the application has looked it up`;
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>((list, start) => {
        const isStart = (step: Step) => step === start;
        return insertAfter(
          name,
          insertBefore(name, list, isStart, [before(start)], note),
          isStart,
          [after(start)],
          note,
        );
      }, steps),
      observe: starts.map(({ host }) => ({
        // The health check has the application connect; later it may have lost its connections.
        after: steps.find((step) => step.kind === 'check' && step.host === host)?.id ?? ('end' as const),
        step: observe(`connections-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', CONNECTED, 'connected', facts.databaseAddress, String(facts.databasePort)],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the application uses an address that it cached')),
};

/** Exit code 1: every connection goes where the name leads; 2: there is none, or the name leads nowhere. */
const CONNECTED =
  'now=$(getent ahostsv4 "$1" | awk "NR == 1 { print \\$1 }"); used=$(ss -Htn state established "dport = :$2" | awk "{ sub(/:[0-9]+\\$/, \\"\\", \\$4); print \\$4 }" | sort -u); [ -n "$now" ] && [ -n "$used" ] || { echo "no connection to port $2, or no address of $1" >&2; exit 2; }; echo "$used" | grep -vxF "$now"';
