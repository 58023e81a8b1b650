/** Full outage: time in which next to nobody is served. */
import { uncoveredLoad } from '../figures.ts';
import type { ReducedTrial, References } from '../references.ts';
import { MIN_REFERENCES, OUTAGE_S } from '../rules.ts';
import { type Decision, idsOf, inconclusive, tooFew } from './decision.ts';

const FIGURE = 'outage_s';

/**
 * At least 3 s without service more than in any reference whose machine was not overloaded; in all, not at a stretch.
 * Less than 3 s is no outage whatever the references show, as long as requests were offered all the time: what nobody asked
 * for is not seen to be missing.
 */
export function judgeOutage(trial: ReducedTrial, references: References): Decision {
  const outageS = trial.figures.outageS;
  if (outageS === null)
    return inconclusive(FIGURE, null, 'served requests were not recorded in 100 ms bins', references);
  const compared = references.trials.filter(
    ({ figures }) => figures.outageS !== null && figures.overload.length === 0,
  );
  const longest = Math.max(0, ...compared.map(({ figures }) => figures.outageS ?? 0));
  const bound = longest + OUTAGE_S;
  const decision = {
    figureName: FIGURE,
    figure: outageS,
    bound,
    effect: outageS - longest,
    threshold: OUTAGE_S,
    references: idsOf({ ...references, trials: compared }),
  };
  const unasked = uncoveredLoad(trial.record);
  if (unasked !== '') return { ...decision, label: 'inconclusive', reason: unasked };
  if (outageS < OUTAGE_S) return { ...decision, label: 'no', reason: `under ${OUTAGE_S} s without service` };
  if (trial.figures.overload.length > 0) {
    return {
      ...decision,
      label: 'inconclusive',
      reason: `machine overloaded: ${trial.figures.overload.join('; ')}`,
    };
  }
  if (compared.length < MIN_REFERENCES) {
    return { ...decision, label: 'inconclusive', reason: tooFew(compared.length, references.kind) };
  }
  const reason = `longest outage of a reference: ${longest} s`;
  return { ...decision, label: outageS >= bound ? 'yes' : 'no', reason };
}
