import type { Fault } from '../../harness/contract/fault.ts';
import type { Step, StepId } from '../../harness/contract/step.ts';
import { invert } from '../edits.ts';
import { unaddressable } from './addressable.ts';
import { traits } from './traits.ts';

/** Exchanges two steps; `first` comes before `second` in the procedure. */
export function swap(name: string, first: StepId, second: StepId): Fault {
  return {
    ...traits,
    name,
    violation: 'inverted',
    summary: `The operator carries step ${second} out in the place of step ${first}, and that one in its place.`,
    confirmedBy: 'On the timeline the later step began before the earlier one.',
    edit: ({ steps }) => {
      const reason = unaddressable(first, steps) || unaddressable(second, steps) || impossible(steps);
      if (reason !== '') return { applies: false, reason };
      return { applies: true, steps: exchanged(steps), observe: [] };
    },
    confirm: (_, timeline) => {
      const began = (id: StepId) => timeline.find(({ stepId }) => stepId === id)?.startMs;
      const [firstMs, secondMs] = [began(first), began(second)];
      if (firstMs === undefined && secondMs === undefined)
        return { verdict: 'unreadable', summary: `the upgrade ended before steps ${first} and ${second}` };
      return secondMs !== undefined && (firstMs === undefined || secondMs < firstMs)
        ? {
            verdict: 'found',
            summary: `step ${second} began ${firstMs === undefined ? 'and' : 'before'} step ${first}${firstMs === undefined ? ' did not' : ''}`,
            stepIds: [second],
          }
        : { verdict: 'not-found', summary: `step ${second} did not begin before step ${first}` };
    },
  };

  function impossible(steps: readonly Step[]): string {
    const [one, other] = [first, second].map((id) => steps.findIndex((step) => step.id === id));
    if (one === other) return 'a step cannot be exchanged with itself';
    if ((one ?? 0) > (other ?? 0))
      return `step ${second} comes first; name it first: swap@${second}:${first}`;
    const [ahead, behind] = [steps[one ?? 0]?.lane, steps[other ?? 0]?.lane];
    return ahead !== undefined && ahead.stretch === behind?.stretch && ahead.host !== behind.host
      ? `steps ${first} and ${second} are done side by side, in no order`
      : '';
  }

  function exchanged(steps: readonly Step[]): Step[] {
    const behind = steps[steps.findIndex((step) => step.id === second) + 1]?.id;
    const note = `exchanged with ${first}`;
    const forward = invert(name, steps, first, second, note);
    // Then the earlier step goes where the later one was: right before what followed that.
    const moved = forward.find((step) => step.id === first);
    if (moved === undefined) return forward;
    const late: Step = { ...moved, edit: { fault: name, change: 'moved', note: `exchanged with ${second}` } };
    const rest = forward.filter((step) => step !== moved);
    const at = behind === undefined ? rest.length : rest.findIndex((step) => step.id === behind);
    return [...rest.slice(0, at), late, ...rest.slice(at)];
  }
}
