/** What every benchmark gives: figures of this project beside those of a peer in the same run, as ratios. */
import { median as medianOfSome } from 'simple-statistics';

/** One line of a benchmark's table. */
export interface BenchFigure {
  readonly figure: string;
  readonly unit: string;
  readonly ours: number;
  /** Null where there is no peer for this figure; then `limit` says what it is held against. */
  readonly peer: number | null;
  /** The figure that the project set itself, if it did. */
  readonly limit: number | null;
  /** Smallest and largest of the runs, where there is one value a run. */
  readonly least?: number;
  readonly most?: number;
}

/** A benchmark that was run. */
export interface BenchResult {
  readonly name: string;
  /** What the peer is. */
  readonly peer: string;
  readonly runs: number;
  readonly figures: readonly BenchFigure[];
  /** What a reader must know beside the figures: what bounds them, for example. */
  readonly notes?: readonly string[];
}

/** Median of the values; NaN of none, which prints as such. */
export function median(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : medianOfSome([...values]);
}

/** The table of a benchmark for people. */
export function benchTable(result: BenchResult): string {
  const rows = result.figures.map(({ figure, unit, ours, least, most, peer, limit }) => [
    `${figure} (${unit})`,
    shown(ours),
    least === undefined || most === undefined ? '-' : `${shown(least)}..${shown(most)}`,
    peer === null ? '-' : shown(peer),
    peer === null ? '-' : (ours / peer).toFixed(2),
    limit === null ? '-' : shown(limit),
  ]);
  const all = [['figure (median)', 'upfault', 'least..most', 'peer', 'ratio', 'limit'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const below = [...lines, ...(result.notes ?? [])].join('\n');
  return `${result.name}, ${result.runs} runs; peer: ${result.peer}\n${below}\n`;
}

/** Large values without decimals, which nothing here measures. */
function shown(value: number): string {
  return Math.abs(value) >= 1_000 ? value.toFixed(0) : value.toFixed(2);
}
