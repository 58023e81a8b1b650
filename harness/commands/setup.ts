/** `upfault setup`: brings the machine up, or says what is missing. */
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { cacheFolder } from '../setup/folders.ts';
import { withLock } from '../setup/lock.ts';
import type { PartReport } from '../setup/part.ts';
import { DEFAULT_SIZE, projectImages } from '../setup/project-images.ts';
import { checkMachine, type SetUpListener, setUpMachine } from '../setup/set-up.ts';

interface SetUpArguments {
  readonly check: boolean;
  readonly json: boolean;
}

/** The command. Exit code 1 where a part is missing (`--check`) or cannot be brought. */
export const setupCommand: CommandModule<object, SetUpArguments> = {
  command: 'setup',
  describe:
    'Bring this machine up: container engine, Node.js, k6, images. Repeating it is quick and harmless',
  builder: (yargs) =>
    yargs
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'Only report what is there and what is missing',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the report as JSON' }),
  handler: async ({ check, json }) => {
    const images = projectImages(DEFAULT_SIZE);
    const listener = json ? jsonListener : plainListener;
    const reports = check
      ? await checkMachine(images, listener)
      : await withLock(join(cacheFolder(), 'setup.lock'), sayWaiting, () => setUpMachine(images, listener));
    const complete = reports.every(({ state }) => state !== 'missing');
    if (json) process.stdout.write(`${JSON.stringify({ complete, parts: reports }, null, 2)}\n`);
    if (!complete) process.exitCode = 1;
  },
};

const plainListener: SetUpListener = {
  says: (part, line) => process.stdout.write(`${column(part)} ...      ${line}\n`),
  reports: (report) => process.stdout.write(`${reportLine(report)}\n`),
};

// Standard output is the JSON's alone.
const jsonListener: SetUpListener = {
  says: (part, line) => process.stderr.write(`${part}: ${line}\n`),
  reports: () => undefined,
};

function reportLine({ part, state, detail, seconds }: PartReport): string {
  return `${column(part)} ${state.padEnd(8)} ${detail} (${seconds.toFixed(1)} s)`;
}

function column(part: string): string {
  return part.padEnd(24);
}

function sayWaiting(holderPid: string): void {
  process.stderr.write(
    `waiting for another set-up${holderPid === '' ? '' : ` (process ${holderPid})`} to end\n`,
  );
}
