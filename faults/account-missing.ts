import type { Fault } from '../harness/contract/fault.ts';
import { omit } from './edits.ts';
import { rowsListed } from './evidence.ts';
import { evidenceOnceReached } from './once-reached.ts';
import { runs } from './schema-steps.ts';

const name = 'account-missing';

/** The database account of the new release is never made. */
export const accountMissing: Fault = {
  name,
  type: 4,
  violation: 'omitted',
  dependency: 'Access privileges: database objects (unavailable)',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The new release uses a database account of its own. The operator forgets the account as a whole: it is neither made nor granted anything.',
  confirmedBy: 'At the end, when it should have been made, the database knows no account of that name.',
  edit: ({ steps, facts, hosts, observe }) => {
    const account = facts.account.new;
    const [primary] = hosts('db');
    const isAbout = runs(new RegExp(`(CREATE USER|GRANT [^;]*? TO) [^;]*?'${account}'@`, 'i'));
    const makes = steps.find(isAbout);
    if (makes === undefined || primary === undefined)
      return { applies: false, reason: 'no step of the procedure makes an account for the new release' };
    return {
      applies: true,
      steps: omit(name, steps, isAbout, `${account} is never made`),
      observe: [
        {
          after: 'end',
          step: observe(makes.id, primary, {
            read: 'sql',
            database: 'mysql',
            statement: `SELECT '${account}' AS missing FROM DUAL
              WHERE NOT EXISTS (SELECT 1 FROM mysql.global_priv WHERE User = '${account}');`,
          }),
        },
      ],
    };
  },
  confirm: (readings, timeline) =>
    evidenceOnceReached(name, readings, timeline, rowsListed('the account is not known')),
};
