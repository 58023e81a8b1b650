import type { Fault } from '../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../harness/contract/observation.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import { postpone } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { stepNamedBy } from './host-steps.ts';
import { runs } from './schema-steps.ts';

const name = 'grants-after-start';
/** Labels of the observations, in front of the step whose time counts. */
const STARTED = 'started/';
const GRANTED = 'granted/';

/**
 * The application is started while its database account may do nothing yet; it gets its rights right afterwards, before anybody
 * checks its health. Whether it meets a refusal in between is for the experiment to find.
 */
export const grantsAfterStart: Fault = {
  name,
  type: 4,
  violation: 'inverted',
  dependency: 'Access privileges: database objects (insufficient)',
  provenance: 'upfault',
  tiers: ['app', 'db'],
  summary:
    'The operator makes the new release’s database account in time, but starts the first upgraded application host before granting the account its rights, and grants them right behind the start.',
  confirmedBy:
    'The first upgraded application host was started before the rights were granted, and right after its start its account was there and had no right on its database; then and after its check, the server says how many accesses it has denied.',
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
    const grants = start === undefined ? [] : steps.slice(0, steps.indexOf(start)).filter(isGrant);
    const last = grants.at(-1);
    if (start === undefined || primary === undefined || last === undefined)
      return { applies: false, reason: 'the procedure grants nothing before it starts an application host' };
    const statement = rightsOf(account, facts.database);
    const look = (label: string) => observe(label, primary, { read: 'sql', database: 'mysql', statement });
    return {
      applies: true,
      steps: grants
        .toReversed()
        .reduce<readonly Step[]>(
          (list, grant) =>
            postpone(name, list, grant.id, start.id, `${account} is granted its rights too late`),
          steps,
        ),
      observe: [
        { after: start.id, step: look(`${STARTED}${start.id}`) },
        { after: checkOf(steps, start).id, step: look(`${GRANTED}${last.id}`) },
      ],
    };
  },
  confirm: (readings, timeline) => {
    const [atStart, later] = [STARTED, GRANTED].map((label) => readings.find(isLabelled(label)));
    // An upgrade that ended before the check has not come to a grant that is too late.
    const isInverted =
      atStart === undefined ||
      later === undefined ||
      beganMs(timeline, atStart, STARTED) < beganMs(timeline, later, GRANTED);
    if (!isInverted) return evidenceFrom(readings, () => ({ says: 'nothing' }));
    return evidenceFrom(atStart === undefined ? [] : [atStart], ({ exitCode, stdout, stderr }) => {
      const told = exitCode === 0 ? toldBy(stdout) : undefined;
      if (told === undefined)
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
      if (told.powerless === 'NULL') return { says: 'nothing' };
      return {
        says: 'in-effect',
        words: `when the application had been started, ${told.powerless} had no right${deniedBetween(told.denied, later)}`,
      };
    });
  },
};

/** One row: the account where it has no right on the database, or NULL; and the accesses that the server has denied so far. */
function rightsOf(account: string, database: string): string {
  return `SELECT (
      SELECT GROUP_CONCAT(p.User, '@', p.Host) FROM mysql.global_priv p WHERE p.User = '${account}' AND NOT EXISTS (
        SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES
        WHERE TABLE_SCHEMA = '${database}' AND GRANTEE = CONCAT('''', p.User, '''@''', p.Host, ''''))
    ) AS powerless, (
      SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'ACCESS_DENIED_ERRORS'
    ) AS denied;`;
}

function toldBy(output: string): { readonly powerless: string; readonly denied: number } | undefined {
  const [, powerless, denied] = /^powerless\tdenied\n(\S+)\t(\d+)$/.exec(output.trim()) ?? [];
  return powerless === undefined ? undefined : { powerless, denied: Number(denied) };
}

/** The check of the started host, or the start where it is not checked. */
function checkOf(steps: readonly Step[], start: ServiceStep): Step {
  const since = steps.slice(steps.indexOf(start));
  return since.find((step) => step.kind === 'check' && step.host === start.host) ?? start;
}

function isLabelled(label: string): (reading: Reading) => boolean {
  return (reading) => stepNamedBy(name, reading).startsWith(label);
}

/** When the step behind a label began; never, where the upgrade did not come to it. */
function beganMs(timeline: readonly StepOutcome[], reading: Reading, label: string): number {
  const id = stepNamedBy(name, reading).slice(label.length);
  return timeline.find(({ stepId }) => stepId === id)?.startMs ?? Number.POSITIVE_INFINITY;
}

/** What was denied between the start and the check; nothing where one of both did not say. */
function deniedBetween(before: number, later: Reading | undefined): string {
  const after = later?.result.taken ? toldBy(later.result.stdout) : undefined;
  return after === undefined ? '' : `; ${after.denied - before} accesses were denied until its check`;
}
