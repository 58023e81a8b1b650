import type { Fault } from '../harness/contract/fault.ts';
import type { DriverReading } from '../harness/contract/observation.ts';
import { postpone } from './edits.ts';
import { evidenceFrom, toldBy } from './evidence.ts';
import { stepsThat } from './imago-actions.ts';

const name = 'egress-late';

/** Updates are intercepted only after everything was copied: those made meanwhile are missed. */
export const egressLate: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Database schema (data transfer)',
  provenance: 'upfault',
  tiers: [],
  summary:
    'The operator lets the data be copied first and has updates of the old database intercepted only then. What clients change in rows that have been copied already never gets to the new universe.',
  confirmedBy: 'When everything is copied, the driver says that no update has been intercepted yet.',
  edit: ({ steps, observe }) => {
    const [egress] = stepsThat('start-egress', steps);
    const [copied] = stepsThat('await-transfer', steps);
    if (egress === undefined || copied === undefined)
      return { applies: false, reason: 'the procedure intercepts no updates while it copies' };
    return {
      applies: true,
      steps: postpone(name, steps, egress.id, copied.id, 'updates are intercepted after the copying'),
      observe: [
        { after: copied.id, step: observe('driver', 'driver', { read: 'imago', machine: 'driver' }, 'new') },
      ],
    };
  },
  confirm: (readings) =>
    evidenceFrom(
      readings,
      toldBy<DriverReading>(({ copiedRows, egress }) =>
        egress === null && copiedRows > 0
          ? { says: 'in-effect', words: `${copiedRows} rows were copied and no update was intercepted` }
          : { says: 'nothing' },
      ),
    ),
};
