import type { Fault } from '../harness/contract/fault.ts';
import type { Projection, ProjectionSource } from '../harness/contract/projection.ts';
import type { Step } from '../harness/contract/step.ts';
import { completionOf, projectionsOf, withProjections } from './conversions.ts';
import { replace } from './edits.ts';
import { rowsListed } from './evidence.ts';
import { evidenceOnceReached } from './once-reached.ts';

const name = 'conversion-partial';

/**
 * The conversion of a table stops part of the way through its last source, and says that it is done. Only a table of several
 * sources lacks rows then: in one that is converted where it is, rows that are passed over are there all the same.
 */
export const conversionPartial: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Database schema',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The rows of one table of the new release come from several tables of the old. The conversion that the operator runs stops in the last of them, half-way through its keys, and reports success.',
  confirmedBy:
    'At the end, once all was converted, the new table lacks rows that were there to begin with, counted by range of keys.',
  newOnly: 'nothing is converted into the old shape',
  edit: ({ steps, facts, hosts, observe }) => {
    const [primary] = hosts('db');
    const isMeant = (step: Step): step is Step => projectionsOf(step).some(canStop);
    const converts = steps.find(isMeant);
    const converted = converts && completionOf(converts, steps);
    const halved = converts && projectionsOf(converts).find(canStop)?.sources.at(-1)?.table;
    if (halved === undefined || converted === undefined || primary === undefined)
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
            canStop(projection)
              ? {
                  ...projection,
                  sources: projection.sources.map((source, at) =>
                    at === projection.sources.length - 1 ? stopping(source) : source,
                  ),
                }
              : projection,
          ),
        `the second half of ${halved} is left out`,
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

/** The end of a source's statement, behind which the reader puts its own range of keys. */
const ALL_ROWS = /\bFROM \w+ s$/;

function canStop({ sources }: Projection): boolean {
  return sources.length > 1 && ALL_ROWS.test(sources.at(-1)?.select ?? '');
}

/** The same table under the same name, but for the upper half of its keys: half of what they are when it is read. */
function stopping(source: ProjectionSource): ProjectionSource {
  const { table, key, select } = source;
  const lower = `SELECT s.* FROM ${table} s WHERE s.${key} <= (SELECT MAX(s.${key}) DIV 2 FROM ${table} s)`;
  return { ...source, select: select.replace(ALL_ROWS, `FROM (${lower}) s`) };
}
