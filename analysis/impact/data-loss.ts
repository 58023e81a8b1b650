/** Data loss: an acknowledged write, or a row that was converted, is not as it must be. */
import type { DataFigures } from '../figures.ts';
import type { ReducedTrial, References } from '../references.ts';
import { type Contrast, MIN_REFERENCES } from '../rules.ts';
import { type Decision, idsOf, inconclusive, tooFew } from './decision.ts';

const FIGURE = 'wrong_data';

/**
 * For users the ledger needs no comparison: what was acknowledged and is gone is lost. That the fault did it is said
 * only where no control of the approach loses as much.
 */
export function judgeDataLoss(trial: ReducedTrial, references: References, contrast: Contrast): Decision {
  const data = trial.figures.data;
  if (data === null) return inconclusive(FIGURE, null, 'the ledger was not read', references);
  const compared = references.trials.filter(({ figures }) => figures.data?.unreadable.length === 0);
  const most = Math.max(0, ...compared.map(({ figures }) => figures.data?.wrong ?? 0));
  const bound = contrast === 'user' ? 0 : most;
  const decision = {
    figureName: FIGURE,
    figure: data.wrong,
    bound,
    effect: data.wrong - bound,
    threshold: 1,
    references: idsOf({ ...references, trials: compared }),
  };
  const found = foundText(data);
  // What was found wrong is wrong, even where other checks could not be made.
  if (data.wrong === 0 && data.unreadable.length > 0) {
    return {
      ...decision,
      label: 'inconclusive',
      reason: `ledger not readable: ${data.unreadable.join('; ')}`,
    };
  }
  if (data.wrong === 0) return { ...decision, label: 'no', reason: found };
  if (contrast === 'user') return { ...decision, label: 'yes', reason: `${found}; no reference is needed` };
  if (compared.length < MIN_REFERENCES) {
    return {
      ...decision,
      label: 'inconclusive',
      reason: `${found}; ${tooFew(compared.length, references.kind)}`,
    };
  }
  return {
    ...decision,
    label: data.wrong > most ? 'yes' : 'no',
    reason: `${found}; at most ${most} in a reference`,
  };
}

function foundText(data: DataFigures): string {
  const parts: [number, string][] = [
    [data.lost, 'lost'],
    [data.duplicated, 'duplicated'],
    [data.altered, 'altered'],
    [data.derivedWrong, 'derived fields wrong'],
    [data.seedBucketsDiffering, 'groups of converted rows differ'],
  ];
  const wrong = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${wrong.length === 0 ? 'nothing wrong' : wrong.join(', ')}; ${data.acknowledged} writes acknowledged`;
}
