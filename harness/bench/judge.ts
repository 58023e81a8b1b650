/**
 * What judging and reporting a campaign take, by its size: in processes of their own, as users run them. The peer is the floor
 * of any judge: the same files read and parsed, checked by nobody and let go. How long the page then takes to open is measured last.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CampaignRequest } from '../campaign/request.ts';
import { type BenchFigure, type BenchResult, median } from './bench.ts';
import { BENCH_CONTROLS, benchSchedule, writeBenchCampaign } from './judge-campaign.ts';
import { openingResult, openReport } from './judge-page.ts';
import type { WorkUsed } from './judge-work.ts';

/** Trials of the campaigns, the smaller with the limits that the project set itself, the larger to see whether they grow in step. */
export const JUDGE_SIZES = { limited: 1_000, large: 10_000 };
const LIMIT_S = 10;
const LIMIT_MB = 400;
/** A trial of the large campaign may take a tenth more than one of the other: beyond it, the time does not grow in step. */
const LIMIT_GROWTH = 1.1;

const WORK = fileURLToPath(new URL('judge-work.ts', import.meta.url));
const WAYS = ['parse', 'judge', 'report'] as const;
type Way = (typeof WAYS)[number];

/** One piece of work, measured from outside (seconds) and by itself. */
export interface WorkMeasurement extends WorkUsed {
  readonly seconds: number;
}

/** What was measured of one campaign in one round. */
export type JudgeRound = Readonly<Record<Way, WorkMeasurement>>;

/** Rounds by campaign. */
export type JudgeRounds = Readonly<Record<keyof typeof JUDGE_SIZES, readonly JudgeRound[]>>;

/** Runs the benchmark. The campaigns are written once, to a folder that is removed again. */
export async function benchJudge(options: {
  readonly request: CampaignRequest;
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}): Promise<BenchResult> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'upfault-bench-judge-'));
  try {
    const rounds = { limited: [] as JudgeRound[], large: [] as JudgeRound[] };
    for (const [size, trials] of Object.entries(JUDGE_SIZES)) {
      options.say(`writes ${trials} trials`);
      const folder = path.join(root, size);
      await writeBenchCampaign(folder, options.request, trials);
      // Whoever comes first would pay for what is on its way to the disk.
      await measured('parse', folder, options.signal);
      for (let run = 0; run < options.runs; run += 1)
        rounds[size as keyof JudgeRounds].push(await oneRound(folder, run, options));
    }
    const openings = await openReport({
      folder: path.join(root, 'limited'),
      trials: benchSchedule(options.request, JUDGE_SIZES.limited),
      runs: options.runs,
      signal: options.signal,
      say: options.say,
    });
    const { figures, notes } = openingResult(openings, JUDGE_SIZES.limited);
    const result = resultOf(rounds);
    return {
      ...result,
      figures: [...result.figures, ...figures],
      notes: [...(result.notes ?? []), ...notes],
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function oneRound(
  folder: string,
  run: number,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<JudgeRound> {
  const found = new Map<Way, WorkMeasurement>();
  for (let turn = 0; turn < WAYS.length; turn += 1) {
    const way = WAYS[(turn + run) % WAYS.length] as Way;
    const one = await measured(way, folder, signal);
    say(`${way}: ${one.seconds.toFixed(2)} s, ${one.cpuS.toFixed(2)} CPU s, ${one.peakMb.toFixed(0)} MB`);
    found.set(way, one);
  }
  return Object.fromEntries(found) as JudgeRound;
}

/** @throws Error where the work fails or finds a trial damaged. */
async function measured(way: Way, folder: string, signal: AbortSignal): Promise<WorkMeasurement> {
  signal.throwIfAborted();
  const startNs = process.hrtime.bigint();
  const child = spawn(process.execPath, [...process.execArgv, WORK, way, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  let last = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    last = `${last}${text}`.slice(-1000);
  });
  const [code] = await once(child, 'close');
  const seconds = Number(process.hrtime.bigint() - startNs) / 1e9;
  if (code !== 0) throw new Error(`bench judge: ${way} ${folder}: ended with ${code}`);
  return { ...(JSON.parse(last.trimEnd().split('\n').at(-1) ?? '') as WorkUsed), seconds };
}

/** Reduces rounds of work to figures; exported for its test. */
export function resultOf(rounds: JudgeRounds): BenchResult {
  const figure = (
    name: string,
    unit: string,
    size: keyof JudgeRounds,
    ours: (round: JudgeRound) => number,
    peer: (parse: WorkMeasurement) => number,
    limit: number | null = null,
  ): BenchFigure => {
    const own = rounds[size].map(ours);
    return {
      figure: `${name}, ${JUDGE_SIZES[size]} trials`,
      unit,
      ours: median(own),
      least: Math.min(...own),
      most: Math.max(...own),
      limit,
      peer: median(rounds[size].map(({ parse }) => peer(parse))),
    };
  };
  const both = ({ judge, report }: JudgeRound) => judge.seconds + report.seconds;
  const cpu = ({ judge, report }: JudgeRound) => judge.cpuS + report.cpuS;
  const peak = ({ judge, report }: JudgeRound) => Math.max(judge.peakMb, report.peakMb);
  const perTrial = (size: keyof JudgeRounds) => median(rounds[size].map(both)) / JUDGE_SIZES[size];
  const seconds = ({ seconds: taken }: WorkMeasurement) => taken;
  return {
    name: 'judge',
    peer: 'the same files parsed by JSON.parse and csv-parse, and let go',
    runs: rounds.limited.length,
    figures: [
      figure('judge', 's', 'limited', ({ judge }) => judge.seconds, seconds),
      figure('judge + report', 's', 'limited', both, seconds, LIMIT_S),
      figure('judge + report, CPU', 's', 'limited', cpu, ({ cpuS }) => cpuS),
      figure('peak', 'MB', 'limited', peak, ({ peakMb }) => peakMb, LIMIT_MB),
      figure('judge', 's', 'large', ({ judge }) => judge.seconds, seconds),
      figure('judge + report', 's', 'large', both, seconds),
      figure('judge + report, CPU', 's', 'large', cpu, ({ cpuS }) => cpuS),
      figure('peak', 'MB', 'large', peak, ({ peakMb }) => peakMb),
      {
        figure: 'a trial of the large campaign over one of the other',
        unit: 'ratio',
        ours: perTrial('large') / perTrial('limited'),
        peer: null,
        limit: LIMIT_GROWTH,
      },
    ],
    notes: [
      'limits: at most. report judges as well: users who want both run it alone',
      `${BENCH_CONTROLS} controls of each approach and without an upgrade; every other trial plants a fault of the catalogue. An event log has some 250 to 300 lines, as real ones of the quick windows have`,
    ],
  };
}
