import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { keptPath, renewed, takeAlong } from './carried-over.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'node-addon-abi';

/** The application’s native library is the one that was built for the other release’s runtime. */
export const nodeAddonAbi: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Dynamic linking: library conflicts',
  provenance: 'slides',
  tiers: ['app'],
  summary:
    'The operator takes the application’s native library along from the old release, because “it has not changed”. It was built for the old release’s version of Node.js.',
  confirmedBy:
    'The application’s log has the loader’s message that the library was built for another version.',
  newOnly: 'there the library is the right one',
  edit: ({ steps, facts, targets, observe }) => {
    const library = facts.nativeAddon;
    const hosts = renewed(targets('app'), steps);
    if (hosts.length === 0) return { applies: false, reason: 'the procedure installs no application host' };
    return {
      applies: true,
      steps: hosts.reduce<readonly Step[]>(
        (list, host) =>
          takeAlong(
            name,
            list,
            host,
            library,
            {
              action: 'put-old-library',
              title: `Put the old ${library} in its place on ${host.start.host}`,
              argv: ['cp', keptPath(library), library],
            },
            'the native library of the old release is used',
          ),
        steps,
      ),
      observe: hosts.map(({ start: { host } }) => ({
        after: 'end' as const,
        step: observe(`log-${host}`, host, {
          read: 'command',
          argv: ['grep', '-rhm', '1', 'NODE_MODULE_VERSION', facts.logs],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the loader refuses the library')),
};
