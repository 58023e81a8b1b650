import type { Fault } from '../harness/contract/fault.ts';
import type { ServiceStep } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'ingress-crashed';
/** The machine that stands before every universe; its interceptor's process id is in a file. */
const INGRESS = 'ingress';
const PID_FILE = '/run/upfault/ingress.pid';

/** The ingress interceptor dies, and nothing takes its place. */
export const ingressCrashed: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Replication degree',
  provenance: 'upfault',
  tiers: [],
  summary:
    'In the middle of the upgrade the process of the ingress interceptor dies. There is one of it under every approach, unless clients come in directly; nothing starts it again.',
  confirmedBy: 'At the end the process that the interceptor’s machine started is gone.',
  edit: ({ steps, ingress, hosts, observe }) => {
    if (ingress === 'direct')
      return { applies: false, reason: 'clients do not come through an ingress interceptor' };
    const webs = hosts('web');
    const next = steps.find((step) => step.kind === 'install' && webs.includes(step.host));
    if (next === undefined)
      return { applies: false, reason: 'the procedure installs no web host, at whose turn it would happen' };
    const kill: ServiceStep = {
      kind: 'service',
      id: `${INGRESS}/crash`,
      title: 'The ingress interceptor dies',
      universe: 'old',
      host: INGRESS,
      service: INGRESS,
      action: 'stop',
      argv: ['sh', '-c', `kill -9 "$(cat ${PID_FILE})"`],
    };
    return {
      applies: true,
      steps: insertBefore(name, steps, (step) => step === next, [kill], 'the interceptor is gone'),
      observe: [
        {
          after: 'end',
          step: observe('process', INGRESS, { read: 'command', argv: ['sh', '-c', LOOK] }, 'old'),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the interceptor does not run')),
};

/** Exit code 0 where the process is gone, 1 where it runs, 2 where its number cannot be read. */
const LOOK = `pid=$(cat ${PID_FILE}) || exit 2; grep -qs ingress "/proc/$pid/cmdline" && exit 1; echo "process $pid is gone"`;
