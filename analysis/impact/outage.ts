/** Full outage: a stretch in which next to nobody is served. */
import type { ReducedTrial, References } from '../references.ts';
import { MIN_REFERENCES, OUTAGE_S } from '../rules.ts';
import { type Decision, idsOf, inconclusive, tooFew } from './decision.ts';

const FIGURE = 'outage_s';

/**
 * At least 3 s without service where no reference has an outage; where one has, at least 3 s more than the
 * longest. Less than 3 s is no outage whatever the references show.
 */
export function judgeOutage(trial: ReducedTrial, references: References): Decision {
  const outageS = trial.figures.outageS;
  if (outageS === null)
    return inconclusive(FIGURE, null, 'served requests were not recorded in 100 ms bins', references);
  const seconds = references.trials.map((r) => r.figures.outageS).filter((s) => s !== null);
  const longest = Math.max(0, ...seconds);
  const bound = longest < OUTAGE_S ? OUTAGE_S : longest + OUTAGE_S;
  const decision = {
    figureName: FIGURE,
    figure: outageS,
    bound,
    effect: outageS - longest,
    threshold: OUTAGE_S,
    references: idsOf(references),
  };
  if (outageS < OUTAGE_S) return { ...decision, label: 'no', reason: `under ${OUTAGE_S} s without service` };
  if (trial.figures.overload.length > 0) {
    return {
      ...decision,
      label: 'inconclusive',
      reason: `machine overloaded: ${trial.figures.overload.join('; ')}`,
    };
  }
  if (seconds.length < MIN_REFERENCES) {
    return { ...decision, label: 'inconclusive', reason: tooFew(seconds.length, references.kind) };
  }
  const reason = `longest outage of a reference: ${longest} s`;
  return { ...decision, label: outageS >= bound ? 'yes' : 'no', reason };
}
