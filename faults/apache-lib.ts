import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { keptPath, renewed, takeAlong } from './carried-over.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'apache-lib';
/** Named by a directory that is the same on every machine; what is in it is of the machine's architecture. */
const LIBRARY = '/usr/lib/native/libcrypto.so.3';

/**
 * A copy of a library kept by hand, which the upgraded web server finds before its own. The library of the TLS module
 * wants the newer one of the pair that both belong to: either the loader says so, or the wrong one is in the server's memory.
 */
export const apacheLib: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Dynamic linking: library conflicts',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary: `The operator keeps the old release’s ${LIBRARY.split('/').at(-1)} in /usr/local/lib, “to be safe”. There it outlives the installation of the new release (to a new host it is copied), and it comes first when libraries are looked for: the new web server is given the old library to load, with others that need the new one.`,
  confirmedBy: `The web server that runs has ${keptPath(LIBRARY)} in its map of memory; or, where none runs, the loader refuses that file when the server is asked to test its configuration.`,
  newOnly: 'there the library is the right one',
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = renewed(targets('web'), steps);
    if (hosts.length === 0) return { applies: false, reason: 'the procedure installs no web host' };
    const kept = keptPath(LIBRARY);
    const { name: service, executable } = facts.services.web;
    return {
      applies: true,
      steps: hosts.reduce<readonly Step[]>(
        (list, host) =>
          takeAlong(
            name,
            list,
            host,
            LIBRARY,
            {
              action: 'register-libraries',
              title: `Register the libraries of /usr/local/lib on ${host.start.host}`,
              argv: ['ldconfig'],
            },
            `the old ${kept.split('/').at(-1)} comes first for ${service}`,
          ),
        steps,
      ),
      observe: hosts.map(({ start: { host } }) => ({
        after: 'end' as const,
        step: observe(`loaded-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', LOADED, 'loaded', executable, kept],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the old library comes first')),
};

/**
 * Exit code 0: a process of the server has the file in its memory, or none runs and the loader refuses the file; 1: neither; 2: nothing
 * runs, and why is not known.
 */
const LOADED = `
runs=
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/exe" 2>/dev/null)" = "$1" ] || continue
  runs=yes
  grep -qF " $2" "$process/maps" && { echo "process \${process#/proc/} has $2 in memory"; exit 0; }
done
[ -z "$runs" ] || exit 1
said=$(apachectl -t 2>&1)
echo "$said" | grep -m 1 -o "$2: .*" && exit 0
echo "$said" | grep -q 'Syntax OK' && exit 1
echo "$said" >&2
exit 2`;
