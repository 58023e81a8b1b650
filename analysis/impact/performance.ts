/**
 * Degraded throughput and increased latency. A figure is worse when it lies beyond the one-sided prediction interval
 * of the references and differs from their centre by an effect that matters.
 */
import type { ReducedTrial, References } from '../references.ts';
import { MIN_REFERENCES } from '../rules.ts';
import type { Spread } from '../statistics/prediction.ts';
import { type Decision, inconclusive, tooFew } from './decision.ts';
import {
  ALPHA,
  boundOf,
  COMPLETED,
  P50,
  P95,
  type PerformanceBound,
  type PerformanceRule,
  SUCCESS,
} from './performance-rules.ts';

/** Degraded throughput: success ratio, completed requests. */
export function judgeThroughput(trial: ReducedTrial, references: References): Decision {
  return worstOf([SUCCESS, COMPLETED].map((rule) => judgeFigure(rule, trial, references)));
}

/** Increased latency: median, 95th percentile. */
export function judgeLatency(trial: ReducedTrial, references: References): Decision {
  return worstOf([P50, P95].map((rule) => judgeFigure(rule, trial, references)));
}

/** The decision that settles the impact: a `yes`, else an `inconclusive`, else the `no` nearest to harm. */
function worstOf(decisions: readonly Decision[]): Decision {
  const rank = { yes: 2, inconclusive: 1, no: 0 };
  const nearness = (d: Decision) => (d.effect ?? 0) / (d.threshold ?? 1);
  const sorted = [...decisions].sort((a, b) => rank[b.label] - rank[a.label] || nearness(b) - nearness(a));
  const [worst] = sorted;
  if (worst === undefined) throw new RangeError('settle an impact: no figure was judged');
  return worst;
}

function judgeFigure(rule: PerformanceRule, trial: ReducedTrial, references: References): Decision {
  const figure = rule.of(trial.figures);
  if (figure === null) return inconclusive(rule.figureName, null, notMeasured(rule), references);
  const usable = references.trials.filter(
    (r) => r.figures.overload.length === 0 && rule.of(r.figures) !== null,
  );
  const chosen = { trials: usable, kind: references.kind };
  if (trial.figures.overload.length > 0) {
    return inconclusive(
      rule.figureName,
      figure,
      `machine overloaded: ${trial.figures.overload.join('; ')}`,
      chosen,
    );
  }
  if (usable.length < MIN_REFERENCES) {
    return inconclusive(
      rule.figureName,
      figure,
      tooFew(usable.length, `${references.kind}${leftOut(references, usable)}`),
      chosen,
    );
  }
  const seen = usable.map((r) => ({ id: r.record.trialId, value: rule.of(r.figures) ?? Number.NaN }));
  const bound = boundOf(
    rule,
    seen.map(({ value }) => value),
  );
  if (rule.worse === 'below' && bound.limit <= 0) {
    const reason = `references serve next to nothing (centre ${shown(bound.centre)}): less cannot be told`;
    return inconclusive(rule.figureName, figure, reason, chosen);
  }
  return decide(rule, figure, bound, seen);
}

/** A reference's figure. */
interface Seen {
  readonly id: string;
  readonly value: number;
}

function decide(
  rule: PerformanceRule,
  figure: number,
  bound: PerformanceBound,
  references: readonly Seen[],
): Decision {
  const yes = isBeyond(rule, figure, bound.bound);
  const { bound: value, limit, centre, spread } = bound;
  const text = `${boundText(rule, spread, value === limit)}; centre ${shown(centre)}`;
  return {
    label: yes ? 'yes' : 'no',
    figureName: rule.figureName,
    figure,
    bound: value,
    effect: rule.effect(figure, centre),
    threshold: rule.threshold,
    reason: `${text}${yes || value === limit ? '' : maskedText(rule, figure, references)}`,
    references: references.map(({ id }) => id),
  };
}

function isBeyond(rule: PerformanceRule, figure: number, bound: number): boolean {
  // Rounding (0.95 - 0.90 = 0.04999...) must not decide a figure that lies exactly on the bound.
  const tolerance = Math.abs(bound) * 1e-12;
  return rule.worse === 'above' ? figure >= bound - tolerance : figure <= bound + tolerance;
}

/** One reference far out widens the interval for all trials. The label stands, for it may be ordinary; that it decides is said. */
function maskedText(rule: PerformanceRule, figure: number, references: readonly Seen[]): string {
  if (references.length <= MIN_REFERENCES) return '';
  const sorted = [...references].sort((a, b) =>
    rule.worse === 'above' ? b.value - a.value : a.value - b.value,
  );
  const [furthest, ...others] = sorted;
  if (furthest === undefined) return '';
  const { bound } = boundOf(
    rule,
    others.map(({ value }) => value),
  );
  return isBeyond(rule, figure, bound)
    ? `; one reference decides: without ${furthest.id} (${shown(furthest.value)}) the bound were ${shown(bound)}`
    : '';
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function boundText(rule: PerformanceRule, spread: Spread, effectDecides: boolean): string {
  const effect = `effect threshold (${rule.effectText})`;
  if (spread.deviation === 0) return `references are constant: ${effect} alone decides`;
  const interval = `${(100 * (1 - ALPHA)).toFixed(2)} % prediction limit (${rule.scale.name} scale)`;
  return effectDecides ? `bound is the ${effect}, beyond the ${interval}` : `bound is the ${interval}`;
}

function notMeasured(rule: PerformanceRule): string {
  return rule.worse === 'above'
    ? 'too few answers to measure a latency'
    : 'no request was offered, or the load was not recorded';
}

function leftOut(references: References, usable: readonly ReducedTrial[]): string {
  const count = references.trials.length - usable.length;
  return count === 0 ? '' : ` (${count} more left out: overloaded or not measured)`;
}
