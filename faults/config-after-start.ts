import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { invert } from './edits.ts';
import { firstLine, type Shown } from './evidence.ts';
import { starts, writes } from './host-steps.ts';
import { evidenceOnceReached } from './once-reached.ts';
import { LOOK_FOR_PROGRAM, programIn } from './processes.ts';

const name = 'config-after-start';

/** A service is started before its configuration is written: it runs with the former one, or does not run. */
export const configAfterStart: Fault = {
  name,
  type: 1,
  violation: 'inverted',
  dependency: 'Parameter constraints',
  provenance: 'upfault',
  tiers: ['web', 'app'],
  summary:
    'The operator starts the upgraded service first and writes its configuration afterwards. It runs with whatever was there, and does not read the new one.',
  confirmedBy:
    'At the end, the service has been running since before its configuration was written; or it was started, does not run, and there is no configuration younger than the installation.',
  edit: ({ steps, facts, random, targets, observe }) => {
    const tier = random.pick(['web', 'app'] as const);
    const file = facts.files[tier === 'web' ? 'site' : 'app'];
    const met = targets(tier).flatMap((host) => {
      const write = steps.find(writes(host, file));
      const start = steps.find(starts(host));
      return write !== undefined && start !== undefined ? [{ host, write, start }] : [];
    });
    if (met.length === 0)
      return {
        applies: false,
        reason: 'the procedure configures and starts no web server and no application',
      };
    return {
      applies: true,
      steps: met.reduce<readonly Step[]>(
        (list, { write, start }) =>
          invert(name, list, write.id, start.id, 'started before its configuration is written'),
        steps,
      ),
      observe: met.map(({ host, start }) => ({
        after: 'end' as const,
        step: observe(start.id, host, {
          read: 'command',
          argv: ['sh', '-c', LOOK, 'look', facts.services[tier].executable, file],
        }),
      })),
    };
  },
  confirm: (readings, timeline) =>
    evidenceOnceReached(name, readings, timeline, ({ exitCode, stdout, stderr }) =>
      exitCode === 0 ? shownBy(stdout) : { says: 'unreadable', words: firstLine(stderr) },
    ),
};

/** Prints what runs since when; then how many seconds ago the file was written and the host installed. */
const LOOK = `${LOOK_FOR_PROGRAM}
now=$(date +%s.%N)
written=$(stat -c %.Y "$2" 2>/dev/null)
awk -v now="$now" -v written="$written" -v second="$(getconf CLK_TCK)" -v installed="$(sed 's/.*) //' /proc/1/stat | cut -d ' ' -f 20)" \\
  '{ if (written == "") printf "absent"; else printf "%.2f", now - written; printf " %.2f\\n", $1 - installed / second }' /proc/uptime`;

function shownBy(output: string): Shown {
  const program = programIn(output);
  const [, written, installedAgo] =
    /^(absent|[\d.]+) ([\d.]+)$/m.exec(output.trim().split('\n')[1] ?? '') ?? [];
  if (program === undefined || written === undefined || installedAgo === undefined)
    return { says: 'unreadable', words: firstLine(output) };
  const { startedS, readS } = program;
  const writtenAgoS = written === 'absent' ? Number.POSITIVE_INFINITY : Number(written);
  if (startedS === undefined)
    return writtenAgoS > Number(installedAgo)
      ? { says: 'in-effect', words: 'the service was started without its configuration, and does not run' }
      : { says: 'nothing' };
  const runsForS = readS - startedS;
  // With no file at all it cannot be told which is the elder.
  return runsForS > writtenAgoS
    ? {
        says: 'in-effect',
        words: `the service was started ${(runsForS - writtenAgoS).toFixed(1)} s before its configuration was written`,
      }
    : { says: 'nothing' };
}
