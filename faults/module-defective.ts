import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { keptPath } from './carried-over.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';

const name = 'module-defective';

/**
 * The web server is to load a module whose file is damaged. A module of the other release would be no defect here: both run
 * httpd 2.4, which promises its modules one binary interface, and each server loads the other's. What is out of order is the
 * file itself.
 */
export const moduleDefective: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Defective components',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator has the web server load a module that it cannot do without from a copy put beside the installation. The copying broke off at once, as on a full disk: the file is empty.',
  confirmedBy:
    'Asked to test its configuration, the web server gives the loader’s message that it refuses the module.',
  newOnly: 'a server that runs goes on with the modules that it has loaded',
  edit: ({ steps, facts, targets, observe }) => {
    const { file, loadedBy } = facts.webModule;
    const copy = keptPath(file);
    const starts = targets('web').flatMap((host) => startOf(host, steps) ?? []);
    if (starts.length === 0) return { applies: false, reason: 'the procedure starts no web server' };
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>((list, start) => {
        const load = commandBeside(
          start,
          'load-copied-module',
          `Have the web server of ${start.host} load ${copy}, which is empty`,
          ['sh', '-c', LOAD_EMPTY, 'load-copied-module', copy, file, loadedBy],
        );
        return insertBefore(name, list, (step) => step === start, [load], 'a damaged module is to be loaded');
      }, steps),
      observe: starts.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`module-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', REFUSED, 'refused', copy],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the loader refuses the module')),
};

const LOAD_EMPTY = ': >"$1" && sed -i "s#$2#$1#" "$3"';

/** Exit code 1: the server accepts its configuration and all modules; 2: it says something else of them. */
const REFUSED =
  'said=$(apachectl -t 2>&1); echo "$said" | grep -m 1 -o "Cannot load $1 .*" && exit 0; echo "$said" | grep -q "Syntax OK" && exit 1; echo "$said" >&2; exit 2';
