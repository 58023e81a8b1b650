import type { Fault } from '../harness/contract/fault.ts';
import type { InstallStep, Step } from '../harness/contract/step.ts';
import { replace } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { installOf } from './host-lifecycle.ts';

const name = 'disk-slow';
/** What the slow disk reads and writes in a second, each: a tenth of what an ordinary disk of twenty years ago did. */
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
    'The operator installs the database server on a machine whose disk is slow. The kernel limits what it reads and writes, buffered or not.',
  confirmedBy:
    'Right after the installation, reading a file of the database past all caches is no faster than twice the limit.',
  newOnly: 'its machines are not installed',
  edit: ({ steps, facts, hosts, observe }) => {
    const [primary = ''] = hosts('db');
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
            argv: ['sh', '-c', READ, 'read', facts.databaseDirectory],
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
        ? { says: 'in-effect', words: `its disk gives ${(bytesPerSecond / 1e6).toFixed(1)} MB/s` }
        : { says: 'nothing' };
    }),
};

/** 2 MB of the largest file, past the page cache. */
const READ =
  'file=$(find "$1" -type f -printf "%s %p\\n" | sort -rn | head -n 1 | cut -d" " -f2-); LC_ALL=C dd if="$file" of=/dev/null bs=64k count=32 iflag=direct 2>&1';
