import type { Fault } from '../harness/contract/fault.ts';
import { omit } from './edits.ts';
import { rowsListed } from './evidence.ts';
import { evidenceOnceReached } from './once-reached.ts';
import { columnMissing, migrates } from './schema-steps.ts';

const name = 'migration-omitted';

/** The migration of one table is never run. */
export const migrationOmitted: Fault = {
  name,
  type: 4,
  violation: 'omitted',
  dependency: 'Application/DB mismatch',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'Each table that the new release changes has a migration: statements that give it its new shape, and its conversion. The operator skips that of one table, by the seed (where one step makes all tables, that step).',
  confirmedBy:
    'At the end, when the migration should have been run, the database lists no column that it brings.',
  edit: ({ steps, facts, hosts, random, observe }) => {
    const [primary] = hosts('db');
    const migrated = facts.newColumns.filter((column) => steps.some(migrates(column)));
    if (migrated.length === 0 || primary === undefined)
      return { applies: false, reason: 'no step of the procedure changes the schema' };
    const column = random.pick(migrated);
    const brings = steps.find(migrates(column))?.id ?? '';
    return {
      applies: true,
      steps: omit(name, steps, migrates(column), `${column.table} is not migrated`),
      observe: [
        {
          after: 'end',
          step: observe(brings, primary, {
            read: 'sql',
            database: 'mysql',
            statement: columnMissing(facts.database, column),
          }),
        },
      ],
    };
  },
  confirm: (readings, timeline) =>
    evidenceOnceReached(name, readings, timeline, rowsListed('the migration’s column is not there')),
};
