/**
 * How fast the driver fills a new database from the old one, converting and comparing, beside tools that copy without
 * either: alone, and beside live writes. The ways take turns in rounds, so that what else the machine does meets all.
 */
import type Dockerode from 'dockerode';
import type { Scenario } from '../contract/scenario.ts';
import type { Size } from '../contract/topology.ts';
import { type BenchFigure, type BenchResult, median } from './bench.ts';
import { toolsImage, transferImages } from './transfer-images.ts';
import { type TransferHost, type TransferStand, withTransferStand } from './transfer-stand.ts';
import { TRANSFER_WAYS, type TransferMeasurement, type TransferWay, transfer } from './transfer-ways.ts';
import { WRITES_PER_SECOND } from './transfer-writer.ts';

/** Limits that the project set itself: share of mariadb-dump's rows a second, megabytes of the driver. */
const LEAST_SHARE = 1;
const DRIVER_LIMIT_MB = 200;
const TOOLS = toolsImage('transfer', ['dump.sh', 'mydumper.sh']);

/** Everything that was measured in one round. */
export interface TransferRound {
  readonly idle: readonly TransferMeasurement[];
  readonly live: readonly TransferMeasurement[];
}

/** The benchmark, with every round for who wants to look. */
export interface TransferBenchResult extends BenchResult {
  readonly rounds: readonly TransferRound[];
}

/** Runs the benchmark. */
export async function benchTransfer(options: {
  readonly engine: Dockerode;
  readonly scenario: Scenario;
  readonly size: Size;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}): Promise<TransferBenchResult> {
  const images = await transferImages(options.scenario, options.size, TOOLS, options.say);
  options.signal.throwIfAborted();
  return withTransferStand({ ...options, images }, async (stand) => {
    // Reads all tables and waits for what a cold server would: no way is to be the first.
    await transfer(stand, 'dump', false);
    const rounds: TransferRound[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      options.say(`round ${round + 1} of ${options.rounds}`);
      rounds.push(await oneRound(stand, round, options));
    }
    return resultOf(stand, rounds);
  });
}

async function oneRound(
  stand: TransferStand,
  round: number,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<TransferRound> {
  const idle: TransferMeasurement[] = [];
  const live: TransferMeasurement[] = [];
  for (let turn = 0; turn < TRANSFER_WAYS.length; turn += 1) {
    const way = TRANSFER_WAYS[(turn + round) % TRANSFER_WAYS.length] as TransferWay;
    for (const [measured, writes] of [
      [idle, false],
      [live, true],
    ] as const) {
      signal.throwIfAborted();
      const one = await transfer(stand, way, writes);
      say(`${way}${writes ? ', live writes' : ''}: ${one.rows} rows in ${one.seconds.toFixed(1)} s`);
      measured.push(one);
    }
  }
  return { idle, live };
}

/** Reduces rounds to figures; exported for its test. */
export function resultOf(
  { cpus }: Pick<TransferStand, 'cpus'>,
  rounds: readonly TransferRound[],
): TransferBenchResult {
  type Of = (one: TransferMeasurement) => number | null;
  const all = (load: keyof TransferRound, way: TransferWay, of: Of): number[] =>
    rounds.flatMap((round) =>
      round[load].filter((one) => one.way === way).map((one) => of(one) ?? Number.NaN),
    );
  const figure = (
    name: string,
    unit: string,
    load: keyof TransferRound,
    of: Of,
    peer: TransferWay | null,
    limit: (peer: number) => number | null = () => null,
  ): BenchFigure => {
    const own = all(load, 'driver', of);
    const peers = peer === null ? null : median(all(load, peer, of));
    return {
      figure: name,
      unit,
      ours: median(own),
      least: Math.min(...own),
      most: Math.max(...own),
      peer: peers,
      limit: limit(peers ?? Number.NaN),
    };
  };
  const perSecond: Of = ({ rows, seconds }) => rows / seconds;
  const writeMs: Of = ({ written }) => written?.p95Ms ?? null;
  const beside = `beside ${WRITES_PER_SECOND} live writes/s`;
  return {
    name: 'transfer',
    peer: 'mariadb-dump | mariadb',
    runs: rounds.length,
    figures: [
      figure('rows/s', '1/s', 'idle', perSecond, 'dump', (peer) => peer * LEAST_SHARE),
      figure('rows/s; peer: mydumper, myloader', '1/s', 'idle', perSecond, 'mydumper'),
      figure(`rows/s ${beside}`, '1/s', 'live', perSecond, 'dump'),
      figure(`rows/s ${beside}; peer: mydumper, myloader`, '1/s', 'live', perSecond, 'mydumper'),
      figure('total time', 's', 'idle', ({ seconds }) => seconds, 'dump'),
      figure(`total time ${beside}`, 's', 'live', ({ seconds }) => seconds, 'dump'),
      figure('all compared once more', 's', 'idle', ({ compareAllS }) => compareAllS, null),
      figure(
        'driver, peak',
        'MB',
        'idle',
        ({ peakMb }) => peakMb,
        null,
        () => DRIVER_LIMIT_MB,
      ),
      figure(
        `driver, peak ${beside}`,
        'MB',
        'live',
        ({ peakMb }) => peakMb,
        null,
        () => DRIVER_LIMIT_MB,
      ),
      figure('p95 of live writes', 'ms', 'live', writeMs, 'dump'),
      figure('p95 of live writes; peer: mydumper, myloader', 'ms', 'live', writeMs, 'mydumper'),
    ],
    notes: [
      'limit: rows/s at least, MB at most',
      `${rounds[0]?.idle[0]?.rows ?? 0} rows of the old database at first. The peers convert nothing and compare nothing, and what is written beside them they do not bring over`,
      ...TRANSFER_WAYS.map((way) => coresOf(way, cpus, rounds)),
    ],
    rounds,
  };
}

/** What bounds a way: machines that use all they may. */
function coresOf(way: TransferWay, cpus: TransferStand['cpus'], rounds: readonly TransferRound[]): string {
  const used = (host: TransferHost): string => {
    const cores = rounds.flatMap(({ idle }) =>
      idle.filter((one) => one.way === way).map((one) => one.cores[host]),
    );
    return `${median(cores).toFixed(2)} of ${cpus[host]}`;
  };
  const tool = way === 'driver' ? 'driver' : 'tools';
  return `${way}, idle: old database ${used('old')} cores, new database ${used('new')}, ${tool} ${used(tool)}`;
}
