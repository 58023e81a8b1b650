import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';
import { runs } from './schema-steps.ts';

const name = 'collation-changed';

/** Texts by which rows are looked up are compared by other rules than before. */
export const collationChanged: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Database schema',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'In the step that gives a table its final shape, the operator also sets another collation for its texts: upper and lower case, and accents, then make a difference where they made none.',
  confirmedBy: 'At the end the database lists another collation of the column by which rows are looked up.',
  newOnly: 'the step that gives the table its final shape cannot be done there',
  edit: ({ steps, facts, hosts, observe }) => {
    const { table, column, collation, otherCollation } = facts.comparedText;
    const [primary] = hosts('db');
    const made = new RegExp(`(CREATE TABLE ${table} \\([^;]*?COLLATE=)${collation}`);
    const altered = new RegExp(`(ALTER TABLE ${table}\\s+)([^;]*)`);
    const last = steps.filter(runs(new RegExp(`${made.source}|${altered.source}`))).at(-1);
    if (last === undefined || primary === undefined)
      return { applies: false, reason: `no step of the procedure gives ${table} a shape` };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        (step): step is SqlStep => step === last,
        (step) => ({
          ...step,
          statements: step.statements
            .replace(made, `$1${otherCollation}`)
            .replace(altered, (_, alter: string, changes: string) => {
              // Texts cannot be given other rules without copying the table.
              const copied = changes.replace(/,\s*ALGORITHM = \w+(,\s*LOCK = \w+)?/, '');
              return `${alter}CONVERT TO CHARACTER SET utf8mb4 COLLATE ${otherCollation}, ${copied}`;
            }),
        }),
        `texts of ${table} are compared by ${otherCollation}`,
      ),
      observe: [
        {
          after: 'end',
          step: observe('collation', primary, {
            read: 'sql',
            database: 'mysql',
            statement: `SELECT TABLE_NAME, COLUMN_NAME, COLLATION_NAME FROM information_schema.COLUMNS
              WHERE TABLE_SCHEMA = '${facts.database}' AND TABLE_NAME = '${table}' AND COLUMN_NAME = '${column}'
                AND COLLATION_NAME <> '${collation}';`,
          }),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('compared by other rules')),
};
