import type { Fault } from '../harness/contract/fault.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'config-staticpath';

/** A web host that looks for its static pages where the old release had them. */
export const configStaticpath: Fault = {
  name,
  type: 1,
  violation: 'incorrect',
  dependency: 'Service location: file path',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary:
    'The new release keeps its static pages in another directory. The operator writes the web host’s new configuration with the old directory.',
  confirmedBy: 'Right after the site configuration was written, its DocumentRoot is the old directory.',
  newOnly: 'there the old directory is the right one',
  edit: ({ steps, facts, targets, observe }) => {
    const hosts = targets('web');
    const { old: oldPath, new: newPath } = facts.staticPath;
    const isSite = (step: Step): step is WriteStep =>
      step.kind === 'write' &&
      step.path === facts.files.site &&
      hosts.includes(step.host) &&
      step.content.includes(newPath);
    const sites = steps.filter(isSite);
    if (sites.length === 0)
      return { applies: false, reason: 'no step of the procedure names the new static directory' };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isSite,
        (step) => ({ ...step, content: step.content.replaceAll(newPath, oldPath) }),
        `${oldPath} instead of ${newPath}`,
      ),
      observe: sites.map((step) => ({
        after: step.id,
        step: observe(`site-${step.host}`, step.host, {
          read: 'command',
          argv: [
            'grep',
            '-nE',
            `^[[:space:]]*DocumentRoot[[:space:]]+"?${oldPath}/?"?[[:space:]]*$`,
            facts.files.site,
          ],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the old directory is configured')),
};
