import type { Fault } from '../harness/contract/fault.ts';
import type { Step, WriteStep } from '../harness/contract/step.ts';
import { insertBefore, replace } from './edits.ts';
import { evidenceFrom, matched } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';

const name = 'entropy-blocked';
/** A pipe that a generator of random numbers would fill, if one ran. */
const DEVICE = '/run/random-generator';

/** The seed of random numbers is read from a device that has none to give. */
export const entropyBlocked: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Entropy for random-number generation',
  provenance: 'slides',
  tiers: ['web', 'app'],
  summary:
    'In the new configuration the operator names the pipe of a hardware generator as the source of random numbers. Nothing fills it: whoever reads from it waits.',
  confirmedBy: 'Reading from the device that the configuration on the host names ends by its time limit.',
  newOnly: 'a server that runs has read its seed',
  edit: ({ steps, facts, random, targets, observe }) => {
    const tier = random.pick(['web', 'app'] as const);
    const file = tier === 'web' ? facts.files.site : facts.files.app;
    const isSeeded = (step: Step): step is WriteStep =>
      step.kind === 'write' && step.path === file && step.content.includes(facts.seedDevice);
    const starts = targets(tier).flatMap((host) => {
      const start = startOf(host, steps);
      return start !== undefined && steps.some((step) => isSeeded(step) && step.host === host) ? [start] : [];
    });
    if (starts.length === 0)
      return { applies: false, reason: 'the procedure configures no source of random numbers' };
    const hosts = starts.map(({ host }) => host);
    const note = `${DEVICE} instead of ${facts.seedDevice}`;
    const written = replace(
      name,
      steps,
      (step): step is WriteStep => isSeeded(step) && hosts.includes(step.host),
      (step) => ({ ...step, content: step.content.replaceAll(facts.seedDevice, DEVICE) }),
      note,
    );
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>((list, start) => {
        const pipe = commandBeside(
          start,
          'make-generator-pipe',
          `Make the pipe of a random-number generator on ${start.host}`,
          ['mkfifo', '-m', '0644', DEVICE],
        );
        return insertBefore(name, list, (step) => step === start, [pipe], note);
      }, written),
      observe: hosts.map((host) => ({
        after: 'end' as const,
        step: observe(`seed-${host}`, host, {
          read: 'command',
          argv: ['sh', '-c', READ_SEED, 'seed', file],
        }),
      })),
    };
  },
  confirm: (readings) => evidenceFrom(readings, matched('the source of random numbers blocks')),
};

/** Exit code 1: it gives bytes; 2: the configuration names no device. */
const READ_SEED =
  'device=$(grep -oE "(file:|\\"[A-Za-z]*[sS]eed[A-Za-z]*\\": *\\")/[^ \\"]+" "$1" | head -n 1 | sed "s/^[^/]*//"); [ -n "$device" ] || { echo "no seed device in $1" >&2; exit 2; }; timeout 1 head -c 16 "$device" >/dev/null; [ $? -eq 124 ] && echo "reading $device timed out"';
