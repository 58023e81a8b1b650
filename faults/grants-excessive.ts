import type { Fault } from '../harness/contract/fault.ts';
import { replace } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';
import { runs } from './schema-steps.ts';

const name = 'grants-excessive';

/** The new release's database account may do everything, everywhere. */
export const grantsExcessive: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Access privileges: database objects (excessive)',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'Instead of the rights that the new release needs, the operator grants its database account everything on every database, and the right to grant it on, “so that it works”.',
  confirmedBy: 'The database lists privileges of the account that hold for every database.',
  newOnly: 'the account of the new release is not known there',
  edit: ({ steps, facts, hosts, observe }) => {
    const account = facts.account.new;
    const [primary] = hosts('db');
    const grant = new RegExp(`GRANT [^;]*? ON [^;]*? TO '${account}'@'[^']*'`, 'i');
    const first = steps.find(runs(grant));
    if (first === undefined || primary === undefined)
      return { applies: false, reason: 'no step of the procedure grants the new account its rights' };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        (step): step is typeof first => step === first,
        (step) => ({
          ...step,
          statements: step.statements.replace(
            grant,
            `GRANT ALL PRIVILEGES ON *.* TO '${account}'@'%' WITH GRANT OPTION`,
          ),
        }),
        `everything is granted to ${account}`,
      ),
      observe: [
        {
          after: 'end',
          step: observe('privileges', primary, {
            read: 'sql',
            database: 'mysql',
            statement: `SELECT GRANTEE, COUNT(*) AS everywhere FROM information_schema.USER_PRIVILEGES
              WHERE GRANTEE LIKE '''${account}''@%' AND PRIVILEGE_TYPE <> 'USAGE' GROUP BY GRANTEE;`,
          }),
        },
      ],
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('privileges on every database')),
};
