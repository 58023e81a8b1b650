/**
 * What the ingress interceptor costs: requests a second and latency through it, through it while it mirrors,
 * through HAProxy with one thread, and without anything between. The four take turns in rounds, so that what
 * else the machine does meets all of them.
 */
import type Dockerode from 'dockerode';
import { type BenchFigure, type BenchResult, median } from './bench.ts';
import { standImages } from './ingress-images.ts';
import { type Load, type Measurement, measure, WAYS, type Way } from './ingress-load.ts';
import { type Stand, withStand } from './ingress-stand.ts';

/** Limits that the project set itself: shares of HAProxy's requests a second, milliseconds on the median. */
const LEAST_SHARE = 0.6;
const LEAST_SHARE_MIRRORING = 0.4;
const MOST_ADDED_MS = 0.3;

const FULL: Load = { seconds: 4, connections: 32, perSecond: 0 };
const STEADY: Load = { seconds: 5, connections: 8, perSecond: 200 };
const WARM_UP: Load = { ...FULL, seconds: 3 };

/** Everything that was measured in one round. */
export interface IngressRound {
  readonly full: readonly Measurement[];
  readonly steady: readonly Measurement[];
}

/** The benchmark, with every round for who wants to look. */
export interface IngressBenchResult extends BenchResult {
  readonly rounds: readonly IngressRound[];
}

/** Runs the benchmark: some 55 s a round. */
export async function benchIngress(options: {
  readonly engine: Dockerode;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}): Promise<IngressBenchResult> {
  const images = await standImages(options.say);
  options.signal.throwIfAborted();
  return withStand(options.engine, images, async (stand) => {
    for (const way of WAYS) {
      await measure(stand, way, WARM_UP);
    }
    const rounds: IngressRound[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      options.signal.throwIfAborted();
      options.say(`round ${round + 1} of ${options.rounds}`);
      rounds.push(await oneRound(stand, round, options.signal));
    }
    return resultOf(stand, rounds);
  });
}

async function oneRound(stand: Stand, round: number, signal: AbortSignal): Promise<IngressRound> {
  const full: Measurement[] = [];
  const steady: Measurement[] = [];
  for (let turn = 0; turn < WAYS.length; turn += 1) {
    const way = WAYS[(turn + round) % WAYS.length] as Way;
    signal.throwIfAborted();
    full.push(await measure(stand, way, FULL));
    steady.push(await measure(stand, way, STEADY));
  }
  return { full, steady };
}

/** Reduces rounds to figures; exported for its test. */
export function resultOf(
  { cores }: Pick<Stand, 'cores'>,
  rounds: readonly IngressRound[],
): IngressBenchResult {
  const all = (load: keyof IngressRound, way: Way, of: (one: Measurement) => number): number[] =>
    rounds.flatMap((round) => round[load].filter((one) => one.way === way).map(of));
  const perSecond = (one: Measurement): number => one.perSecond;
  const perCpuSecond = (one: Measurement): number => one.perSecond / (one.proxyBusy ?? Number.NaN);
  const figure = (
    name: string,
    unit: string,
    of: (way: Way) => number[],
    [ours, peer]: readonly [Way, Way | null],
    limit: (peer: number) => number | null = () => null,
  ): BenchFigure => {
    const own = of(ours);
    const peers = peer === null ? null : median(of(peer));
    return {
      figure: name,
      unit,
      ours: median(own),
      peer: peers,
      limit: limit(peers ?? Number.NaN),
      ...spread(own),
    };
  };
  const throughput = (way: Way): number[] => all('full', way, perSecond);
  const efficiency = (way: Way): number[] => all('full', way, perCpuSecond);
  const fullP50 = (way: Way): number[] => all('full', way, (one) => one.p50Ms);
  const steadyP50 = (way: Way): number[] => all('steady', way, (one) => one.p50Ms);
  const steadyP95 = (way: Way): number[] => all('steady', way, (one) => one.p95Ms);
  const added = (way: Way): number[] => {
    const direct = steadyP50('direct');
    return steadyP50(way).map((value, round) => value - (direct[round] as number));
  };
  return {
    name: 'ingress',
    peer: 'HAProxy, one thread, TLS to the origin, verified',
    runs: rounds.length,
    figures: [
      figure('requests/s', '1/s', throughput, ['ingress', 'haproxy'], (peer) => peer * LEAST_SHARE),
      figure(
        'requests/s, mirroring',
        '1/s',
        throughput,
        ['mirroring', 'haproxy'],
        (peer) => peer * LEAST_SHARE_MIRRORING,
      ),
      figure('requests/s, nothing between', '1/s', throughput, ['direct', null]),
      figure('requests per CPU second', '1/s', efficiency, ['ingress', 'haproxy']),
      figure('requests per CPU second, mirroring', '1/s', efficiency, ['mirroring', 'haproxy']),
      figure('p50 at full load', 'ms', fullP50, ['ingress', 'haproxy']),
      figure('p50 at 200/s', 'ms', steadyP50, ['ingress', 'haproxy']),
      figure('p50 at 200/s, nothing between', 'ms', steadyP50, ['direct', null]),
      figure('added to p50 at 200/s', 'ms', added, ['ingress', 'haproxy'], () => MOST_ADDED_MS),
      figure('added to p50 at 200/s, mirroring', 'ms', added, ['mirroring', 'haproxy'], () => MOST_ADDED_MS),
      figure('p95 at 200/s', 'ms', steadyP95, ['ingress', 'haproxy']),
    ],
    notes: notesOf(cores.measured, rounds),
    rounds,
  };
}

function spread(values: readonly number[]): { readonly least: number; readonly most: number } {
  return { least: Math.min(...values), most: Math.max(...values) };
}

/** What bounds each figure: a proxy that does not keep its core busy is not what limits. */
function notesOf(core: string, rounds: readonly IngressRound[]): string[] {
  const lines = WAYS.map((way) => {
    const of = (read: (one: Measurement) => number): number =>
      median(rounds.flatMap(({ full }) => full.filter((one) => one.way === way).map(read)));
    const proxy =
      way === 'direct' ? '' : `the proxy ${of((one) => one.proxyBusy ?? 0).toFixed(2)} of core ${core}, `;
    const drops =
      way === 'mirroring'
        ? `; ${(100 * of((one) => one.dropped ?? 0)).toFixed(1)} % of messages dropped`
        : '';
    return `${way} at full load: ${proxy}all else ${of((one) => one.otherCores).toFixed(2)} cores${drops}`;
  });
  return ['limit: requests/s at least, milliseconds at most', ...lines];
}
