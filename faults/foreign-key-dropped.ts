import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { rowsListed } from './evidence.ts';
import { evidenceOnceReached } from './once-reached.ts';

const name = 'foreign-key-dropped';
const CONSTRAINT = /,\s*CONSTRAINT (\w+) FOREIGN KEY \([^)]*\) REFERENCES \w+ \([^)]*\)/g;

/** A constraint is not made again where its table is. */
export const foreignKeyDropped: Fault = {
  name,
  type: 4,
  violation: 'omitted',
  dependency: 'Database schema',
  provenance: 'upfault',
  tiers: ['db'],
  summary:
    'Tables that the new release brings along are made with their foreign keys. The operator makes one table, by the seed, without one of its.',
  confirmedBy: 'At the end, once its table was made, the database lists no constraint of that name.',
  newOnly: 'its tables and their constraints are there already',
  edit: ({ steps, facts, hosts, random, observe }) => {
    const [primary] = hosts('db');
    const constraints = steps.flatMap((step) =>
      step.kind === 'sql'
        ? [...step.statements.matchAll(CONSTRAINT)].map((match) => ({ id: step.id, match }))
        : [],
    );
    if (constraints.length === 0 || primary === undefined)
      return { applies: false, reason: 'no step of the procedure makes a constraint' };
    const {
      id,
      match: [text, constraint = ''],
    } = random.pick(constraints);
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        (step: Step): step is SqlStep => step.kind === 'sql' && step.statements.includes(text),
        (step) => ({ ...step, statements: step.statements.replace(text, '') }),
        `constraint ${constraint} is not made`,
      ),
      observe: [
        {
          after: 'end',
          step: observe(id, primary, {
            read: 'sql',
            database: 'mysql',
            statement: `SELECT '${constraint}' AS missing FROM information_schema.SCHEMATA
              WHERE SCHEMA_NAME = '${facts.database}' AND NOT EXISTS (
                SELECT 1 FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = '${facts.database}'
                  AND CONSTRAINT_NAME = '${constraint}' AND CONSTRAINT_TYPE = 'FOREIGN KEY');`,
          }),
        },
      ],
    };
  },
  confirm: (readings, timeline) =>
    evidenceOnceReached(name, readings, timeline, rowsListed('the constraint is not there')),
};
