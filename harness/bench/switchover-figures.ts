/** From trials with many switches, and renames beside as many writes, to the benchmark's figures. */
import type { TrialRecord } from '../../results/schema.ts';
import { type BenchFigure, type BenchResult, median } from './bench.ts';

/** Limits that the project set itself for a quiescence at one of the rates: median and 99th percentile. */
const LIMITED_RATE = 150;
const MEDIAN_LIMIT_MS = 50;
const P99_LIMIT_MS = 150;

/** One system, in which clients were switched several times, and the renames beside its rate of writes. */
export interface SwitchoverRun {
  readonly rate: number;
  /** Of the data that was asked for. */
  readonly multiple: number;
  readonly record: Pick<TrialRecord, 'upgrade' | 'imago' | 'horizon' | 'ledger'>;
  readonly renamesMs: readonly number[];
}

/** Reduces them. @param switches - in each run, as planned */
export function switchoverResult(runs: readonly SwitchoverRun[], switches: number): BenchResult {
  const all = runs.flatMap(switchesOf);
  const lost = (run: SwitchoverRun) => run.record.ledger?.afterHorizon.lost ?? Number.NaN;
  return {
    name: 'switchover',
    peer: 'pt-online-schema-change: the rename of one table, beside as many writes a second',
    runs: all.length,
    figures: [
      ...runs.flatMap(figuresOf),
      p99Figure(
        'quiescence, all switches, 99th percentile',
        all.map(({ lastedMs }) => lastedMs),
        runs,
      ),
      {
        ...spread(
          'quiescence, all switches',
          'ms',
          all.map(({ lastedMs }) => lastedMs),
        ),
        peer: median(runs.flatMap(({ renamesMs }) => renamesMs)),
      },
      sum('requests failed', runs.map(failedOf)),
      sum('writes lost', runs.map(lost)),
      sum('holds that ended by their own limit', [all.filter(({ ended }) => ended !== 'released').length]),
      sum(
        'switches planned but not made',
        runs.map((run) => switches - switchesOf(run).length),
      ),
    ],
    notes: [
      'limit: at most; least..most over the switches of a row; a 99th percentile is the largest of so few unless there are a hundred',
      'A quiescence lasts from the hold to the release: requests in flight end, updates are drained and compared, clients are redirected',
      'Clients are sent to the old universe’s entry by all switches of a system but the last, which sends them to the new one',
      'A quiescence holds every request to the site and compares what changed; the rename holds those that need one table, and compares nothing',
      'Requests failed and writes lost: over the whole horizon of every system. Renames were on a database of their own with writes only',
    ],
  };
}

function figuresOf(run: SwitchoverRun): BenchFigure[] {
  const of = `${run.rate}/s, ${run.multiple}x data`;
  const made = switchesOf(run);
  const lasted = made.map(({ lastedMs }) => lastedMs);
  const limited = run.rate === LIMITED_RATE;
  return [
    {
      ...spread(`quiescence at ${of}`, 'ms', lasted),
      peer: median(run.renamesMs),
      limit: limited ? MEDIAN_LIMIT_MS : null,
    },
    {
      ...p99Figure(`quiescence at ${of}, 99th percentile`, lasted, [run]),
      limit: limited ? P99_LIMIT_MS : null,
    },
    spread(
      `requests waiting at ${of}`,
      'most at once',
      made.map(({ peakWaiting }) => peakWaiting),
    ),
  ];
}

function switchesOf({ record }: SwitchoverRun) {
  return (record.imago?.quiescences ?? []).filter(({ phase }) => /^switch(-\d+)?$/.test(phase));
}

function failedOf({ record: { horizon } }: SwitchoverRun): number {
  return horizon === null ? Number.NaN : Object.values(horizon.failed).reduce((sum, one) => sum + one, 0);
}

function spread(figure: string, unit: string, values: readonly number[]): BenchFigure {
  const ours = median(values);
  const ends = values.length === 0 ? {} : { least: Math.min(...values), most: Math.max(...values) };
  return { figure, unit, ours, ...ends, peer: null, limit: null };
}

/** The peer's is its largest: of a few renames no 99th percentile can be told. */
function p99Figure(figure: string, values: readonly number[], runs: readonly SwitchoverRun[]): BenchFigure {
  const sorted = values.toSorted((a, b) => a - b);
  const ours = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
  return {
    figure,
    unit: 'ms',
    ours,
    peer: Math.max(...runs.flatMap(({ renamesMs }) => renamesMs)),
    limit: null,
  };
}

function sum(figure: string, counts: readonly number[]): BenchFigure {
  return { figure, unit: 'in all', ours: counts.reduce((all, one) => all + one, 0), peer: null, limit: 0 };
}
