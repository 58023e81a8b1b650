import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';
import { heldByStranger, listenerScript, strangerOn } from './listener.ts';

const name = 'app-port';

/** Another process holds the port that the application needs. */
export const appPort: Fault = {
  name,
  type: 3,
  violation: 'spurious',
  dependency: 'Listening-port conflicts',
  provenance: 'slides',
  tiers: ['app'],
  summary:
    'Before the upgraded application is started, the operator starts another program on the same machine that listens on its port.',
  confirmedBy: 'The listening socket on the application’s port belongs to another program.',
  newOnly: 'the application that serves listens on another port',
  edit: ({ steps, facts, targets, observe }) => {
    const starts = targets('app').flatMap((host) => startOf(host, steps) ?? []);
    if (starts.length === 0) return { applies: false, reason: 'the procedure starts no application' };
    const port = facts.appPort.new;
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>(
        (list, start) =>
          insertBefore(
            name,
            list,
            (step) => step === start,
            [
              commandBeside(
                start,
                'start-other-listener',
                `Start another program that listens on port ${port} of ${start.host}`,
                ['sh', '-c', listenerScript(port)],
              ),
            ],
            `port ${port} is taken before the application starts`,
          ),
        steps,
      ),
      observe: starts.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`owner-${host}`, host, {
          read: 'command',
          argv: strangerOn(port, facts.services.app.executable),
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, heldByStranger),
};
