import type { Fault } from '../harness/contract/fault.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { writes } from './host-steps.ts';

const name = 'old-config-on-one';

/** A host of a tier gets the configuration template of the other release. */
export const oldConfigOnOne: Fault = {
  name,
  type: 1,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator writes the site configuration of a web host from the old release’s template; hosts that the fault does not meet get the new one.',
  confirmedBy: 'The host’s file has lines that only the old release’s template has.',
  newOnly: 'there the old configuration is the right one',
  edit: ({ steps, former, facts, targets, observe }) => {
    const met = targets('web').flatMap((host) => {
      const own = writes(host, facts.files.site);
      const write = steps.find(own);
      const old = former.find(own);
      return write !== undefined && old !== undefined ? [{ host, write, old }] : [];
    });
    if (met.length === 0)
      return { applies: false, reason: 'the procedure writes no web server’s configuration' };
    return {
      applies: true,
      steps: met.reduce<readonly Step[]>(
        (list, { write, old }) =>
          replace(
            name,
            list,
            (step): step is WriteStep => step.id === write.id,
            (step) => ({ ...step, content: old.content }),
            'written from the old release’s template',
          ),
        steps,
      ),
      observe: met.map(({ host, write, old }) => ({
        after: write.id,
        step: observe(`site-${host}`, host, {
          read: 'command',
          argv: ['grep', '-nxF', ...telling(old.content, write.content), '--', facts.files.site],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('lines of the old release’s template')),
};

/** Lines of one text that the other has not, as patterns; without what is filled in only when the file is written. */
function telling(text: string, other: string): string[] {
  const known = new Set(other.split('\n'));
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('@@') && !known.has(line))
    .flatMap((line) => ['-e', line]);
}
