import type { Fault } from '../harness/contract/fault.ts';
import type { IngressReading } from '../harness/contract/observation.ts';
import { omit } from './edits.ts';
import { evidenceFrom, toldBy } from './evidence.ts';
import { does } from './imago-actions.ts';

const name = 'quiescence-omitted';

/** Both universes are flushed, compared and exchanged while requests are under way. */
export const quiescenceOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Client access',
  provenance: 'upfault',
  tiers: [],
  summary:
    'The operator does not let arriving requests wait, neither for the termination of the transfer nor for the switch: clients go on changing the old universe while it is flushed, compared and left.',
  confirmedBy:
    'When requests should have begun to wait, the ingress lets them pass; it says how many are in flight.',
  edit: ({ steps, observe }) => {
    const isHold = does('hold');
    const holds = steps.filter(isHold);
    if (holds.length === 0) return { applies: false, reason: 'the procedure lets no requests wait' };
    return {
      applies: true,
      steps: omit(name, steps, isHold, 'requests go on'),
      observe: holds.map(({ id }) => ({
        after: id,
        step: observe(
          `ingress-${id.replaceAll('/', '-')}`,
          'ingress',
          { read: 'imago', machine: 'ingress' },
          'old',
        ),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(
      readings,
      toldBy<IngressReading>(({ holding, inFlight }) =>
        holding
          ? { says: 'nothing' }
          : { says: 'in-effect', words: `requests pass where they should wait, ${inFlight} are in flight` },
      ),
    ),
};
