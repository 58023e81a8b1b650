import type { Fault } from '../harness/contract/fault.ts';
import type { PutStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'files-unreadable';

/** Static pages that the web server may not read. */
export const filesUnreadable: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Access privileges: file system (insufficient)',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'The operator copies the new release’s static pages as files that only the administrator may read; the web server runs as another user.',
  confirmedBy:
    'Right after the copying, files of the static directory lack the right to be read by others; mode and owner are told.',
  newOnly: 'the old release serves another directory',
  edit: ({ steps, facts, targets, observe }) => {
    const path = facts.staticPath.new;
    const hosts = targets('web');
    const isContent = (step: Step): step is PutStep =>
      step.kind === 'put' && step.path === path && hosts.includes(step.host);
    const copies = steps.filter(isContent);
    if (copies.length === 0) return { applies: false, reason: 'the procedure copies no static pages' };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        isContent,
        (step) => ({ ...step, mode: '0600' }),
        'only the administrator may read them',
      ),
      observe: copies.map(({ id, host }) => ({
        after: id,
        step: observe(`modes-${host}`, host, { read: 'command', argv: ['sh', '-c', CLOSED, 'closed', path] }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the web server may not read its files')),
};

const CLOSED =
  '[ -d "$1" ] || { echo "$1: not there" >&2; exit 2; }; find "$1" -type f ! -perm -004 -printf "%M %u:%g %p\\n" | grep -m 1 .';
