import type { Fault } from '../harness/contract/fault.ts';
import type { ExecStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine, type Judge } from './evidence.ts';
import { runsWith } from './wrong-configuration.ts';

const name = 'cache-stale';
/** Where the server’s distribution keeps a cache unless it is told otherwise. */
const USUAL_DIRECTORY = '/var/cache/apache2/mod_cache_disk';

/** A web host that goes on giving the old release's answers out of its cache. */
export const cacheStale: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Cached data',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'A web host keeps pages in a cache, which outlives the installation of the new release. The operator clears the directory that the server’s distribution names, not the one that this site’s configuration does.',
  confirmedBy: 'Asked on the web host itself, a static page is the old release’s.',
  edit: ({ steps, facts, targets, observe }) => {
    const { directory, url, mark } = facts.pageCache;
    const hosts = targets('web');
    const isClearing = (step: Step): step is ExecStep =>
      step.kind === 'exec' && hosts.includes(step.host) && step.argv.includes(directory);
    const clearing = steps.filter(isClearing);
    if (clearing.length === 0) return { applies: false, reason: 'no step of the procedure clears a cache' };
    const kept = clearing.filter(({ universe }) => universe === 'old');
    if (kept.length === 0)
      return { applies: false, reason: 'nothing has been cached on a host that the procedure sets up anew' };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        (step): step is ExecStep => isClearing(step) && kept.includes(step),
        (step) => ({
          ...step,
          argv: step.argv.map((word) => (word === directory ? USUAL_DIRECTORY : word)),
        }),
        `${USUAL_DIRECTORY} is cleared instead of ${directory}`,
      ),
      observe: kept.map((step) => ({
        after: runsWith(steps, step),
        step: observe(`page-${step.host}`, step.host, {
          read: 'command',
          argv: ['sh', '-c', LOOK, 'look', `https://127.0.0.1:${facts.webPort}${url}`, mark.old, mark.new],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, isOld),
};

/** Prints `old` or `new` after the mark that the page holds. */
const LOOK = `page=$(curl -skf -m 5 "$1") || { echo "no page at $1" >&2; exit 2; }
case $page in *"$2"*) echo old ;; *"$3"*) echo new ;; *) echo "a page of no release at $1" >&2; exit 2 ;; esac`;

const isOld: Judge = ({ exitCode, stdout, stderr }) => {
  const release = firstLine(stdout);
  if (exitCode !== 0 || !['old', 'new'].includes(release))
    return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
  return release === 'old'
    ? { says: 'in-effect', words: 'a static page is the old release’s' }
    : { says: 'nothing' };
};
