import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { rowsListed } from './evidence.ts';
import { evidenceOnceReached } from './once-reached.ts';
import { columnMissing, definitionOf, runs } from './schema-steps.ts';

const name = 'db-schema';

/** A column that the new release needs has another name, or another type. */
export const dbSchema: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Application/DB mismatch',
  provenance: 'slides+paper-unverified',
  tiers: ['db'],
  summary:
    'The schema is changed from an outdated draft. By the seed, the step that gives a column its final shape names it otherwise than the new release does, or every step gives it a narrower type, which holds what is there but not all that may come.',
  confirmedBy:
    'At the end, once the draft was carried out, the database lists no column of the name and type that the new release needs.',
  newOnly: 'the old release has no such column',
  edit: ({ steps, facts, hosts, random, observe }) => {
    const [column] = facts.newColumns;
    const [primary] = hosts('db');
    if (column === undefined || primary === undefined)
      return { applies: false, reason: 'the new release adds no column' };
    const { table, name: columnName, type, narrower } = column;
    const isDefinition = runs(new RegExp(definitionOf(column).source, 'm'));
    const definitions = steps.filter(isDefinition);
    const [first, last] = [definitions[0], definitions.at(-1)];
    if (first === undefined || last === undefined)
      return { applies: false, reason: 'no step of the procedure gives the column its shape' };
    const isRenamed = random.below(2) === 0;
    const edited = isRenamed
      ? replace(
          name,
          steps,
          (step): step is SqlStep => step === last,
          (step) => ({ ...step, statements: renamed(step.statements, column) }),
          `${table}.${columnName} becomes ${columnName}_draft`,
        )
      : replace(
          name,
          steps,
          isDefinition,
          (step) => ({
            ...step,
            statements: step.statements.replace(definitionOf(column), `$1${columnName}$2${narrower}`),
          }),
          `${table}.${columnName} is ${narrower} instead of ${type}`,
        );
    return {
      applies: true,
      steps: edited,
      observe: [
        {
          after: 'end',
          step: observe((isRenamed ? last : first).id, primary, {
            read: 'sql',
            database: 'mysql',
            statement: columnMissing(facts.database, column),
          }),
        },
      ],
    };
  },
  confirm: (readings, timeline) =>
    evidenceOnceReached(name, readings, timeline, rowsListed('no such column')),
};

/** A column that is there already is renamed; one that is made gets the other name from the start. */
function renamed(statements: string, column: { readonly name: string; readonly type: string }): string {
  const other = `${column.name}_draft`;
  const modified = statements.replace(
    new RegExp(`MODIFY COLUMN ${column.name}\\b`, 'g'),
    `CHANGE COLUMN ${column.name} ${other}`,
  );
  return modified === statements
    ? statements.replace(definitionOf(column), `$1${other}$2${column.type}`)
    : modified;
}
