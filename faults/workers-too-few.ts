import type { Fault } from '../harness/contract/fault.ts';
import { firstLine, type Judge } from './evidence.ts';
import { misconfigured, misconfiguredEvidence } from './wrong-configuration.ts';

const name = 'workers-too-few';
/** Workers of the server: one for the one core that its machine is thought to have. */
const WORKERS = 1;
const LIMITS = /^([ \t]*(?:StartServers|ThreadsPerChild|MaxRequestWorkers)[ \t]+)\d+/gm;

/** A web server that may serve far fewer requests at a time than are offered. */
export const workersTooFew: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides',
  tiers: ['web'],
  summary: `The operator sizes the new web server by its machine’s cores: ${WORKERS} request at a time. Its workers wait for the application most of the time.`,
  confirmedBy:
    'The site configuration’s MaxRequestWorkers is read back once the server runs with it, and so is how many threads the running server has.',
  edit: (context) => {
    const { files, services } = context.facts;
    return misconfigured(context, {
      fault: name,
      path: files.site,
      hosts: context.targets('web'),
      wrong: (content) => content.replaceAll(LIMITS, `$1${WORKERS}`),
      note: `${WORKERS} request at a time`,
      look: () => ({
        read: 'command',
        argv: ['sh', '-c', LOOK, 'look', files.site, services.web.executable],
      }),
      otherwise: 'no step of the procedure says how many requests a web server serves at a time',
    });
  },
  confirm: (readings) => misconfiguredEvidence(readings, fewWorkers),
};

/** Prints `LIMIT THREADS`: the directive, and the threads of the processes that run the server's program. */
const LOOK = `limit=$(awk '$1 == "MaxRequestWorkers" { print $2 }' "$1") || exit 2
threads=0
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/exe")" = "$2" ] || continue
  threads=$((threads + $(awk '$1 == "Threads:" { print $2 }' "$process/status")))
done
echo "$limit $threads"`;

/** Beside its workers a server has a few threads that listen, log and look after the others. */
const OTHER_THREADS = 10;

const fewWorkers: Judge = ({ exitCode, stdout, stderr }) => {
  const [, limit, threads] = /^(\d+) (\d+)$/.exec(firstLine(stdout)) ?? [];
  if (exitCode !== 0 || limit === undefined || Number(threads) === 0)
    return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
  return Number(limit) <= WORKERS && Number(threads) <= WORKERS + OTHER_THREADS
    ? { says: 'in-effect', words: `at most ${limit} workers, ${threads} threads in all` }
    : { says: 'nothing' };
};
