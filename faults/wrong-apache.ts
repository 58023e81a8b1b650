import type { Fault } from '../harness/contract/fault.ts';
import type { InstallStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';

const name = 'wrong-apache';

/**
 * The old web server is installed and started again, with the new release's configuration and pages. Distributions that are
 * supported side by side may bring httpd in the same version, so it is the distribution that tells the servers apart.
 */
export const wrongApache: Fault = {
  name,
  type: 1,
  violation: 'incorrect',
  dependency: 'Defective components',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary:
    'On a web host the operator installs and starts the old release’s server instead of the new one, and gives it the new release’s configuration and pages.',
  confirmedBy:
    'Right after the installation, the server that is installed on the host is the one of the old release’s distribution; its version and its OpenSSL’s are told.',
  newOnly: 'there the old server is the right one',
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = targets('web');
    const isInstall = (step: Step): step is InstallStep =>
      step.kind === 'install' && step.release === 'new' && hosts.includes(step.host);
    const installed = steps.filter(isInstall);
    if (installed.length === 0) return { applies: false, reason: 'the procedure installs no web server' };
    const server = facts.services.web.executable;
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isInstall,
        (step) => ({ ...step, release: 'old' }),
        'the old server is installed again',
      ),
      observe: installed.map(({ id, host }) => ({
        after: id,
        step: observe(`server-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', LOOK, 'look', server, facts.distribution.old],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      if (exitCode === 0) return { says: 'in-effect', words: `installed is ${firstLine(stdout)}` };
      return exitCode === 1
        ? { says: 'nothing' }
        : { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr)}` };
    }),
};

/** Exit code 0: a server of that distribution; 1: of another one; 2: none to be asked. */
const LOOK =
  '. /etc/os-release && version=$("$1" -v | head -n 1) && [ -n "$version" ] || exit 2; [ "$VERSION_CODENAME" = "$2" ] || exit 1; echo "$version of $VERSION_CODENAME with $(openssl version | cut -d " " -f 1,2)"';
