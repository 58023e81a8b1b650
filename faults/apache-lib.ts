import type { Fault } from '../harness/contract/fault.ts';
import type { ServiceStep, Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'apache-lib';
const LIBRARY = 'libcrypto.so.3';
const MODULE = '/usr/lib/apache2/modules/mod_ssl.so';

/** A copy of a library installed by hand, which the upgraded web server finds before its own. */
export const apacheLib: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Dynamic linking: library conflicts',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary: `Before the upgrade the operator keeps the old release’s ${LIBRARY} in /usr/local/lib, “to be safe”. That directory survives the installation of the new release and comes first when libraries are looked for, so the new web server is linked with the old library.`,
  confirmedBy: `On the web host, the dynamic linker resolves a library of the server’s TLS module to /usr/local/lib.`,
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = targets('web').filter(
      (host) => steps.some(isInstallOf(host)) && steps.some(isStartOf(host)),
    );
    if (hosts.length === 0)
      return { applies: false, reason: 'the procedure installs no web host over an old one' };
    const edited = hosts.reduce<readonly Step[]>((list, host) => {
      const keep: Step = {
        kind: 'exec',
        id: `${host}/keep-old-library`,
        title: `Keep the old ${LIBRARY} of ${host} in /usr/local/lib`,
        universe: 'old',
        host,
        argv: ['sh', '-c', `cp "$(ldd ${MODULE} | awk '$1 == "${LIBRARY}" { print $3 }')" /usr/local/lib/`],
      };
      const register: Step = {
        kind: 'exec',
        id: `${host}/register-libraries`,
        title: `Register the libraries of /usr/local/lib on ${host}`,
        universe: 'old',
        host,
        argv: ['ldconfig'],
      };
      const note = `the old ${LIBRARY} comes first for ${facts.services.web.name}`;
      return insertBefore(
        name,
        insertBefore(name, list, isInstallOf(host), [keep], note),
        isStartOf(host),
        [register],
        note,
      );
    }, steps);
    return {
      applies: true,
      steps: edited,
      observe: hosts.map((host) => ({
        after: 'end' as const,
        step: observe(`linked-${host}`, host, {
          read: 'command',
          argv: [
            'sh',
            '-c',
            `linked=$(ldd ${MODULE} 2>&1); echo "$linked" | grep -q '=>' || { echo "$linked" >&2; exit 2; }; echo "$linked" | grep '=> /usr/local/lib/'`,
          ],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the old library is found first')),
};

function isInstallOf(host: string) {
  return (step: Step): boolean => step.kind === 'install' && step.host === host && step.universe === 'old';
}

function isStartOf(host: string) {
  return (step: Step): step is ServiceStep =>
    step.kind === 'service' && step.action === 'start' && step.host === host;
}
