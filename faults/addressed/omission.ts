import type { Fault } from '../../harness/contract/fault.ts';
import type { StepId } from '../../harness/contract/step.ts';
import { omit } from '../edits.ts';
import { unaddressable } from './addressable.ts';
import { traits } from './traits.ts';

/** Leaves one step out, whatever it is. */
export function omission(name: string, id: StepId): Fault {
  return {
    ...traits,
    name,
    violation: 'omitted',
    summary: `The operator leaves step ${id} out.`,
    confirmedBy: 'The step is on the timeline as reached and left out.',
    edit: ({ steps }) => {
      const reason = unaddressable(id, steps);
      if (reason !== '') return { applies: false, reason };
      const isOmitted = steps.some((step) => step.id === id && step.kind === 'omitted');
      if (isOmitted) return { applies: false, reason: `step ${id} is left out already` };
      return { applies: true, steps: omit(name, steps, (step) => step.id === id, 'left out'), observe: [] };
    },
    confirm: (_, timeline) => {
      const reached = timeline.filter(({ stepId }) => stepId === id);
      if (reached.length === 0)
        return { verdict: 'unreadable', summary: `the upgrade ended before step ${id}` };
      return reached.every(({ kind }) => kind === 'omitted')
        ? { verdict: 'found', summary: `step ${id} was reached and left out`, stepIds: [id] }
        : { verdict: 'not-found', summary: `step ${id} was carried out` };
    },
  };
}
