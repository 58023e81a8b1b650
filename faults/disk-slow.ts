import type { Fault } from '../harness/contract/fault.ts';
import type { InstallStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { installOf } from './host-lifecycle.ts';
import { primaryAtEnd } from './primary.ts';

const name = 'disk-slow';
/** What the slow disk reads and writes in a second, each, past the page cache: a tenth of what an ordinary disk of twenty years ago did. */
const BYTES_PER_SECOND = 4_000_000;

/** The new database host has a slow disk. */
export const diskSlow: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Disk speed',
  provenance: 'slides',
  tiers: ['db'],
  summary:
    'The operator installs the database server on a machine whose disk is slow. The kernel limits what it reads and what it writes past the page cache, as the server writes its tables; buffered writes only where it has control groups of version 2.',
  confirmedBy:
    'Right after the installation, writing a scratch file beside the database’s, past all caches, is no faster than twice the limit.',
  newOnly: 'its machines are not installed',
  edit: (context) => {
    const { steps, facts, observe } = context;
    const primary = primaryAtEnd(context);
    const install = installOf(primary, steps);
    if (install === undefined)
      return {
        applies: false,
        reason: 'the procedure installs no database host, whose disk could be another',
      };
    return {
      applies: true,
      steps: replace(
        name,
        steps,
        (step): step is InstallStep => step === install,
        (step: Step) => ({
          ...(step as InstallStep),
          deviation: { diskBytesPerSecond: BYTES_PER_SECOND },
        }),
        `its disk gives ${BYTES_PER_SECOND / 1e6} MB/s`,
      ),
      observe: [
        {
          after: install.id,
          step: observe('speed', primary, {
            read: 'command',
            argv: ['sh', '-c', WRITE, 'write', facts.databaseDirectory],
          }),
        },
      ],
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout, stderr }) => {
      const copied = /^(\d+) bytes .* copied, ([\d.e+-]+) s,/m.exec(stdout);
      const seconds = Number(copied?.[2]);
      if (exitCode !== 0 || copied === null || !(seconds > 0))
        return { says: 'unreadable', words: `exit code ${exitCode}: ${firstLine(stderr || stdout)}` };
      const bytesPerSecond = Number(copied[1]) / seconds;
      return bytesPerSecond <= 2 * BYTES_PER_SECOND
        ? { says: 'in-effect', words: `its disk takes ${(bytesPerSecond / 1e6).toFixed(1)} MB/s` }
        : { says: 'nothing' };
    }),
};

/** 2 MB, in a file that is gone afterwards. */
const WRITE =
  'file=$(mktemp -p "$1") || exit 2; LC_ALL=C dd if=/dev/zero of="$file" bs=64k count=32 oflag=direct 2>&1; code=$?; rm "$file"; exit "$code"';
