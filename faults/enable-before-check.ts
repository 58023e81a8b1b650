import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { postpone } from './edits.ts';
import { evidenceFrom } from './evidence.ts';
import { checks, rotates, stepNamedBy } from './host-steps.ts';
import { inRotation } from './rotation.ts';

const name = 'enable-before-check';

/** A host is put back into rotation before anybody has looked whether it is healthy. */
export const enableBeforeCheck: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Client access to system-under-upgrade',
  provenance: 'upfault',
  tiers: ['web', 'app'],
  summary:
    'The operator puts an upgraded host back into its balancers’ rotation as soon as its service was started and its peers know where it is, and only then checks its health.',
  confirmedBy: 'Its balancers have the host in rotation, and its health check has not been made by then.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const met = targets(random.pick(['web', 'app'] as const)).flatMap((host) => {
      const check = steps.find(checks(host));
      const enable = steps.find(rotates(host, 'ready'));
      return check !== undefined && enable !== undefined ? [{ host, check, enable }] : [];
    });
    if (met.length === 0)
      return { applies: false, reason: 'the procedure puts no host back into rotation after a health check' };
    return {
      applies: true,
      steps: met.reduce<readonly Step[]>(
        (list, { check, enable }) =>
          postpone(name, list, check.id, enable.id, 'the host serves before its health is checked'),
        steps,
      ),
      observe: met.map(({ host, check, enable }) => {
        const { host: balancer, argv } = facts.rotationState(host);
        return { after: enable.id, step: observe(check.id, balancer, { read: 'command', argv }) };
      }),
    };
  },
  confirm: (readings, timeline) => {
    const isChecked = (check: string, beforeMs: number) =>
      timeline.some(({ stepId, endMs }) => stepId === check && endMs <= beforeMs);
    const early = readings.filter((reading) => !isChecked(stepNamedBy(name, reading), reading.atMs));
    if (early.length === 0) return evidenceFrom(readings, () => ({ says: 'nothing' }));
    return evidenceFrom(early, inRotation('has not been checked'));
  },
};
