/** How small an effect on performance a campaign's own controls can show: said with every report, so that a `no` is not read as more than it is. */
import {
  ALPHA,
  boundOf,
  isBeyond,
  type Observed,
  PERFORMANCE_RULES,
  type PerformanceRule,
  speedsOf,
} from './impact/performance-rules.ts';
import { kindsOfControls, type ReducedTrial } from './references.ts';
import { AMPLE_REFERENCES, DETECTABLE_CHANCE, MIN_REFERENCES } from './rules.ts';
import { labelledShift } from './statistics/power.ts';
import { predictionMargin } from './statistics/prediction.ts';

/** One figure against one kind of controls. Effects are in the rule's own measure: points, share, ratio. */
export interface DetectableFigure {
  readonly figureName: string;
  /** Controls in which it was measured and whose machine was not overloaded. */
  readonly references: number;
  /** Least effect with which a trial is labelled with the chance `DETECTABLE_CHANCE`; null where none is, or controls are too few. */
  readonly effect: number | null;
  /** The same with `AMPLE_REFERENCES` controls that vary like these; null where there are as many already. */
  readonly effectWithMore: number | null;
  /** Whether it is that on a machine of the controls' usual speed, to which they were adjusted. */
  readonly isAdjusted: boolean;
}

/** One kind of controls. */
export interface Detectable {
  readonly kind: string;
  readonly controls: number;
  readonly figures: readonly DetectableFigure[];
}

/** Every kind of controls in the order of the trials. */
export function detectableOf(trials: readonly ReducedTrial[]): Detectable[] {
  return kindsOfControls(trials).map(({ kind, trials: controls }) => ({
    kind,
    controls: controls.length,
    figures: PERFORMANCE_RULES.map((rule) => ofFigure(rule, controls)),
  }));
}

function ofFigure(rule: PerformanceRule, controls: readonly ReducedTrial[]): DetectableFigure {
  const values = controls.flatMap(({ figures }) => {
    const value = figures.overload.length > 0 ? null : rule.of(figures);
    return value === null ? [] : { value, warmUpMs: figures.warmUpMs };
  });
  const known = { figureName: rule.figureName, references: values.length };
  if (values.length < MIN_REFERENCES)
    return { ...known, effect: null, effectWithMore: null, isAdjusted: false };
  const { bound, centre, limit, spread, isAdjusted } = boundOf(rule, values, usualSpeed(values));
  const side = rule.worse === 'above' ? 1 : -1;
  const effectAt = (place: number): number | null => {
    const figure = rule.scale.from(place);
    // The scale ends where nothing is served, or where everything is; and clients wait no longer than they do.
    const isThere = Math.abs(rule.scale.to(figure) - place) < 1e-9 && side * (rule.worst - figure) >= 0;
    return isThere && !isBeyond(rule, limit, rule.worst) ? rule.effect(figure, centre) : null;
  };
  // A trial of the same spread lies beyond the bound where its own kind's prediction interval does.
  const place = rule.scale.to(bound) + side * predictionMargin(spread, 1 - DETECTABLE_CHANCE);
  const threshold = Math.abs(rule.scale.to(limit) - spread.mean);
  const ample = { count: AMPLE_REFERENCES, deviation: spread.deviation, threshold, alpha: ALPHA };
  const more = values.length >= AMPLE_REFERENCES ? null : labelledShift(ample, DETECTABLE_CHANCE);
  return {
    ...known,
    effect: effectAt(place),
    effectWithMore: more === null ? null : effectAt(spread.mean + side * more),
    isAdjusted,
  };
}

/** A machine as quick as these were in the middle; null where that of one is not known. */
function usualSpeed(observed: readonly Observed[]): number | null {
  const speeds = speedsOf(observed);
  return speeds === null ? null : Math.exp(speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length);
}

/** One sentence a kind of controls. */
export function detectableTexts(trials: readonly ReducedTrial[]): string[] {
  const all = detectableOf(trials);
  if (all.length === 0)
    return ['No controls: what is usual is not known, and latency and throughput are decided of no trial.'];
  return all.map(({ kind, controls, figures }) => {
    const known = figures.filter(({ references }) => references >= MIN_REFERENCES);
    if (known.length === 0)
      return `${controls} ${kind}: ${MIN_REFERENCES} that can be used are wanted before latency and throughput are decided.`;
    const told = known.map((figure) => `${figure.figureName} ${effectText(figure)}`).join(', ');
    const adjusted = known.some(({ isAdjusted }) => isAdjusted)
      ? ' Latencies are adjusted for the speed of each trial’s machine; these hold for the usual one.'
      : '';
    return `Against ${controls} ${kind}, one trial is labelled with ${DETECTABLE_CHANCE * 100} % from: ${told}.${adjusted}`;
  });
}

function effectText({ figureName, effect, effectWithMore }: DetectableFigure): string {
  const told = PERFORMANCE_RULES.find((rule) => rule.figureName === figureName)?.told ?? String;
  if (effect === null) return 'no effect on';
  const [now, later] = [told(effect), effectWithMore === null ? '' : told(effectWithMore)];
  return later === '' || later === now ? now : `${now} (with ${AMPLE_REFERENCES} ${later})`;
}
