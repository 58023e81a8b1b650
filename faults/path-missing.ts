import type { Fault } from '../harness/contract/fault.ts';
import type { ExecStep, PutStep, Step } from '../harness/contract/step.ts';
import { omit } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';

const name = 'path-missing';

/** A directory that the new release needs is not made. */
export const pathMissing: Fault = {
  name,
  type: 3,
  violation: 'omitted',
  dependency: 'Service location: file path',
  provenance: 'slides',
  tiers: ['web', 'app'],
  summary:
    'The new release keeps its files in other directories than the old one. The operator does not make one of them: that of the static pages, or that of the application’s own files.',
  confirmedBy: 'Right after the step that makes it, the directory is not there.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const tier = random.pick(['web', 'app'] as const);
    const hosts = targets(tier);
    const path = tier === 'web' ? facts.staticPath.new : facts.appData.new;
    const makes = (step: Step): step is PutStep | ExecStep =>
      (tier === 'web'
        ? step.kind === 'put' && step.path === path
        : step.kind === 'exec' && step.argv[0] === 'install' && step.argv.includes(path)) &&
      hosts.includes((step as PutStep).host);
    const making = steps.filter(makes);
    if (making.length === 0) return { applies: false, reason: `the procedure does not make ${path}` };
    return {
      applies: true,
      steps: omit(name, steps, makes, `${path} is not made`),
      observe: making.map(({ id, host }) => ({
        after: id,
        step: observe(`path-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', MISSING, 'missing', path],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('a directory is missing')),
};

const MISSING =
  '[ -d "$(dirname "$1")" ] || { echo "$(dirname "$1"): not there either" >&2; exit 2; }; [ -e "$1" ] && exit 1; echo "$1 is not there"';
