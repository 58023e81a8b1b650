import type { Fault } from '../harness/contract/fault.ts';
import { bringForward } from './edits.ts';
import { evidenceFrom, rowsListed } from './evidence.ts';
import { installs } from './host-steps.ts';
import { columnMissing } from './schema-steps.ts';

const name = 'app-before-schema';

/** An application host runs the new release before the database has the new schema. */
export const appBeforeSchema: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Application/DB mismatch',
  provenance: 'slides',
  tiers: ['app', 'db'],
  summary:
    'The operator upgrades the first application host (all of them, with reach all) and changes the database’s schema only then: the new release runs on the old schema, or on none.',
  confirmedBy:
    'When the application’s new release has been installed, the database has not yet got a column that it needs.',
  edit: ({ steps, facts, reach, hosts, observe }) => {
    const [primary = ''] = hosts('db');
    const changes = steps.find(
      (step) =>
        step.kind === 'sql' && step.host === primary && /\b(CREATE|ALTER) TABLE\b/i.test(step.statements),
    );
    // In the order of the procedure: a later host's steps suppose that the former ones were done.
    const installed = hosts('app')
      .flatMap((host) => steps.filter(installs(host)))
      .sort((one, other) => steps.indexOf(one) - steps.indexOf(other));
    const met = reach === 'all' ? installed : installed.slice(0, 1);
    const [column] = facts.newColumns;
    if (
      column === undefined ||
      changes === undefined ||
      met.some((install) => steps.indexOf(install) < steps.indexOf(changes)) ||
      met.length === 0
    )
      return {
        applies: false,
        reason: 'the procedure does not change a schema before it upgrades an application host',
      };
    const early = new Set(met.flatMap(({ host }) => blockOf(host)));
    function blockOf(host: string): string[] {
      const own = steps.filter((step) => 'host' in step && step.host === host).map(({ id }) => id);
      const first = steps.findIndex(({ id }) => id === own[0]);
      const last = steps.findIndex(({ id }) => id === own.at(-1));
      // Where hosts are installed side by side, what stands in between is the other hosts'.
      const within = steps
        .slice(first, last + 1)
        .filter(({ lane }) => lane === undefined || lane.host === host);
      return within.map(({ id }) => id);
    }
    return {
      applies: true,
      steps: bringForward(
        name,
        steps,
        ({ id }) => early.has(id),
        changes.id,
        'the application is upgraded before the schema',
      ),
      observe: met.map(({ id, host }) => ({
        after: id,
        step: observe(`schema-${host}`, primary, {
          read: 'sql',
          // Of the schema that is to come nothing may be there yet, not even its database.
          database: 'mysql',
          statement: columnMissing(facts.database, column),
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, rowsListed('the new application meets a schema without')),
};
