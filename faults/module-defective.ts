import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { keptPath, renewed, takeAlong } from './carried-over.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'module-defective';

/** The web server is to load a module whose file is damaged. */
export const moduleDefective: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Defective components',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator takes a module that the web server cannot do without along from the old release, and has the new server load it in place of its own. The copy broke off at once, as on a full disk: the file is empty.',
  confirmedBy:
    'Asked to test its configuration, the web server gives the loader’s message that it refuses the module.',
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
              title: `Have the web server of ${host.start.host} load ${kept}, which is empty`,
              argv: [
                ...['sh', '-c', ': >"$1" && sed -i "s#$2#$1#" "$3"', 'load-old-module'],
                ...[kept, file, loadedBy],
              ],
            },
            'a damaged module is to be loaded',
          ),
        steps,
      ),
      observe: hosts.map(({ start: { host } }) => ({
        after: 'end' as const,
        step: observe(`module-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', REFUSED, 'refused', kept],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the loader refuses the module')),
};

/** Exit code 1: the server accepts its configuration and all modules; 2: it says something else of them. */
const REFUSED =
  'said=$(apachectl -t 2>&1); echo "$said" | grep -m 1 -o "Cannot load $1 .*" && exit 0; echo "$said" | grep -q "Syntax OK" && exit 1; echo "$said" >&2; exit 2';
