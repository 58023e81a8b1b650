/**
 * Degraded throughput and increased latency. A figure is worse when it lies beyond the one-sided prediction interval
 * of the references and differs from their centre by an effect that matters.
 */
import type { TrialFigures } from '../figures.ts';
import type { ReducedTrial, References } from '../references.ts';
import {
  COMPLETED_EFFECT,
  FALSE_ALARM_BUDGET,
  LATENCY_EFFECT_MS,
  LATENCY_EFFECT_RATIO,
  MIN_REFERENCES,
  PERFORMANCE_FIGURES,
  SUCCESS_RATIO_EFFECT,
} from '../rules.ts';
import {
  ARCSINE,
  LOGARITHM,
  PLAIN,
  predictionMargin,
  type Scale,
  type Spread,
  spreadOf,
} from '../statistics/prediction.ts';
import { type Decision, inconclusive, tooFew } from './decision.ts';

/** Each figure's part of the false-alarm budget. */
export const ALPHA = FALSE_ALARM_BUDGET / PERFORMANCE_FIGURES;

/** How one figure is judged. */
interface Rule {
  readonly figureName: string;
  readonly of: (figures: TrialFigures) => number | null;
  readonly scale: Scale;
  /** Side of the centre on which harm lies. */
  readonly worse: 'below' | 'above';
  /** Size of the effect for the worse, in the threshold's unit. */
  readonly effect: (figure: number, centre: number) => number;
  readonly threshold: number;
  /** Value of the figure at which the effect threshold is met. */
  readonly limit: (centre: number) => number;
  readonly effectText: string;
}

const SUCCESS: Rule = {
  figureName: 'success_ratio',
  of: (figures) => figures.successRatio,
  // Failures, not successes, are put on the scale: it then widens towards harm.
  scale: { ...ARCSINE, to: (ratio) => -ARCSINE.to(1 - ratio), from: (angle) => 1 - ARCSINE.from(-angle) },
  worse: 'below',
  effect: (figure, centre) => centre - figure,
  threshold: SUCCESS_RATIO_EFFECT,
  limit: (centre) => centre - SUCCESS_RATIO_EFFECT,
  effectText: `${SUCCESS_RATIO_EFFECT * 100} points of the success ratio`,
};

const COMPLETED: Rule = {
  figureName: 'completed_requests',
  of: (figures) => figures.completed,
  scale: PLAIN,
  worse: 'below',
  effect: (figure, centre) => (centre === 0 ? 0 : (centre - figure) / centre),
  threshold: COMPLETED_EFFECT,
  limit: (centre) => centre * (1 - COMPLETED_EFFECT),
  effectText: `${COMPLETED_EFFECT * 100} % of the completed requests`,
};

const P50 = latencyRule('p50_ms', (figures) => figures.p50Ms);
const P95 = latencyRule('p95_ms', (figures) => figures.p95Ms);

function latencyRule(figureName: string, of: (figures: TrialFigures) => number | null): Rule {
  return {
    figureName,
    of,
    scale: LOGARITHM,
    worse: 'above',
    effect: (figure, centre) => figure / centre,
    threshold: LATENCY_EFFECT_RATIO,
    limit: (centre) => Math.max(centre * LATENCY_EFFECT_RATIO, centre + LATENCY_EFFECT_MS),
    effectText: `${LATENCY_EFFECT_RATIO} times the latency and ${LATENCY_EFFECT_MS} ms`,
  };
}

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

function judgeFigure(rule: Rule, trial: ReducedTrial, references: References): Decision {
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
  const values = usable.map((r) => rule.of(r.figures) ?? Number.NaN);
  return decide(
    rule,
    figure,
    values,
    usable.map((r) => r.record.trialId),
  );
}

function decide(
  rule: Rule,
  figure: number,
  values: readonly number[],
  references: readonly string[],
): Decision {
  const spread = spreadOf(values.map(rule.scale.to));
  const centre = rule.scale.from(spread.mean);
  const intervalBound = predictionBound(rule, spread);
  const limit = rule.limit(centre);
  const bound = rule.worse === 'above' ? Math.max(intervalBound, limit) : Math.min(intervalBound, limit);
  const effect = rule.effect(figure, centre);
  // Rounding (0.95 - 0.90 = 0.04999...) must not decide a figure that lies exactly on the bound.
  const tolerance = Math.abs(bound) * 1e-12;
  const yes = rule.worse === 'above' ? figure >= bound - tolerance : figure <= bound + tolerance;
  return {
    label: yes ? 'yes' : 'no',
    figureName: rule.figureName,
    figure,
    bound,
    effect,
    threshold: rule.threshold,
    reason: `${boundText(rule, spread, bound === limit)}; centre ${Number(centre.toPrecision(6))}`,
    references,
  };
}

/** Edge of the interval; for constant references the centre itself, so that the effect threshold alone decides. */
function predictionBound(rule: Rule, spread: Spread): number {
  if (spread.deviation === 0) return rule.scale.from(spread.mean);
  const margin = predictionMargin(spread, ALPHA);
  return rule.scale.from(rule.worse === 'above' ? spread.mean + margin : spread.mean - margin);
}

function boundText(rule: Rule, spread: Spread, effectDecides: boolean): string {
  const effect = `effect threshold (${rule.effectText})`;
  if (spread.deviation === 0) return `references are constant: ${effect} alone decides`;
  const interval = `${(100 * (1 - ALPHA)).toFixed(2)} % prediction limit (${rule.scale.name} scale)`;
  return effectDecides ? `bound is the ${effect}, beyond the ${interval}` : `bound is the ${interval}`;
}

function notMeasured(rule: Rule): string {
  return rule.worse === 'above'
    ? 'too few answers to measure a latency'
    : 'no request was offered, or the load was not recorded';
}

function leftOut(references: References, usable: readonly ReducedTrial[]): string {
  const count = references.trials.length - usable.length;
  return count === 0 ? '' : ` (${count} more left out: overloaded or not measured)`;
}
