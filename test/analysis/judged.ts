/** Judges synthetic trials without a folder, for tests of single rules. */
import { reduceTrial } from '../../analysis/figures.ts';
import { type JudgedTrial, judgeTrials } from '../../analysis/judge.ts';
import type { Contrast, Impact } from '../../analysis/rules.ts';
import { type Synthetic, syntheticBins, syntheticRecord, syntheticRequests } from './synthetic.ts';

/** Judges trials together, each as if it stood in one campaign with the others. */
export function judgedTogether(trials: readonly Synthetic[]): JudgedTrial[] {
  return judgeTrials(
    trials.map((synthetic) => {
      const record = syntheticRecord(synthetic);
      return {
        record,
        figures: reduceTrial(record, syntheticBins(synthetic), [], syntheticRequests(synthetic)),
      };
    }),
  );
}

/** One of them. @throws Error for an id that none has */
export function judgedOf(trials: readonly Synthetic[], id: string): JudgedTrial {
  const found = judgedTogether(trials).find(({ record }) => record.trialId === id);
  if (found === undefined) throw new Error(`${id} was not judged`);
  return found;
}

/** What was decided of an impact of a judged trial. */
export function decisionOf({ labels, record }: JudgedTrial, impact: Impact, contrast: Contrast) {
  const found = labels.find((label) => label.impact === impact && label.contrast === contrast);
  if (found === undefined) throw new Error(`${impact} of ${record.trialId} was not decided`);
  return found.decision;
}
