/** `upfault bench NAME`: speed and memory, beside a peer in the same run. Benchmarks are not tests: nothing is judged by time. */
import { fileURLToPath } from 'node:url';
import type { CommandModule } from 'yargs';
import { type BenchResult, benchTable } from '../bench/bench.ts';
import { benchTrial } from '../bench/trial.ts';
import { connectEngine } from '../provision/engine.ts';
import { resolveImages } from '../setup/image-build.ts';
import { findK6 } from '../setup/k6.ts';
import { projectImages } from '../setup/project-images.ts';
import { InterruptedError } from './errors.ts';
import { requestOf, type TrialOptions, withTrialOptions } from './trial-options.ts';

interface BenchArguments extends TrialOptions {
  readonly name: string;
  readonly runs: number;
  readonly json: boolean;
}

const NAMES = ['trial'] as const;
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

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
    const result = await measure(options, runs);
    process.stdout.write(json ? `${JSON.stringify(withRatios(result), null, 2)}\n` : benchTable(result));
  },
};

async function measure(options: TrialOptions, runs: number): Promise<BenchResult> {
  const { scenario, seed, windows, reach, hosts, scale, rate, schema, onFailure } = options;
  const request = requestOf(
    { scenario, seed, windows, reach, hosts, scale, rate, schema, onFailure },
    { approaches: ['none'], faults: [], reps: 1, controls: runs, port: 0 },
  );
  const k6 = await findK6();
  if (k6 === undefined) throw new Error('bench: k6 is not there; run `./upfault setup`');
  const interruption = new AbortController();
  const interrupt = () =>
    interruption.abort(new InterruptedError('bench: interrupted; everything was torn down'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
  return benchTrial({
    engine: await connectEngine(),
    images: Object.fromEntries(
      await resolveImages(projectImages({ hosts: request.hosts, scale: request.scale })),
    ),
    k6,
    repository: REPOSITORY,
    request,
    runs,
    signal: interruption.signal,
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
