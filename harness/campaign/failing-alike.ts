/** Whether a campaign goes on failing in one and the same way: then every further trial would, and say nothing of any fault. */
import type { TrialRecord } from '../../results/schema.ts';

/** Trials in a row: one may be chance, and a second one what the first has left. */
export const ALIKE_IN_A_ROW = 3;

/** Counts the trials of a campaign that the testbed failed in the same way, without another one between them. */
export class FailingAlike {
  #reason = '';
  #count = 0;

  /** Takes a trial as it ends; gives the reason once too many in a row had the same, else undefined. */
  ended(trial: Pick<TrialRecord, 'trialId' | 'outcome' | 'outcomeReason'>): string | undefined {
    const { trialId, outcome, outcomeReason } = trial;
    // Nothing of it was run.
    if (outcome === 'not-applicable') return undefined;
    const reason = outcome === 'harness-failed' ? withoutNames(outcomeReason, trialId) : '';
    this.#count = reason === this.#reason ? this.#count + 1 : 1;
    this.#reason = reason;
    return reason !== '' && this.#count >= ALIKE_IN_A_ROW ? outcomeReason : undefined;
  }
}

/** A reason without what differs from trial to trial: its id, numbers, and ids of the engine. */
function withoutNames(reason: string, trialId: string): string {
  return reason
    .replaceAll(trialId, 'TRIAL')
    .replaceAll(/\b[0-9a-f]{12,}\b/g, '#')
    .replaceAll(/\d+/g, '#');
}
