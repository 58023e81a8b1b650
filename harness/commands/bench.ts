/** `upfault bench NAME`: speed and memory, beside a peer in the same run. Benchmarks are not tests: nothing is judged by time. */
import type { CommandModule } from 'yargs';
import { type BenchResult, benchTable } from '../bench/bench.ts';
import { benchIngress } from '../bench/ingress.ts';
import { benchJudge } from '../bench/judge.ts';
import { benchPlan } from '../bench/plan.ts';
import { benchSwitchover } from '../bench/switchover.ts';
import { benchTransfer } from '../bench/transfer.ts';
import { benchTrial } from '../bench/trial.ts';
import { findInstrument, interruptionOf } from '../campaign/instrument.ts';
import { scenarioNamed } from '../campaign/prepare.ts';
import { assertWhole } from '../campaign/request.ts';
import { selectFaults } from '../campaign/selection.ts';
import { connectEngine } from '../provision/engine.ts';
import { buildImages } from '../setup/image-build.ts';
import { projectImages } from '../setup/project-images.ts';
import { requestOf, type TrialOptions, withTrialOptions } from './trial-options.ts';

interface BenchArguments extends TrialOptions {
  readonly name: (typeof NAMES)[number];
  readonly runs: number;
  readonly json: boolean;
}

const MOST_RUNS = 100;

const NAMES = ['ingress', 'judge', 'plan', 'switchover', 'transfer', 'trial'] as const;

/** The command. */
export const benchCommand: CommandModule<object, BenchArguments> = {
  command: 'bench <name>',
  describe: 'Measure speed and memory beside a peer in the same run',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .positional('name', { choices: NAMES, demandOption: true, describe: 'What to measure' })
      .option('runs', { type: 'number', default: 3, describe: 'Repetitions' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print figures and ratios as JSON',
      }) as never,
  handler: async ({ json, runs, ...options }) => {
    assertWhole('bench: --runs', runs, 1, MOST_RUNS);
    const result = await measures[options.name](options, runs);
    process.stdout.write(json ? `${JSON.stringify(withRatios(result), null, 2)}\n` : benchTable(result));
  },
};

const measures: Readonly<
  Record<(typeof NAMES)[number], (options: TrialOptions, runs: number) => Promise<BenchResult>>
> = {
  ingress: (_, runs) => measureIngress(runs),
  judge: (options, runs) =>
    benchJudge({
      request: plannedRequest(options),
      runs,
      signal: interruptionOf('bench'),
      say: (line) => void process.stderr.write(`bench judge: ${line}\n`),
    }),
  plan: async (options, runs) => benchPlan(plannedRequest(options), runs),
  switchover: measureSwitchover,
  transfer: measureTransfer,
  trial: measureTrial,
};

/** Every fault of the catalogue. */
function plannedRequest(options: TrialOptions) {
  const faults = selectFaults('bench', ['all']);
  return requestOf(options, { approaches: [], faults, reps: 1, controls: 0, port: 0 });
}

async function measureTrial(options: TrialOptions, runs: number): Promise<BenchResult> {
  const asked = { approaches: ['none'], faults: [], reps: 1, controls: runs, port: 0 };
  const request = requestOf(options, asked);
  const instrument = await findInstrument('bench', { hosts: request.hosts, scale: request.scale });
  return benchTrial({ ...instrument, request, runs, signal: interruptionOf('bench') });
}

async function measureIngress(runs: number): Promise<BenchResult> {
  const say = (line: string) => void process.stderr.write(`bench ingress: ${line}\n`);
  return benchIngress({
    engine: await connectEngine(),
    rounds: runs,
    signal: interruptionOf('bench'),
    say,
  });
}

async function measureSwitchover(options: TrialOptions, runs: number): Promise<BenchResult> {
  const asked = { approaches: ['imago'], faults: [], reps: 1, controls: 1, port: 0 };
  const request = requestOf(options, asked);
  const signal = interruptionOf('bench');
  const say = (line: string) => void process.stderr.write(`bench switchover: ${line}\n`);
  // Ten times the data is in images that no other command needs: built here, where they are missing.
  const instrumentOf = async (scale: number) => {
    const size = { hosts: request.hosts, scale };
    await buildImages(projectImages(size), (_, line) => say(line));
    return findInstrument('bench', size);
  };
  return benchSwitchover({ instrumentOf, request, switches: runs, signal, say });
}

async function measureTransfer(options: TrialOptions, runs: number): Promise<BenchResult> {
  const asked = { approaches: ['imago'], faults: [], reps: 1, controls: 1, port: 0 };
  const { scenario, hosts, scale } = requestOf(options, asked);
  return benchTransfer({
    engine: await connectEngine(),
    scenario: scenarioNamed('bench', scenario),
    size: { hosts, scale },
    rounds: runs,
    signal: interruptionOf('bench'),
    say: (line) => void process.stderr.write(`bench transfer: ${line}\n`),
  });
}

function withRatios(result: BenchResult) {
  return {
    ...result,
    figures: result.figures.map((figure) => ({
      ...figure,
      ratio: figure.peer === null ? null : figure.ours / figure.peer,
    })),
  };
}
