import type { Fault } from '../harness/contract/fault.ts';
import type { BalancerStep, Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';

const name = 'enable-omitted';

/** A host that is upgraded well and then never put back into rotation. */
export const enableOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Replication degree',
  provenance: 'slides',
  tiers: ['web', 'app'],
  summary:
    'A host was taken out of its balancers’ rotation for the upgrade. The operator does not put it back, and its tier goes on with one host fewer.',
  confirmedBy: 'Right after the host should have been put back, its balancers still have it out of rotation.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const hosts = targets(random.pick(['web', 'app'] as const));
    const isEnable = (step: Step): step is BalancerStep =>
      step.kind === 'balancer' && step.state === 'ready' && hosts.includes(step.host);
    const enables = steps.filter(isEnable);
    if (enables.length === 0)
      return { applies: false, reason: 'the procedure takes no live host out of rotation' };
    return {
      applies: true,
      steps: omit(name, steps, isEnable, 'the host stays out of rotation'),
      observe: enables.map((step) => {
        const { host, argv } = facts.rotationState(step.host);
        return { after: step.id, step: observe(`rotation-${step.host}`, host, { read: 'command', argv }) };
      }),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const state = firstLine(stdout);
      if (exitCode !== 0 || !['ready', 'drain'].includes(state)) {
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
      }
      return state === 'drain'
        ? { says: 'in-effect', words: 'the balancer has the host out of rotation' }
        : { says: 'nothing' };
    }),
};
