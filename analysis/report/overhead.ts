/** What the interceptor and mirroring add to answers: controls with them beside controls without. */
import type { OverheadPoint } from '../charts/overhead.ts';
import type { JudgedTrial } from '../judge.ts';
import { isControl } from '../references.ts';
import { medianOfKnown } from '../statistics/median.ts';
import { variantOf } from '../variant.ts';

/** Controls of one approach, with or without a part; medians as text. */
export interface OverheadRow {
  readonly approach: string;
  /** Empty: with everything. */
  readonly variant: string;
  /** How the row is called. */
  readonly name: string;
  readonly trials: number;
  readonly success: string;
  readonly p50Ms: string;
  readonly p95Ms: string;
  readonly points: readonly OverheadPoint[];
}

/** Rows of each approach that has completed controls both with and without a part; none where no approach has. */
export function overheadOf(trials: readonly JudgedTrial[]): OverheadRow[] {
  const controls = trials.filter(({ record }) => isControl(record) && record.outcome === 'completed');
  const approaches = [...new Set(controls.map(({ record }) => record.approach))].sort();
  return approaches.flatMap((approach) => {
    const own = controls.filter(({ record }) => record.approach === approach);
    const variants = [...new Set(own.map(({ record }) => variantOf(record)))].sort();
    if (variants.length < 2 || !variants.includes('')) return [];
    return variants.map((variant) =>
      rowOf(
        approach,
        variant,
        own.filter(({ record }) => variantOf(record) === variant),
      ),
    );
  });
}

function rowOf(approach: string, variant: string, trials: readonly JudgedTrial[]): OverheadRow {
  const name = `${approach}, ${variant || 'with all'}`;
  return {
    approach,
    variant,
    name,
    trials: trials.length,
    success: middle(trials.map(({ figures }) => percent(figures.successRatio))),
    p50Ms: middle(trials.map(({ record }) => record.horizon?.p50Ms ?? null)),
    p95Ms: middle(trials.map(({ record }) => record.horizon?.p95Ms ?? null)),
    points: trials.flatMap(({ record: { trialId, horizon } }) => [
      ...pointOf({ trialId, name, percentile: 'p50' }, horizon?.p50Ms),
      ...pointOf({ trialId, name, percentile: 'p95' }, horizon?.p95Ms),
    ]),
  };
}

function pointOf(of: Omit<OverheadPoint, 'ms'>, ms: number | null | undefined): OverheadPoint[] {
  return ms === null || ms === undefined ? [] : [{ ...of, ms: Number(ms.toFixed(2)) }];
}

function percent(ratio: number | null): number | null {
  return ratio === null ? null : ratio * 100;
}

function middle(values: readonly (number | null)[]): string {
  return medianOfKnown(values)?.toFixed(2) ?? 'not measured';
}
