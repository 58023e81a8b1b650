import type { Fault } from '../harness/contract/fault.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import { insertBefore, omit } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';
import { runs } from './schema-steps.ts';
import { beginningOf } from './stretches.ts';

const name = 'grants-after-start';

/** The application is started while its database account may do nothing yet. */
export const grantsAfterStart: Fault = {
  name,
  type: 4,
  violation: 'inverted',
  dependency: 'Access privileges: database objects (insufficient)',
  provenance: 'upfault',
  tiers: ['app', 'db'],
  summary:
    'The operator makes the new release’s database account in time, but grants it its rights only after the first upgraded application host was started and put to work.',
  confirmedBy:
    'Right after the application was started (where hosts are worked on side by side: right before), its account is there and has no right on its database; the server says how many accesses it has denied.',
  newOnly: 'the account of the new release is not known there',
  edit: ({ steps, facts, hosts, observe }) => {
    const account = facts.account.new;
    const [primary] = hosts('db');
    const isGrant = runs(new RegExp(`GRANT [^;]*? ON [^;]*? TO '${account}'@`, 'i'));
    const apps = hosts('app');
    const start = steps.find(
      (step): step is ServiceStep =>
        step.kind === 'service' && step.action === 'start' && apps.includes(step.host),
    );
    const before = start === undefined ? [] : steps.slice(0, steps.indexOf(start)).filter(isGrant);
    if (start === undefined || primary === undefined || before.length === 0)
      return { applies: false, reason: 'the procedure grants nothing before it starts an application host' };
    const next = steps[steps.indexOf(putToWork(steps, start)) + 1];
    return {
      applies: true,
      // Left out where they belong and done later: an upgrade that is stopped in between was without them all the same.
      steps: insertBefore(
        name,
        omit(name, steps, (step) => before.some((grant) => grant === step), `${account} has no rights yet`),
        (step) => step === next,
        before.map((grant) => ({ ...grant, id: `${grant.id}-late` })),
        `${account} is granted its rights too late`,
      ),
      observe: [
        {
          after: placeOf(steps, start),
          step: observe('privileges', primary, {
            read: 'sql',
            database: 'mysql',
            statement: `SELECT CONCAT(User, '@', Host) AS account,
                (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS
                 WHERE VARIABLE_NAME = 'ACCESS_DENIED_ERRORS') AS denied
              FROM mysql.global_priv p WHERE User = '${account}' AND NOT EXISTS (
                SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES
                WHERE TABLE_SCHEMA = '${facts.database}' AND GRANTEE = CONCAT('''', p.User, '''@''', p.Host, ''''));`,
          }),
        },
      ],
    };
  },
  confirm: (readings) =>
    evidenceFrom(
      readings,
      rowsListed('when the application starts its account has no right: account and denied accesses'),
    ),
};

/** The step by which the started host serves: put back into rotation, found healthy, or just started. */
function putToWork(steps: readonly Step[], start: ServiceStep): Step {
  const since = steps
    .slice(steps.indexOf(start))
    .filter((step) => 'host' in step && step.host === start.host);
  return (
    since.find((step) => step.kind === 'balancer' && step.state === 'ready') ??
    since.find(({ kind }) => kind === 'check') ??
    start
  );
}

/** Right behind the start, or, not to make other hosts wait, right before the stretch that it is in. */
function placeOf(steps: readonly Step[], start: ServiceStep): string {
  const beginning = beginningOf(steps, start);
  return beginning === start ? start.id : (steps[steps.indexOf(beginning) - 1] ?? start).id;
}
