/** The figures by which performance is judged, and from where on each is harm. */
import { CLIENT_TIMEOUT_MS } from '../../results/series.ts';
import type { TrialFigures } from '../figures.ts';
import {
  ADJUSTED_REFERENCES,
  COMPLETED_EFFECT,
  FALSE_ALARM_BUDGET,
  LATENCY_EFFECT_MS,
  LATENCY_EFFECT_RATIO,
  PERFORMANCE_FIGURES,
  SUCCESS_RATIO_EFFECT,
} from '../rules.ts';
import {
  type Adjusted,
  ARCSINE,
  adjustedTo,
  LOGARITHM,
  PLAIN,
  type Prediction,
  predictionMargin,
  type Scale,
  spreadOf,
} from '../statistics/prediction.ts';

/** Each figure's part of the false-alarm budget. */
export const ALPHA = FALSE_ALARM_BUDGET / PERFORMANCE_FIGURES;

/** How one figure is judged. */
export interface PerformanceRule {
  readonly figureName: string;
  readonly of: (figures: TrialFigures) => number | null;
  readonly scale: Scale;
  /** Whether the figure follows the machine's speed, so that references are adjusted to the trial's. */
  readonly followsMachine: boolean;
  /** Side of the centre on which harm lies. */
  readonly worse: 'below' | 'above';
  /** Size of the effect for the worse, in the threshold's unit. */
  readonly effect: (figure: number, centre: number) => number;
  readonly threshold: number;
  /** Value of the figure at which the effect threshold is met. */
  readonly limit: (centre: number) => number;
  /** The worst that the figure can be; a bound there or beyond could label nothing. */
  readonly worst: number;
  readonly effectText: string;
  /** An effect for people, such as `x 1.50`, `-5.0 points`. */
  readonly told: (effect: number) => string;
}

export const SUCCESS: PerformanceRule = {
  figureName: 'success_ratio',
  of: (figures) => figures.successRatio,
  // Failures, not successes, are put on the scale: it then widens towards harm.
  scale: { ...ARCSINE, to: (ratio) => -ARCSINE.to(1 - ratio), from: (angle) => 1 - ARCSINE.from(-angle) },
  followsMachine: false,
  worse: 'below',
  effect: (figure, centre) => centre - figure,
  threshold: SUCCESS_RATIO_EFFECT,
  limit: (centre) => centre - SUCCESS_RATIO_EFFECT,
  worst: 0,
  effectText: `${SUCCESS_RATIO_EFFECT * 100} points of the success ratio`,
  told: (effect) => `${(-100 * effect).toFixed(1)} points`,
};

export const COMPLETED: PerformanceRule = {
  figureName: 'completed_requests',
  of: (figures) => figures.completed,
  scale: PLAIN,
  followsMachine: false,
  worse: 'below',
  effect: (figure, centre) => (centre === 0 ? 0 : (centre - figure) / centre),
  threshold: COMPLETED_EFFECT,
  limit: (centre) => centre * (1 - COMPLETED_EFFECT),
  worst: 0,
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
    followsMachine: true,
    worse: 'above',
    effect: (figure, centre) => figure / centre,
    threshold: LATENCY_EFFECT_RATIO,
    limit: (centre) => Math.max(centre * LATENCY_EFFECT_RATIO, centre + LATENCY_EFFECT_MS),
    worst: CLIENT_TIMEOUT_MS,
    effectText: `${LATENCY_EFFECT_RATIO} times the latency and ${LATENCY_EFFECT_MS} ms`,
    told: (effect) => `x ${effect.toFixed(2)}`,
  };
}

/** Every figure whose budget is shared. */
export const PERFORMANCE_RULES: readonly PerformanceRule[] = [SUCCESS, COMPLETED, P50, P95];

/** A reference's figure, and how quick its machine was (`warmUpMs` of the figures). */
export interface Observed {
  readonly value: number;
  readonly warmUpMs: number | null;
}

/** Value beyond which a figure is harm, and what it comes from. */
export interface PerformanceBound {
  readonly bound: number;
  /** The references' figures as they would be on a machine as quick as the trial's, in their order; as they are where nothing was adjusted. */
  readonly values: readonly number[];
  readonly isAdjusted: boolean;
  /** Middle of the references, on the figure's own scale and back. */
  readonly centre: number;
  readonly spread: Prediction;
  /** Where the effect that matters begins. */
  readonly limit: number;
}

/**
 * The further out of prediction limit and effect threshold.
 * @param at the trial's own `warmUpMs`
 * @throws RangeError for fewer than two values.
 */
export function boundOf(
  rule: PerformanceRule,
  references: readonly Observed[],
  at: number | null,
): PerformanceBound {
  const values = references.map(({ value }) => value);
  const adjusted = adjustedReferences(rule, references, at);
  const spread = adjusted?.spread ?? spreadOf(values.map(rule.scale.to));
  const centre = rule.scale.from(spread.mean);
  const interval = predictionBound(rule, spread);
  const limit = rule.limit(centre);
  return {
    bound: rule.worse === 'above' ? Math.max(interval, limit) : Math.min(interval, limit),
    ...{ centre, spread, limit },
    values: adjusted?.values.map(rule.scale.from) ?? values,
    isAdjusted: adjusted !== null,
  };
}

/**
 * The machine's speed varies from trial to trial, and latencies with it. How quick it was is known from the warm-up, in which nothing was
 * upgraded yet and every approach does the same: analysis of covariance (Fisher, "Statistical Methods for Research Workers").
 */
function adjustedReferences(
  rule: PerformanceRule,
  references: readonly Observed[],
  at: number | null,
): Adjusted | null {
  if (!rule.followsMachine || at === null || references.length < ADJUSTED_REFERENCES) return null;
  const speeds = speedsOf(references);
  if (speeds === null) return null;
  return adjustedTo(
    references.map(({ value }) => rule.scale.to(value)),
    speeds,
    Math.log(at),
  );
}

/** Whether a figure lies on the bound or beyond, on the side of harm. */
export function isBeyond(rule: PerformanceRule, figure: number, bound: number): boolean {
  // Rounding (0.95 - 0.90 = 0.04999...) must not decide a figure that lies exactly on the bound.
  const tolerance = Math.abs(bound) * 1e-12;
  return rule.worse === 'above' ? figure >= bound - tolerance : figure <= bound + tolerance;
}

/** How quick each machine was, as logarithms; null where that of one is not known. */
export function speedsOf(references: readonly Observed[]): number[] | null {
  const speeds = references.flatMap(({ warmUpMs }) => (warmUpMs === null ? [] : Math.log(warmUpMs)));
  return speeds.length < references.length ? null : speeds;
}

/** Edge of the interval; for constant references the centre itself, so that the effect threshold alone decides. */
function predictionBound(rule: PerformanceRule, spread: Prediction): number {
  if (spread.deviation === 0) return rule.scale.from(spread.mean);
  const margin = predictionMargin(spread, ALPHA);
  return rule.scale.from(rule.worse === 'above' ? spread.mean + margin : spread.mean - margin);
}
