import type { Fault } from '../harness/contract/fault.ts';
import type { SqlStep, Step, WriteStep } from '../harness/contract/step.ts';
import { insertBefore, replace } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { beginningOf } from './stretches.ts';

const name = 'db-wrong-host';
/** A host’s name at the beginning of a value, alone or before a port. */
const naming = (host: string) => new RegExp(`"${host}(?=[":])`);
/** Exit code 0 where a connection to the address is open, 1 where none is, 2 where connections cannot be listed. */
const LOOK =
  'seen=$(ss -Htn state established "dst $1 and dport = :3306") || exit 2; echo "$seen" | grep -m 1 "$1"';

/** An application host works on a copy of the database that nobody else changes. */
export const dbWrongHost: Fault = {
  name,
  type: 4,
  violation: 'incorrect',
  dependency: 'Service location: network address',
  provenance: 'slides',
  tiers: ['app'],
  summary:
    'Before the application is upgraded, the operator detaches the replica, as a copy to fall back on, and makes it ready to serve. The application’s new configuration then names that copy, not the primary.',
  confirmedBy: 'The application host’s open database connections lead to the copy.',
  newOnly: 'the new release’s configuration is not read there',
  edit: ({ steps, facts, targets, hosts, observe }) => {
    const [primary, copy] = hosts('db');
    const met = targets('app');
    const addressOf = (host: string) => `@@address:${host}@@`;
    const isConfiguration = (step: Step): step is WriteStep =>
      step.kind === 'write' &&
      step.path === facts.files.app &&
      met.includes(step.host) &&
      naming(facts.databaseAddress).test(step.content);
    const first = steps.find(isConfiguration);
    if (first === undefined || primary === undefined || copy === undefined)
      return {
        applies: false,
        reason: 'no step of the procedure tells the application where its database is, or there is no copy',
      };
    const beginning = beginningOf(steps, first);
    const detach: SqlStep = {
      kind: 'sql',
      id: `${copy}/detach-copy`,
      title: `Let ${copy} follow ${primary} no longer, as a copy to fall back on`,
      universe: first.universe,
      host: copy,
      database: 'mysql',
      statements: 'STOP SLAVE;\nSET GLOBAL read_only = OFF;\n',
    };
    const note = `${copy} instead of ${primary}`;
    return {
      applies: true,
      steps: replace(
        name,
        insertBefore(
          name,
          steps,
          (step) => step === beginning,
          [detach],
          'the copy grows stale from here on',
        ),
        isConfiguration,
        (step) => ({ ...step, content: step.content.replace(naming(facts.databaseAddress), `"${copy}`) }),
        note,
      ),
      observe: met.map((host) => ({
        after: 'end' as const,
        step: observe(`pool-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', LOOK, 'look', addressOf(copy)],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the pool is connected to the copy')),
};
