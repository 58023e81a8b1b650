import type { Fault } from '../harness/contract/fault.ts';
import type { InstallStep, Step } from '../harness/contract/step.ts';
import { renewed } from './carried-over.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'volume-unavailable';

/** The volume with the static pages is not mounted. */
export const volumeUnavailable: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Access privileges: file system (unavailable)',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'Once a web host is installed and configured, the operator restarts the machine and does not mount the volume with its static pages again before the service is started. What is omitted is the mounting; as machines here get their volumes when they start, the plan shows it as a start without that one.',
  confirmedBy: 'The web host’s table of mounts has no entry for the volume.',
  newOnly: 'a machine that serves is not restarted',
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = renewed(targets('web'), steps);
    if (hosts.length === 0) return { applies: false, reason: 'the procedure installs no web host' };
    const volume = facts.contentVolume;
    return {
      applies: true,
      steps: hosts.reduce<readonly Step[]>((list, { install, start }) => {
        const restart: InstallStep = {
          ...install,
          id: `${install.host}/restart-machine`,
          title: `Restart ${install.host}`,
          deviation: { withoutVolumes: [volume] },
        };
        return insertBefore(name, list, (step) => step === start, [restart], `${volume} is not mounted`);
      }, steps),
      observe: hosts.map(({ start: { host } }) => ({
        after: 'end' as const,
        step: observe(`mounts-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', NOT_MOUNTED, 'mounts', volume],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the content volume is missing')),
};

const NOT_MOUNTED =
  'mounts=$(cat /proc/mounts) || exit 2; echo "$mounts" | grep -qF " $1 " && exit 1; echo "$1 is not mounted"';
