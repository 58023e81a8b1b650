/**
 * Which trials a campaign runs, and in which order: faulty trials and their controls interleaved at random,
 * so that a machine that drifts does not look like an effect. A fault's repetition has the same seed under
 * every approach: same data, same traffic, same hosts met.
 */
import { hasParallelUniverse } from '../approaches/catalogue.ts';
import type { ApproachName } from '../contract/plan.ts';
import { positiveName } from '../plan/disturbances.ts';
import { derivedSeed, randomStream } from '../plan/random.ts';
import type { CampaignRequest } from './request.ts';

/** One trial to be run. */
export interface ScheduledTrial {
  readonly trialId: string;
  readonly approach: ApproachName;
  /** `none` for a control, `positive@...` for a positive one. */
  readonly fault: string;
  readonly seed: number;
  /** What the trial does without; absent: nothing. */
  readonly ingress?: 'direct';
  readonly mirroring?: 'off';
  /** Kills of this trial's own, in place of those that the request asks for in all. */
  readonly interrupts?: readonly string[];
}

/** Which of its many edits a fault would make; undefined for a fault that has one edit only, and where it does not apply. */
export type VariantOf = (trial: Omit<ScheduledTrial, 'trialId'>) => string | undefined;

/** Seeds that are tried for an edit that no other repetition has. Past it, there are hardly any others. */
const SEEDS_TRIED = 100;

/** The trials in the order in which they are run; no two repetitions with the same edit, as long as there are others. */
export function scheduleOf(request: CampaignRequest, variantOf: VariantOf): ScheduledTrial[] {
  const upgrading = request.approaches.filter((approach) => approach !== 'none');
  const trials: ScheduledTrial[] = [];
  const add = (
    approach: ScheduledTrial['approach'],
    fault: string,
    seeds: readonly number[],
    variants = leftOut(request, approach),
  ) => {
    const name = fault === 'none' ? 'control' : fault.replaceAll(/[^a-z0-9-]+/gi, '-').replace(/-$/, '');
    for (const without of variants)
      for (const [index, seed] of seeds.entries()) {
        const trialId = [approach, ...Object.values(without), name, index + 1].join('-');
        trials.push({ trialId, approach, fault, seed, ...without });
      }
  };
  const seedsOf = (fault: string, count: number) => {
    const variantsOf = (seed: number) =>
      upgrading.flatMap((approach) => {
        const variant = fault === 'none' ? undefined : variantOf({ approach, fault, seed });
        return variant === undefined ? [] : [`${approach} ${variant}`];
      });
    return seedsApart(request.seed, fault, count, variantsOf);
  };
  const controls = seedsOf('none', request.controls);
  const faulty = request.faults.map((fault) => ({ fault, seeds: seedsOf(fault, request.reps) }));
  add('none', 'none', seedsOf('none', request.baselines ?? request.controls));
  for (const approach of upgrading) {
    add(approach, 'none', controls);
    for (const { fault, seeds } of faulty) add(approach, fault, seeds);
  }
  for (const name of new Set(request.disturbances.map(positiveName))) {
    const seeds = seedsApart(request.seed, name, request.positiveControls, () => []);
    // Clients who do not come through the interceptor cannot be disturbed by it.
    for (const approach of new Set(request.approaches))
      add(
        approach,
        name,
        seeds,
        leftOut(request, approach).filter(({ ingress }) => ingress !== 'direct'),
      );
  }
  return randomStream(request.seed, 'schedule').shuffle(trials);
}

/** A seed for each repetition that gives none of the variants that an earlier one gave. */
function seedsApart(
  seed: number,
  fault: string,
  count: number,
  variantsOf: (seed: number) => readonly string[],
): number[] {
  const known = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const name = `${fault}/${index + 1}`;
    let drawn = derivedSeed(seed, name);
    let variants = variantsOf(drawn);
    for (let tried = 1; tried < SEEDS_TRIED && variants.some((one) => known.has(one)); tried += 1) {
      drawn = derivedSeed(seed, `${name}/${tried}`);
      variants = variantsOf(drawn);
    }
    for (const one of variants) known.add(one);
    return drawn;
  });
}

/** With and without what an approach can do without: a parallel universe cannot be reached but through the interceptor. */
function leftOut(
  { ingress, mirroring }: CampaignRequest,
  approach: ApproachName,
): Pick<ScheduledTrial, 'ingress' | 'mirroring'>[] {
  if (hasParallelUniverse(approach))
    return [...new Set(mirroring)].map((one) => (one === 'off' ? { mirroring: one } : {}));
  return [...new Set(ingress)].map((one) => (one === 'direct' ? { ingress: one } : {}));
}
