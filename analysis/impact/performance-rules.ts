/** The figures by which performance is judged, and from where on each is harm. */
import type { TrialFigures } from '../figures.ts';
import {
  COMPLETED_EFFECT,
  FALSE_ALARM_BUDGET,
  LATENCY_EFFECT_MS,
  LATENCY_EFFECT_RATIO,
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

/** Each figure's part of the false-alarm budget. */
export const ALPHA = FALSE_ALARM_BUDGET / PERFORMANCE_FIGURES;

/** How one figure is judged. */
export interface PerformanceRule {
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
  /** An effect for people, such as `x 1.50`, `-5.0 points`. */
  readonly told: (effect: number) => string;
}

export const SUCCESS: PerformanceRule = {
  figureName: 'success_ratio',
  of: (figures) => figures.successRatio,
  // Failures, not successes, are put on the scale: it then widens towards harm.
  scale: { ...ARCSINE, to: (ratio) => -ARCSINE.to(1 - ratio), from: (angle) => 1 - ARCSINE.from(-angle) },
  worse: 'below',
  effect: (figure, centre) => centre - figure,
  threshold: SUCCESS_RATIO_EFFECT,
  limit: (centre) => centre - SUCCESS_RATIO_EFFECT,
  effectText: `${SUCCESS_RATIO_EFFECT * 100} points of the success ratio`,
  told: (effect) => `${(-100 * effect).toFixed(1)} points`,
};

export const COMPLETED: PerformanceRule = {
  figureName: 'completed_requests',
  of: (figures) => figures.completed,
  scale: PLAIN,
  worse: 'below',
  effect: (figure, centre) => (centre === 0 ? 0 : (centre - figure) / centre),
  threshold: COMPLETED_EFFECT,
  limit: (centre) => centre * (1 - COMPLETED_EFFECT),
  effectText: `${COMPLETED_EFFECT * 100} % of the completed requests`,
  told: (effect) => `${(-100 * effect).toFixed(1)} %`,
};

export const P50 = latencyRule('p50_ms', (figures) => figures.p50Ms);
export const P95 = latencyRule('p95_ms', (figures) => figures.p95Ms);

function latencyRule(figureName: string, of: (figures: TrialFigures) => number | null): PerformanceRule {
  return {
    figureName,
    of,
    scale: LOGARITHM,
    worse: 'above',
    effect: (figure, centre) => figure / centre,
    threshold: LATENCY_EFFECT_RATIO,
    limit: (centre) => Math.max(centre * LATENCY_EFFECT_RATIO, centre + LATENCY_EFFECT_MS),
    effectText: `${LATENCY_EFFECT_RATIO} times the latency and ${LATENCY_EFFECT_MS} ms`,
    told: (effect) => `x ${effect.toFixed(2)}`,
  };
}

/** Every figure whose budget is shared. */
export const PERFORMANCE_RULES: readonly PerformanceRule[] = [SUCCESS, COMPLETED, P50, P95];

/** Value beyond which a figure is harm, and what it comes from. */
export interface PerformanceBound {
  readonly bound: number;
  /** Middle of the references, on the figure's own scale and back. */
  readonly centre: number;
  readonly spread: Spread;
  /** Where the effect that matters begins. */
  readonly limit: number;
}

/** The further out of prediction limit and effect threshold. @throws RangeError for fewer than two values. */
export function boundOf(rule: PerformanceRule, values: readonly number[]): PerformanceBound {
  const spread = spreadOf(values.map(rule.scale.to));
  const centre = rule.scale.from(spread.mean);
  const interval = predictionBound(rule, spread);
  const limit = rule.limit(centre);
  const bound = rule.worse === 'above' ? Math.max(interval, limit) : Math.min(interval, limit);
  return { bound, centre, spread, limit };
}

/** Edge of the interval; for constant references the centre itself, so that the effect threshold alone decides. */
function predictionBound(rule: PerformanceRule, spread: Spread): number {
  if (spread.deviation === 0) return rule.scale.from(spread.mean);
  const margin = predictionMargin(spread, ALPHA);
  return rule.scale.from(rule.worse === 'above' ? spread.mean + margin : spread.mean - margin);
}
