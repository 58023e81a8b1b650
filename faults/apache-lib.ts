import type { Fault } from '../harness/contract/fault.ts';
import type { CarryStep, ExecStep, Step } from '../harness/contract/step.ts';
import { type Renewed, renewed } from './carried-over.ts';
import { insertAfter, insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { commandBeside } from './host-lifecycle.ts';
import { beginningOf } from './stretches.ts';

const name = 'apache-lib';
const LIBRARY = 'libcrypto.so.3';
const MODULE = '/usr/lib/apache2/modules/mod_ssl.so';
/** Searched before the distribution's own directories. */
const DIRECTORY = '/usr/local/lib';
/** Where a file waits on the old host for being copied to the new one. */
const ASIDE = '/tmp';

/** A copy of a library installed by hand, which the upgraded web server finds before its own. */
export const apacheLib: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Dynamic linking: library conflicts',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary: `The operator keeps the old release’s ${LIBRARY} in ${DIRECTORY}, “to be safe”. There it survives the installation of the new release (to a new host it is copied), and it comes first when libraries are looked for: the new web server is linked with the old library.`,
  confirmedBy: `On the web host, the dynamic linker resolves a library of the server’s TLS module to ${DIRECTORY}.`,
  newOnly: 'there the library is the right one',
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = renewed(targets('web'), steps);
    if (hosts.length === 0) return { applies: false, reason: 'the procedure installs no web host' };
    const note = `the old ${LIBRARY} comes first for ${facts.services.web.name}`;
    return {
      applies: true,
      steps: hosts.reduce<readonly Step[]>((list, host) => {
        const { start } = host;
        const register = commandBeside(
          start,
          'register-libraries',
          `Register the libraries of ${DIRECTORY} on ${start.host}`,
          ['ldconfig'],
        );
        return insertBefore(name, kept(list, host, note), (step) => step === start, [register], note);
      }, steps),
      observe: hosts.map(({ start: { host } }) => ({
        after: 'end' as const,
        step: observe(`linked-${host}`, host, { read: 'command', argv: ['sh', '-c', LINKED] }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the old library is found first')),
};

/** Keeps the library beside the installation of a host, or brings it to a host of a parallel universe. */
function kept(steps: readonly Step[], { install }: Renewed, note: string): Step[] {
  const { host, universe } = install;
  const isInstall = (step: Step) => step === install;
  const copyTo = (directory: string): ExecStep => ({
    kind: 'exec',
    id: `${host}/keep-old-library`,
    title: `Keep the old ${LIBRARY} of ${host} in ${directory}`,
    universe: 'old',
    host,
    argv: ['sh', '-c', COPY, 'copy', directory],
  });
  if (universe === 'old') return insertBefore(name, steps, isInstall, [copyTo(DIRECTORY)], note);
  const carry: CarryStep = {
    kind: 'carry',
    id: `${host}/carry-over-library`,
    title: `Copy the old ${LIBRARY} to the new ${host}`,
    universe,
    host,
    from: { universe: 'old', host, path: `${ASIDE}/${LIBRARY}` },
    path: `${DIRECTORY}/${LIBRARY}`,
  };
  const beginning = beginningOf(steps, install);
  const aside = insertBefore(name, steps, (step) => step === beginning, [copyTo(ASIDE)], note);
  return insertAfter(name, aside, isInstall, [carry], note);
}

const COPY = `cp "$(ldd ${MODULE} | awk '$1 == "${LIBRARY}" { print $3 }')" "$1/"`;

/** Exit code 1: the linker finds every library elsewhere; 2: it names none. */
const LINKED = `linked=$(ldd ${MODULE} 2>&1); echo "$linked" | grep -q '=>' || { echo "$linked" >&2; exit 2; }; echo "$linked" | grep '=> ${DIRECTORY}/'`;
