import type { Fault } from '../harness/contract/fault.ts';
import type { DriverReading } from '../harness/contract/observation.ts';
import { omit } from './edits.ts';
import { evidenceFrom, toldBy } from './evidence.ts';
import { does, stepsThat } from './imago-actions.ts';

const name = 'comparison-omitted';

/** The switch is made without having compared the data of both universes. */
export const comparisonOmitted: Fault = {
  name,
  type: 1,
  violation: 'omitted',
  dependency: 'Application/DB mismatch',
  provenance: 'upfault',
  tiers: [],
  summary:
    'To save time, the operator does not compare the data of both universes: not when it is copied, not at the end of the transfer, not at the switch.',
  confirmedBy:
    'Where the comparison should have been made in a quiescence, the driver has rows that were changed and not compared since.',
  edit: ({ steps, observe }) => {
    const isCompare = does('compare');
    // Only a quiescence leaves nothing uncompared: outside of one, rows are changed again at once.
    const dirty = stepsThat('compare', steps).filter(
      ({ action }) => action.do === 'compare' && action.scope === 'dirty',
    );
    if (dirty.length === 0)
      return { applies: false, reason: 'the procedure does not compare the data of two universes' };
    return {
      applies: true,
      steps: omit(name, steps, isCompare, 'the data is not compared'),
      observe: dirty.map(({ id }) => ({
        after: id,
        step: observe(
          `driver-${id.replaceAll('/', '-')}`,
          'driver',
          { read: 'imago', machine: 'driver' },
          'new',
        ),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(
      readings,
      toldBy<DriverReading>(({ dirtyKeys }) =>
        dirtyKeys > 0
          ? { says: 'in-effect', words: `${dirtyKeys} changed rows were not compared` }
          : { says: 'nothing' },
      ),
    ),
};
