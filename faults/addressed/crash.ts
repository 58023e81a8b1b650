import type { Fault } from '../../harness/contract/fault.ts';
import type { Step, StepId } from '../../harness/contract/step.ts';
import { unaddressable } from './addressable.ts';
import { traits } from './traits.ts';

/**
 * Kills the upgrader during a step. Nothing in the plan is done otherwise: the upgrader is started again, goes on from
 * its step log, and meets what it had half done.
 */
export function crash(name: string, id: StepId): Fault {
  return {
    ...traits,
    name,
    violation: 'none',
    summary: `The process that carries the upgrade out dies during step ${id}, is started again, and goes on from its log.`,
    confirmedBy: 'A process of the upgrader was killed while it was at the step.',
    interrupt: { process: 'upgrader', step: id, afterS: 0 },
    edit: ({ steps }) => {
      const reason = unaddressable(id, steps);
      if (reason !== '') return { applies: false, reason };
      return {
        applies: true,
        steps: steps.map((step) => (step.id === id ? marked(step) : step)),
        observe: [],
      };
    },
    confirm: (_, timeline) => {
      if (!timeline.some(({ stepId }) => stepId === id))
        return { verdict: 'unreadable', summary: `the upgrade ended before step ${id}` };
      const killed = timeline.find(({ stepId, kind }) => stepId === id && kind === 'interrupt');
      return killed === undefined
        ? { verdict: 'not-found', summary: `nothing was killed during step ${id}` }
        : { verdict: 'found', summary: killed.reason, stepIds: [id] };
    },
  };

  function marked(step: Step): Step {
    return {
      ...step,
      edit: { fault: name, change: 'interrupted', note: 'the upgrader is killed during it' },
    };
  }
}
