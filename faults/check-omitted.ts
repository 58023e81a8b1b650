import type { Fault } from '../harness/contract/fault.ts';
import type { CheckStep, Step } from '../harness/contract/step.ts';
import type { Tier } from '../harness/contract/topology.ts';
import { omit } from './edits.ts';
import { evidenceFrom } from './evidence.ts';
import { stepNamedBy } from './host-steps.ts';

const name = 'check-omitted';
const TIERS: readonly Tier[] = ['lb', 'web', 'app', 'db'];

/** Health checks are skipped; a fault only together with another one, which a check might have told of. */
export const checkOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Client access',
  provenance: 'upfault',
  tiers: TIERS,
  summary:
    'The operator skips the health checks of the hosts on which the trial’s other faults change steps (where none of these is checked, of all hosts), and goes on whatever their state.',
  confirmedBy:
    'The health check is on the timeline as left out, and the host still says what the check would have met.',
  shownWith: 'start-omitted',
  edit: ({ steps, besides, metByOthers, observe }) => {
    if (besides.length === 0)
      return {
        applies: false,
        reason:
          'a check that is skipped changes nothing by itself; name it with another fault, as check-omitted+start-omitted',
      };
    const isAnyCheck = (step: Step): step is CheckStep => step.kind === 'check';
    const hosts = metByOthers();
    const isOfMet = (step: Step): step is CheckStep => isAnyCheck(step) && hosts.includes(step.host);
    const isCheck = steps.some(isOfMet) ? isOfMet : isAnyCheck;
    const checked = steps.filter(isCheck);
    if (checked.length === 0) return { applies: false, reason: 'the procedure checks no host’s health' };
    return {
      applies: true,
      steps: omit(name, steps, isCheck, 'the health check is skipped'),
      observe: checked.map(({ id, host, argv }) => ({
        after: id,
        step: observe(id, host, { read: 'command', argv }),
      })),
    };
  },
  confirm: (readings, timeline) => {
    const skipped = new Set(timeline.filter(({ kind }) => kind === 'omitted').map(({ stepId }) => stepId));
    const looked = readings.filter(({ result }) => result.taken);
    const found = looked.filter((reading) => skipped.has(stepNamedBy(name, reading)));
    if (found.length === 0) return evidenceFrom(readings, () => ({ says: 'nothing' }));
    return evidenceFrom(found, ({ exitCode }) => ({
      says: 'in-effect',
      words: `the check was skipped; it would have ${exitCode === 0 ? 'passed' : `failed (exit code ${exitCode})`}`,
    }));
  },
};
