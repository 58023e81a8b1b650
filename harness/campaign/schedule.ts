/**
 * Which trials a campaign runs, and in which order: faulty trials and their controls interleaved at random,
 * so that a machine that drifts does not look like an effect. A fault's repetition has the same seed under
 * every approach: same data, same traffic, same hosts met.
 */
import type { ApproachName } from '../contract/plan.ts';
import { derivedSeed, randomStream } from '../plan/random.ts';
import type { CampaignRequest } from './request.ts';

/** One trial to be run. */
export interface ScheduledTrial {
  readonly trialId: string;
  readonly approach: ApproachName;
  /** `none` for a control. */
  readonly fault: string;
  readonly seed: number;
  /** Kills of this trial's own, in place of those that the request asks for in all. */
  readonly interrupts?: readonly string[];
}

/** The trials in the order in which they are run. */
export function scheduleOf(request: CampaignRequest): ScheduledTrial[] {
  const upgrading = request.approaches.filter((approach) => approach !== 'none');
  const trials: ScheduledTrial[] = [];
  const add = (approach: ScheduledTrial['approach'], fault: string, count: number) => {
    for (let repetition = 1; repetition <= count; repetition += 1) {
      const name = fault === 'none' ? 'control' : fault.replaceAll(/[^a-z0-9-]+/gi, '-');
      trials.push({
        trialId: `${approach}-${name}-${repetition}`,
        approach,
        fault,
        seed: derivedSeed(request.seed, `${fault}/${repetition}`),
      });
    }
  };
  add('none', 'none', request.controls);
  for (const approach of upgrading) {
    add(approach, 'none', request.controls);
    for (const fault of request.faults) add(approach, fault, request.reps);
  }
  return randomStream(request.seed, 'schedule').shuffle(trials);
}
