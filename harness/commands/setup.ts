/** `upfault setup`: brings the machine up, or says what is missing. */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { CommandModule } from 'yargs';
import { assertWhole } from '../campaign/request.ts';
import type { Size } from '../contract/topology.ts';
import { UsageError } from '../errors.ts';
import { cacheFolder } from '../setup/folders.ts';
import { withLock } from '../setup/lock.ts';
import type { PartReport } from '../setup/part.ts';
import { DEFAULT_SIZE, projectImages } from '../setup/project-images.ts';
import { describeRemoval, planMachineRemoval, removeFromMachine } from '../setup/removal.ts';
import { checkMachine, type SetUpListener, setUpMachine } from '../setup/set-up.ts';
import { SetUpError } from '../setup/set-up-error.ts';

interface SetUpArguments {
  readonly check: boolean | undefined;
  readonly json: boolean | undefined;
  readonly remove: boolean | undefined;
  readonly yes: boolean | undefined;
  readonly hosts: number;
  readonly scale: number;
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
        describe: 'Only report what is there and what is missing',
      })
      .option('json', { type: 'boolean', describe: 'Print the report as JSON' })
      .option('remove', {
        type: 'boolean',
        describe: 'Take away what set-up brought, after asking; images from a registry stay',
      })
      .option('yes', {
        type: 'boolean',
        implies: 'remove',
        describe: 'With --remove: do not ask',
      })
      .option('hosts', {
        type: 'number',
        default: DEFAULT_SIZE.hosts,
        describe: 'Hosts of each tier, 2 to 4; balancers are always two',
      })
      .option('scale', {
        type: 'number',
        default: DEFAULT_SIZE.scale,
        describe: 'Share of the full data set that the images hold',
      })
      .conflicts('remove', ['check', 'json']),
  handler: async ({ check, json, remove, yes, hosts, scale }) => {
    if (remove === true) {
      await exclusively(() => removeAll(yes === true));
      return;
    }
    const images = projectImages(checkedSize(hosts, scale));
    const listener = json === true ? jsonListener : plainListener;
    const reports =
      check === true
        ? await checkMachine(images, listener)
        : await exclusively(() => setUpMachine(images, listener));
    const complete = reports.every(({ state }) => state !== 'missing');
    if (json === true) process.stdout.write(`${JSON.stringify({ complete, parts: reports }, null, 2)}\n`);
    if (!complete) process.exitCode = 1;
  },
};

function checkedSize(hosts: number, scale: number): Size {
  assertWhole('setup: --hosts', hosts, 2, 4);
  if (!(scale > 0 && scale <= 1))
    throw new UsageError(`setup: --scale is ${scale}; more than 0 and at most 1 is allowed`);
  return { hosts, scale };
}

function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return withLock(join(cacheFolder(), 'setup.lock'), sayWaiting, work);
}

async function removeAll(yes: boolean): Promise<void> {
  const plan = await planMachineRemoval();
  process.stdout.write(describeRemoval(plan));
  if (!yes && !(await confirmed('Remove all of this? [y/N] ')))
    throw new SetUpError('setup --remove: nothing was removed');
  await removeFromMachine(plan, (line) => process.stdout.write(`${line}\n`));
}

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('setup --remove: there is no terminal to ask on; --yes removes without asking');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

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
