import type { Fault } from '../harness/contract/fault.ts';
import type { BalancerStep, Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom } from './evidence.ts';
import { inRotation } from './rotation.ts';

const name = 'drain-omitted';

/** A host is stopped while its balancers still send clients there. */
export const drainOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Client access to system-under-upgrade',
  provenance: 'slides',
  tiers: ['web', 'app'],
  summary:
    'The operator stops, reinstalls and starts a host without having taken it out of its balancers’ rotation: clients are still sent there.',
  confirmedBy: 'When the host is about to be stopped, its balancers have it in rotation.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const hosts = targets(random.pick(['web', 'app'] as const));
    const isDrain = (step: Step): step is BalancerStep =>
      step.kind === 'balancer' && step.state === 'drain' && hosts.includes(step.host);
    const drains = steps.filter(isDrain);
    if (drains.length === 0)
      return { applies: false, reason: 'the procedure takes no live host out of rotation' };
    return {
      applies: true,
      steps: omit(name, steps, isDrain, 'the host stays in rotation while it is upgraded'),
      observe: drains.map(({ id, host }) => {
        const { host: balancer, argv } = facts.rotationState(host);
        return { after: id, step: observe(`rotation-${host}`, balancer, { read: 'command', argv }) };
      }),
    };
  },
  confirm: (readings) => evidenceFrom(readings, inRotation('is to be stopped')),
};
