import type { Fault } from '../harness/contract/fault.ts';
import type { Reading } from '../harness/contract/observation.ts';
import type { ServiceStep } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { stepsThat } from './imago-actions.ts';

const name = 'ingress-bypassed';

/**
 * A client goes straight to the old universe, past the ingress interceptor. How much it has written by the switch is read behind
 * `release`, not behind `redirect`: that would be 5 ms sooner, of the some 400 until the old entry is stopped, in which it
 * writes several times; and every trial that looks for it would hold its clients twice as long.
 */
export const ingressBypassed: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Service location: network address (static ingress)',
  provenance: 'upfault',
  tiers: [],
  summary:
    'All clients are thought to come in through the interceptor. One does not: it has the address of the old universe’s entry, and goes on writing there, during quiescences and after the switch.',
  confirmedBy:
    'The client’s own notes name writes that were acknowledged to it; where clients were switched, more of them at the end than right after that.',
  edit: ({ steps, facts, observe }) => {
    const [transfer] = stepsThat('start-transfer', steps);
    const redirect = stepsThat('redirect', steps)[0];
    const after = redirect && stepsThat('release', steps.slice(steps.indexOf(redirect)))[0];
    if (transfer === undefined || redirect === undefined)
      return {
        applies: false,
        reason: 'clients are sent to no other universe, so there is none to be missed',
      };
    const { host, argv, notes } = facts.directClient;
    const start: ServiceStep = {
      kind: 'service',
      id: `${host}/start-direct-client`,
      title: `A client writes straight to the old universe, from ${host}`,
      universe: 'old',
      host,
      service: 'direct-client',
      action: 'start',
      argv,
      notes,
    };
    const look = (label: string) =>
      observe(label, host, { read: 'command', argv: ['sh', '-c', COUNT, 'count', notes] }, 'old');
    return {
      applies: true,
      steps: insertBefore(name, steps, (step) => step === transfer, [start], 'past the ingress'),
      observe: [
        { after: (after ?? redirect).id, step: look('switched') },
        { after: 'end', step: look('end') },
      ],
    };
  },
  confirm: (readings) => {
    const switched = countIn(readings.find(({ stepId }) => stepId.endsWith('/switched')));
    return evidenceFrom(
      readings.filter(({ stepId }) => stepId.endsWith('/end')),
      ({ exitCode, stdout, stderr }) => {
        if (exitCode === 1) return { says: 'nothing' };
        const count = Number(firstLine(stdout));
        if (exitCode !== 0 || !Number.isInteger(count) || stdout.trim() === '')
          return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
        if (count === 0 || (switched !== undefined && count <= switched)) return { says: 'nothing' };
        const late = switched === undefined ? '' : `, ${count - switched} of them after the switch`;
        return { says: 'in-effect', words: `${count} writes were acknowledged past the ingress${late}` };
      },
    );
  },
};

function countIn(reading: Reading | undefined): number | undefined {
  if (reading === undefined || !reading.result.taken || reading.result.exitCode !== 0) return undefined;
  return Number(firstLine(reading.result.stdout));
}

/** Exit code 1 where there is no such client. */
const COUNT = '[ -e "$1" ] || exit 1; grep -c \'"acknowledged":true\' "$1"; exit 0';
