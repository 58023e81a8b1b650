import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { keptPath, renewed, takeAlong } from './carried-over.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'module-defective';

/** The web server loads a module that was built for the other release. */
export const moduleDefective: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Defective components',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator takes a module that the web server cannot do without along from the old release, and has the new server load it in place of its own.',
  confirmedBy:
    'The module of the old release is in the memory map of the running server; where none runs, the loader’s message names it.',
  newOnly: 'there the module is the right one',
  edit: ({ steps, facts, targets, observe }) => {
    const { file, loadedBy } = facts.webModule;
    const kept = keptPath(file);
    const hosts = renewed(targets('web'), steps);
    if (hosts.length === 0) return { applies: false, reason: 'the procedure installs no web host' };
    return {
      applies: true,
      steps: hosts.reduce<readonly Step[]>(
        (list, host) =>
          takeAlong(
            name,
            list,
            host,
            file,
            {
              action: 'load-old-module',
              title: `Have the web server of ${host.start.host} load ${kept}`,
              argv: ['sed', '-i', `s#${file}#${kept}#`, loadedBy],
            },
            'a module of the old release is loaded',
          ),
        steps,
      ),
      observe: hosts.map(({ start: { host } }) => ({
        after: 'end' as const,
        step: observe(`map-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', LOADED, 'loaded', facts.services.web.executable, kept],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('a module of the old release is loaded')),
};

/** Exit code 1: a server runs without it; 2: none runs, and the loader has nothing to say of it. */
const LOADED =
  'runs=2; for process in /proc/[0-9]*; do [ "$(readlink "$process/exe")" = "$1" ] || continue; runs=1; grep -m 1 -F "$2" "$process/maps" && exit 0; done; [ "$runs" = 1 ] && exit 1; apachectl -t 2>&1 | grep -F "$2" || exit 2';
