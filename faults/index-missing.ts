import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';

const name = 'index-missing';

/** The index of the new release's busiest query is never created. */
export const indexMissing: Fault = {
  name,
  type: 4,
  violation: 'omitted',
  dependency: 'Database schema: missing indexes',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The new release’s busiest query needs an index that the old release did not have. The operator does not create it.',
  confirmedBy: 'Right after the step that creates it, the database lists no index of that name.',
  edit: ({ steps, facts, hosts, observe }) => {
    const { table, name: index } = facts.hotIndex;
    const [primary] = hosts('db');
    const isIndex = (step: Step): step is SqlStep =>
      step.kind === 'sql' &&
      new RegExp(`\\bINDEX\\b[^;]*\\b${index}\\b`, 'i').test(step.statements) &&
      !/\bDROP\b/i.test(step.statements);
    const creating = steps.find(isIndex);
    if (creating === undefined || primary === undefined)
      return { applies: false, reason: 'no step of the procedure creates the index' };
    return {
      applies: true,
      steps: omit(name, steps, isIndex, `index ${index} of ${table} is never created`),
      observe: [
        {
          after: creating.id,
          step: observe('index', primary, {
            read: 'sql',
            database: facts.database,
            statement: `SELECT TABLE_NAME FROM information_schema.TABLES t
              WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' AND NOT EXISTS (
                SELECT 1 FROM information_schema.STATISTICS s
                WHERE s.TABLE_SCHEMA = t.TABLE_SCHEMA AND s.TABLE_NAME = t.TABLE_NAME AND s.INDEX_NAME = '${index}');`,
          }),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('the table has no such index')),
};
