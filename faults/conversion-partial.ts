import type { Fault } from '../harness/contract/fault.ts';
import type { Projection } from '../harness/contract/projection.ts';
import type { Step } from '../harness/contract/step.ts';
import { completionOf, projectionsOf, withProjections } from './conversions.ts';
import { replace } from './edits.ts';
import { rowsListed } from './evidence.ts';
import { evidenceOnceReached } from './once-reached.ts';

const name = 'conversion-partial';

/** The conversion of a table ends before its last source, and says that it is done. */
export const conversionPartial: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Database schema',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The rows of one table of the new release come from several tables of the old. The conversion that the operator runs goes through all of them but the last, and reports success.',
  confirmedBy:
    'At the end, once all was converted, the new table lacks rows that were there to begin with, counted by range of keys.',
  newOnly: 'nothing is converted into the old shape',
  edit: ({ steps, facts, hosts, observe }) => {
    const [primary] = hosts('db');
    const isMeant = (step: Step): step is Step => projectionsOf(step).some(hasSeveralSources);
    const converts = steps.find(isMeant);
    const converted = converts && completionOf(converts, steps);
    const left = converts && projectionsOf(converts).find(hasSeveralSources)?.sources.at(-1)?.table;
    if (left === undefined || converted === undefined || primary === undefined)
      return {
        applies: false,
        reason: 'no step converts several tables into one bit by bit; a single statement does all or nothing',
      };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isMeant,
        (step) =>
          withProjections(step, (projection) =>
            hasSeveralSources(projection)
              ? { ...projection, sources: projection.sources.slice(0, -1) }
              : projection,
          ),
        `rows of ${left} are left out`,
      ),
      observe: [
        {
          after: 'end',
          step: observe(converted.id, primary, {
            read: 'sql',
            database: facts.database,
            statement: facts.conversion.missing,
          }),
        },
      ],
    };
  },
  confirm: (readings, timeline) =>
    evidenceOnceReached(name, readings, timeline, rowsListed('ranges that lack rows'), 'done'),
};

function hasSeveralSources({ sources }: Projection): boolean {
  return sources.length > 1;
}
