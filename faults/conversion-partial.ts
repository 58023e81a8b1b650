import type { Fault } from '../harness/contract/fault.ts';
import type { Projection } from '../harness/contract/projection.ts';
import type { Step } from '../harness/contract/step.ts';
import { projectionsOf, withProjections } from './conversions.ts';
import { replace } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';

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
  confirmedBy: 'Counted by range of keys, the new table lacks rows that were there to begin with.',
  newOnly: 'nothing is converted into the old shape',
  edit: ({ steps, facts, hosts, observe }) => {
    const [primary] = hosts('db');
    const isMeant = (step: Step): step is Step => projectionsOf(step).some(hasSeveralSources);
    const targets = steps.flatMap(projectionsOf).filter(hasSeveralSources);
    const left = targets[0]?.sources.at(-1)?.table;
    if (left === undefined || primary === undefined)
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
          step: observe('ranges', primary, {
            read: 'sql',
            database: facts.database,
            statement: facts.conversion.missing,
          }),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('ranges that lack rows')),
};

function hasSeveralSources({ sources }: Projection): boolean {
  return sources.length > 1;
}
