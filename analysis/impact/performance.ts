/**
 * Degraded throughput and increased latency. A figure is worse when it lies beyond the one-sided prediction interval
 * of the references and differs from their centre by an effect that matters. It is not worse when it does not differ so much, or
 * when a reference is as bad. Between the two nobody can tell: the references vary too much, or are too few, and wide
 * bounds are no evidence of absence.
 */
import type { ReducedTrial, References } from '../references.ts';
import { MIN_REFERENCES } from '../rules.ts';
import { type Decision, inconclusive, tooFew } from './decision.ts';
import {
  ALPHA,
  boundOf,
  COMPLETED,
  isBeyond,
  type Observed,
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
  const { warmUpMs: speed } = trial.figures;
  const seen = usable.map(({ record, figures }) => ({
    id: record.trialId,
    value: rule.of(figures) ?? Number.NaN,
    warmUpMs: figures.warmUpMs,
  }));
  const bound = boundOf(rule, seen, speed);
  if (isBeyond(rule, bound.limit, rule.worst)) {
    const reason = `references are nearly as bad as can be (centre ${shown(bound.centre)}): worse cannot be told`;
    return inconclusive(rule.figureName, figure, reason, chosen);
  }
  return decide(rule, { figure, speed }, bound, seen);
}

/** A reference's figure. */
interface Seen extends Observed {
  readonly id: string;
}

/** The trial's figure, and its `warmUpMs`. */
interface Own {
  readonly figure: number;
  readonly speed: number | null;
}

function decide(
  rule: PerformanceRule,
  own: Own,
  bound: PerformanceBound,
  references: readonly Seen[],
): Decision {
  const { bound: value, limit, centre } = bound;
  const { figure } = own;
  const decided = (label: Decision['label'], why = ''): Decision => ({
    label,
    figureName: rule.figureName,
    figure,
    bound: value,
    effect: rule.effect(figure, centre),
    threshold: rule.threshold,
    reason: `${boundText(rule, bound)}; centre ${shown(centre)}${why}`,
    references: references.map(({ id }) => id),
  });
  if (isBeyond(rule, figure, value)) return decided('yes');
  if (!isBeyond(rule, figure, limit)) return decided('no');
  if (isBeyond(rule, value, rule.worst)) {
    return decided(
      'inconclusive',
      '; an effect that matters, and references vary so much that none could be labelled',
    );
  }
  const index = bound.values.findIndex((seen) => isBeyond(rule, seen, figure));
  const asBad = references[index];
  return asBad === undefined
    ? decided(
        'inconclusive',
        '; an effect that matters, worse than every reference, and within what one more may show',
      )
    : decided(
        'no',
        `; as bad in ${asBad.id} (${shown(bound.values[index] ?? asBad.value)})${maskedText(rule, own, references)}`,
      );
}

/** One reference far out widens the interval for all trials. The label stands, for it may be ordinary; that it decides is said. */
function maskedText(rule: PerformanceRule, { figure, speed }: Own, references: readonly Seen[]): string {
  if (references.length <= MIN_REFERENCES) return '';
  const sorted = [...references].sort((a, b) =>
    rule.worse === 'above' ? b.value - a.value : a.value - b.value,
  );
  const [furthest, ...others] = sorted;
  if (furthest === undefined) return '';
  const { bound } = boundOf(rule, others, speed);
  return isBeyond(rule, figure, bound)
    ? `; one reference decides: without ${furthest.id} (${shown(furthest.value)}) the bound were ${shown(bound)}`
    : '';
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function boundText(rule: PerformanceRule, { spread, bound, limit, isAdjusted }: PerformanceBound): string {
  const effect = `effect threshold (${rule.effectText})`;
  if (spread.deviation === 0) return `references are constant: ${effect} alone decides`;
  const adjusted = isAdjusted ? ', adjusted for the speed of the machine' : '';
  const interval = `${(100 * (1 - ALPHA)).toFixed(2)} % prediction limit (${rule.scale.name} scale${adjusted})`;
  return bound === limit ? `bound is the ${effect}, beyond the ${interval}` : `bound is the ${interval}`;
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
