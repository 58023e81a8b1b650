/**
 * Whether the machine became slower or faster while a campaign ran, told by its controls: they are alike but for when they
 * ran. Trials and controls are interleaved at random, so that a drift does not pass for an effect; but it widens the bounds of all.
 */
import type { CampaignRecord } from '../results/schema.ts';
import { COMPLETED, P50, P95, type PerformanceRule, SUCCESS } from './impact/performance-rules.ts';
import type { JudgedTrial, Judgement } from './judge.ts';
import { isControl, kindsOfControls } from './references.ts';
import { DRIFT_ALPHA } from './rules.ts';
import { correctedExact, couldPass } from './statistics/family.ts';
import { trendSlope, trendTest } from './statistics/trend.ts';

/** One figure of the controls over the campaign. */
export interface FigureDrift {
  readonly figureName: string;
  /** Controls with the figure, over all kinds. */
  readonly controls: number;
  /** `untested`: no order of these values could have passed, because there are too few or they do not vary. */
  readonly verdict: 'drifts' | 'steady' | 'untested';
  /** Corrected for the family of figures; null where untested. */
  readonly p: number | null;
  /** From the first control to the last: for latencies a ratio, else a difference. Null where it is not known. */
  readonly change: number | null;
}

/** How a figure's change is taken and told; ranks need no scale, but a size does. */
interface Drifting {
  readonly rule: PerformanceRule;
  readonly to: (value: number) => number;
  readonly from: (change: number) => number;
  readonly told: (change: number) => string;
}

const same = (value: number): number => value;
const ratio = { to: Math.log, from: Math.exp, told: (change: number) => `x ${change.toFixed(2)}` };
const signed = (value: number, digits: number) => `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;

const FIGURES: readonly Drifting[] = [
  { rule: SUCCESS, to: same, from: same, told: (change) => `${signed(100 * change, 1)} points` },
  { rule: COMPLETED, to: same, from: same, told: (change) => `${signed(change, 0)} requests` },
  { rule: P50, ...ratio },
  { rule: P95, ...ratio },
];

/** Every figure, tested together with the chance `DRIFT_ALPHA` of any false alarm. */
export function driftOf({ campaign, trials }: Pick<Judgement, 'campaign' | 'trials'>): FigureDrift[] {
  const kinds = kindsOfControls(inOrder(campaign.schedule, trials));
  const all = FIGURES.map((figure) => {
    const series = kinds.map((kind) =>
      kind.trials.flatMap(({ record, figures }) => {
        const value = figures.overload.length > 0 ? null : figure.rule.of(figures);
        return value === null ? [] : [{ at: record.clock.start.wallMs, value: figure.to(value) }];
      }),
    );
    return { figure, series, test: trendTest(series.map((points) => points.map(({ value }) => value))) };
  });
  const tests = all.map(({ test }) => test);
  const ps = correctedExact(tests, DRIFT_ALPHA);
  const testable = couldPass(tests, DRIFT_ALPHA);
  return all.map(({ figure, series }, index) => {
    const points = series.flat();
    const times = points.map(({ at }) => at);
    const slope = trendSlope(series);
    const spanMs = Math.max(...times) - Math.min(...times);
    const p = ps[index] ?? 1;
    return {
      figureName: figure.rule.figureName,
      controls: points.length,
      verdict: !testable[index] ? 'untested' : p <= DRIFT_ALPHA ? 'drifts' : 'steady',
      p: testable[index] ? p : null,
      change: slope === null ? null : figure.from(slope * spanMs),
    };
  });
}

/** In the order in which they ran; by the schedule where clocks do not tell. */
function inOrder(schedule: CampaignRecord['schedule'], trials: readonly JudgedTrial[]): JudgedTrial[] {
  const places = new Map(schedule.map(({ trialId }, index) => [trialId, index]));
  const placeOf = ({ record }: JudgedTrial) => places.get(record.trialId) ?? -1;
  const startOf = ({ record }: JudgedTrial) => record.clock.start.wallMs;
  return [...trials].sort((a, b) => startOf(a) - startOf(b) || placeOf(a) - placeOf(b));
}

/** What is to be said of it in one sentence. */
export function driftText(judgement: Pick<Judgement, 'campaign' | 'trials'>): string {
  const drifts = driftOf(judgement);
  const controls = Math.max(0, ...drifts.map((drift) => drift.controls));
  const tested = drifts.filter(({ verdict }) => verdict !== 'untested');
  const known = judgement.trials.filter(({ record }) => isControl(record) && record.outcome === 'completed');
  if (tested.length === 0)
    return `Drift of the machine: not tested: ${controls} of ${known.length} controls can be used, and no order of theirs would tell it from chance.`;
  const rule = `Kendall's test over ${controls} controls by kind, ${DRIFT_ALPHA * 100} % for all figures`;
  const found = tested.filter(({ verdict }) => verdict === 'drifts');
  if (found.length === 0)
    return `Drift of the machine: none found in ${tested.map(({ figureName }) => figureName).join(', ')} (${rule}).`;
  const told = found.map(({ figureName, change, p }) => {
    const figure = FIGURES.find(({ rule: { figureName: name } }) => name === figureName);
    const size = change === null ? '' : ` ${figure?.told(change) ?? change} from first to last`;
    return `${figureName}${size} (p ${(p ?? 1).toPrecision(2)})`;
  });
  return `The machine DRIFTED during the campaign: ${told.join(', ')} (${rule}). Bounds are wider for it, and trials far apart in time compare badly.`;
}
