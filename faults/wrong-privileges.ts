import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';

const name = 'wrong-privileges';

/** The new release's database account lacks a privilege that the application needs. */
export const wrongPrivileges: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Access privileges: database objects (insufficient)',
  provenance: 'slides+paper-unverified',
  tiers: ['db'],
  summary:
    'The new release uses a database account of its own. The operator grants it everything but the right to insert into the table that is written most.',
  confirmedBy:
    'The database lists no INSERT privilege of the account for that table, although the account has others.',
  newOnly: 'the account of the new release is not known there',
  edit: ({ steps, facts, hosts, observe }) => {
    const account = facts.account.new;
    const [table] = facts.writtenTables;
    const [primary] = hosts('db');
    const grant = new RegExp(
      `(GRANT [^;]*?)\\bINSERT\\b,?\\s*([^;]*? ON [^;]*\\b${table}\\b[^;]*'?${account}'?)`,
      'i',
    );
    const isGrant = (step: Step): step is SqlStep => step.kind === 'sql' && grant.test(step.statements);
    const last = steps.filter(isGrant).at(-1);
    if (last === undefined || primary === undefined)
      return { applies: false, reason: 'no step of the procedure grants the new account its rights' };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isGrant,
        (step) => ({
          ...step,
          statements: step.statements.replace(grant, '$1$2').replace(/,\s*ON\b/i, ' ON'),
        }),
        `no INSERT on ${table} for ${account}`,
      ),
      observe: [
        {
          after: last.id,
          step: observe('privileges', primary, {
            read: 'sql',
            database: facts.database,
            statement: `SELECT DISTINCT GRANTEE FROM information_schema.TABLE_PRIVILEGES a
              WHERE GRANTEE LIKE '''${account}''%' AND NOT EXISTS (
                SELECT 1 FROM information_schema.TABLE_PRIVILEGES b
                WHERE b.GRANTEE = a.GRANTEE AND b.TABLE_NAME = '${table}' AND b.PRIVILEGE_TYPE = 'INSERT');`,
          }),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('the account may not insert')),
};
