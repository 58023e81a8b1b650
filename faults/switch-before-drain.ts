import type { Fault } from '../harness/contract/fault.ts';
import type { DriverDomain } from '../harness/contract/imago-step.ts';
import type { DriverReading, Reading } from '../harness/contract/observation.ts';
import { bringForward } from './edits.ts';
import { evidenceFrom, firstLine, toldBy } from './evidence.ts';
import { stepsThat } from './imago-actions.ts';

const name = 'switch-before-drain';
const DRIVER_DOMAIN: DriverDomain = 4_242;
const LOG_POSITION = 'SELECT @@GLOBAL.gtid_binlog_pos';

/**
 * Clients are sent to the new universe before what is pending between both was dealt with. Intercepted updates alone would not do: at
 * the load of a trial they are applied within milliseconds, so that a switch right before the last drain comes too early for
 * one trial in several. What the tests wrote is pending for certain. How much of the intercepted updates was pending too is told.
 */
export const switchBeforeDrain: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Database schema (data transfer)',
  provenance: 'upfault',
  tiers: [],
  summary:
    'The operator switches clients to the new universe as soon as its tests have passed, and only then has the tests’ writes there undone, the last intercepted updates applied and both universes compared.',
  confirmedBy:
    'Clients were redirected, the new universe’s log had grown by what tests wrote, and nothing had been undone before; the driver says how many intercepted changes it had still to apply then, and how far it had read the old universe’s log.',
  edit: ({ steps, hosts, observe }) => {
    const [primary = ''] = hosts('db');
    const [redirect] = stepsThat('redirect', steps);
    if (redirect === undefined)
      return { applies: false, reason: 'the procedure sends clients to no other universe' };
    const before = steps.slice(0, steps.indexOf(redirect));
    const reconcile = stepsThat('reconcile', before).at(-1);
    const hold = stepsThat('hold', before).at(-1);
    const start = stepsThat('start-tester', before).at(-1);
    if (reconcile === undefined || hold === undefined || start === undefined)
      return { applies: false, reason: 'the procedure tests nothing whose writes it would have to undo' };
    const [release = redirect] = stepsThat('release', steps.slice(steps.indexOf(redirect)));
    return {
      applies: true,
      steps: bringForward(
        name,
        steps,
        (step) => step === hold || step === redirect || step === release,
        reconcile.id,
        'clients are switched before tests are undone and the last updates applied',
      ),
      observe: [
        // First, for it changes by the millisecond.
        {
          after: redirect.id,
          step: observe('driver', 'driver', { read: 'imago', machine: 'driver' }, 'new'),
        },
        ...[start.id, redirect.id].map((after) => ({
          after,
          step: observe(after, primary, { read: 'sql', database: 'mysql', statement: LOG_POSITION }, 'new'),
        })),
      ],
    };
  },
  confirm: (readings, timeline) => {
    const doneMs = (action: string) =>
      timeline.find(({ stepId, outcome }) => stepId.endsWith(`/${action}`) && outcome === 'done')?.endMs;
    const [redirectedMs, reconciledMs = Number.POSITIVE_INFINITY] = [doneMs('redirect'), doneMs('reconcile')];
    // Where clients were not sent there, or all was brought back before, what tests wrote met nobody.
    if (redirectedMs === undefined || reconciledMs < redirectedMs)
      return evidenceFrom(readings, () => ({ says: 'nothing' }));
    const [start, redirect] = ['/start-tester', '/redirect'].map((end) =>
      readings.find(({ stepId }) => stepId.endsWith(end)),
    );
    const before = start === undefined ? undefined : othersIn(start);
    return evidenceFrom(redirect === undefined ? [] : [redirect], (result) => {
      const now = othersIn({ result: { taken: true, ...result } });
      if (now === undefined || before === undefined)
        return { says: 'unreadable', words: firstLine(result.stderr || result.stdout) };
      return now > before
        ? {
            says: 'in-effect',
            words: `clients were redirected with ${now - before} transactions of tests not undone${pendingIn(readings)}`,
          }
        : { says: 'nothing' };
    });
  },
};

/** What was still to be applied; nothing where the driver was not there to say it. */
function pendingIn(readings: readonly Reading[]): string {
  const result = readings.find(({ stepId }) => stepId.endsWith('/driver'))?.result;
  const shown = result?.taken === true ? remaining(result) : undefined;
  return shown?.says === 'in-effect' ? shown.words : '';
}

const remaining = toldBy<DriverReading>(({ pendingKeys, egress }) => {
  const place = egress === null ? '' : `, the log read up to ${egress.file}:${egress.position}`;
  return { says: 'in-effect', words: ` and ${pendingKeys} intercepted changes not applied${place}` };
});

/** Transactions that others than the driver have committed on the server; its own are numbered apart. */
function othersIn({ result }: Pick<Reading, 'result'>): number | undefined {
  const [, position] = (result.taken && result.exitCode === 0 && /^\S+\n(\S*)/.exec(result.stdout)) || [];
  if (position === undefined) return undefined;
  return position
    .split(',')
    .flatMap((gtid) => {
      const [domain, , count] = gtid.split('-').map(Number);
      return domain === DRIVER_DOMAIN || count === undefined ? [] : [count];
    })
    .reduce((sum, count) => sum + count, 0);
}
