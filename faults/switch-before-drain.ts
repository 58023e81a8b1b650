import type { Fault } from '../harness/contract/fault.ts';
import type { DriverReading } from '../harness/contract/observation.ts';
import { invert } from './edits.ts';
import { evidenceFrom, toldBy } from './evidence.ts';
import { stepsThat } from './imago-actions.ts';

const name = 'switch-before-drain';

/** Clients are sent to the new universe before every update of the old one has got there. */
export const switchBeforeDrain: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Database schema (data transfer)',
  provenance: 'upfault',
  tiers: [],
  summary:
    'At the switch the operator sends the waiting requests to the new universe at once, and only then has the last intercepted updates applied and both universes compared.',
  confirmedBy:
    'The redirection was carried out and the draining of intercepted updates had not been; the driver says where in the log it was and how many rows were still to be applied.',
  edit: ({ steps, observe }) => {
    const [redirect] = stepsThat('redirect', steps);
    if (redirect === undefined)
      return { applies: false, reason: 'the procedure sends clients to no other universe' };
    const before = steps.slice(0, steps.indexOf(redirect));
    const drain = stepsThat('drain-egress', before).at(-1);
    if (drain === undefined)
      return { applies: false, reason: 'the procedure drains no intercepted updates before the switch' };
    const release = stepsThat('release', steps.slice(steps.indexOf(redirect)))[0];
    const note = 'clients are switched before the last updates are applied';
    const redirected = invert(name, steps, drain.id, redirect.id, note);
    return {
      applies: true,
      steps: release === undefined ? redirected : invert(name, redirected, drain.id, release.id, note),
      observe: [
        {
          after: redirect.id,
          step: observe('driver', 'driver', { read: 'imago', machine: 'driver' }, 'new'),
        },
      ],
    };
  },
  confirm: (readings, timeline) => {
    const done = timeline.filter(({ outcome }) => outcome === 'done').map(({ stepId }) => stepId);
    const redirected = done.indexOf('switch/redirect');
    if (redirected < 0) return { verdict: 'unreadable', summary: 'no redirection was carried out' };
    const drained = done.indexOf('switch/drain-egress');
    if (drained >= 0 && drained < redirected)
      return { verdict: 'not-found', summary: 'intercepted updates were drained before the redirection' };
    // The order alone is what was asked for; the driver's word is what was in effect.
    return evidenceFrom(
      readings,
      toldBy<DriverReading>(({ egress, pendingKeys }) => {
        const place = egress === null ? 'had not begun' : `was at ${egress.file}:${egress.position}`;
        const words = `clients were redirected while interception ${place}, with ${pendingKeys} rows to be applied`;
        return { says: 'in-effect', words };
      }),
    );
  },
};
