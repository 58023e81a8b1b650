import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';

const name = 'apache-largefile';
/** Read by Debian's apachectl before it starts the server. */
const ENVIRONMENT = '/etc/apache2/envvars';
/** Room for some hundred lines of the server's log; the shell counts in blocks of 512 bytes. */
const LIMIT_BYTES = 65_536;
const BLOCK_BYTES = 512;

/** A limit on the size of the files that the web server writes. */
export const apacheLargefile: Fault = {
  name,
  type: 2,
  violation: 'incorrect',
  dependency: 'Parameter constraints',
  provenance: 'slides+paper-unverified',
  tiers: ['web'],
  summary: `So that logs do not fill the disk, the operator starts the new web server with a limit on the size of any file that it writes, ${LIMIT_BYTES / 1024} KB. It holds for every file: the server’s logs end there, and no larger page gets into its cache; what clients send and are sent is not kept in files.`,
  confirmedBy:
    'Right after the start, the kernel tells of the running server’s processes that they may write no larger files.',
  newOnly: 'a server that runs goes on with the limits that it was started with',
  edit: ({ steps, facts, targets, observe }) => {
    const starts = targets('web').flatMap((host) => startOf(host, steps) ?? []);
    if (starts.length === 0) return { applies: false, reason: 'the procedure starts no web server' };
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>((list, start) => {
        const limit = commandBeside(
          start,
          'limit-file-size',
          `Limit the files that the web server of ${start.host} writes to ${LIMIT_BYTES} bytes`,
          ['sh', '-c', 'echo "ulimit -f $1" >>"$2"', 'limit', `${LIMIT_BYTES / BLOCK_BYTES}`, ENVIRONMENT],
        );
        return insertBefore(
          name,
          list,
          (step) => step === start,
          [limit],
          `no file may be larger than ${LIMIT_BYTES} bytes`,
        );
      }, steps),
      observe: starts.map(({ id, host }) => ({
        after: id,
        step: observe(`limits-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', LIMIT_IN_FORCE, 'limit', facts.services.web.executable],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const limit = /^(\d+|unlimited)$/.exec(firstLine(stdout))?.[1];
      if (exitCode !== 0 || limit === undefined)
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
      return limit !== 'unlimited' && Number(limit) <= LIMIT_BYTES
        ? { says: 'in-effect', words: `the running server may write files of at most ${limit} bytes` }
        : { says: 'nothing' };
    }),
};

/** Prints the limit, in bytes, of the first process that runs the program; exit code 2: there is none. */
const LIMIT_IN_FORCE = `for process in /proc/[0-9]*; do
  [ "$(readlink "$process/exe")" = "$1" ] || continue
  exec awk '/^Max file size/ { print $4 }' "$process/limits"
done
echo "no process runs $1" >&2; exit 2`;
