/** What is rehearsed: each fault once, under an approach in which it applies, and a control of each approach. */
import { type PreparedTrial, prepareTrial } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { ApproachName } from '../contract/plan.ts';
import type { Confirmed } from '../observation/confirmation.ts';
import type { Rehearsal } from './rehearsal.ts';

/** A fault, or composition, that applies under none of the approaches. */
export interface Inapplicable {
  readonly fault: string;
  readonly reasons: readonly string[];
}

/** Rehearsals in order, and what cannot be rehearsed. */
export interface Programme {
  readonly rehearsals: readonly PreparedTrial[];
  readonly inapplicable: readonly Inapplicable[];
}

/**
 * The programme of a request: every fault under the first of its approaches in which it applies, or under each with
 * `everyApproach`; and one control of every approach that has a fault to look for.
 */
export function programmeOf(request: CampaignRequest, everyApproach: boolean): Programme {
  const rehearsals: PreparedTrial[] = [];
  const inapplicable: Inapplicable[] = [];
  for (const fault of request.faults) {
    const tried = request.approaches.map((approach) => prepared(request, approach, fault));
    const possible = tried.filter(({ plan }) => plan.applicability.applies);
    rehearsals.push(...(everyApproach ? possible : possible.slice(0, 1)));
    if (possible.length > 0) continue;
    const reasons = tried.flatMap(({ plan }) =>
      plan.applicability.applies ? [] : [plan.applicability.reason],
    );
    inapplicable.push({ fault, reasons: [...new Set(reasons)] });
  }
  const controls = request.approaches.map((approach) => prepared(request, approach, 'none'));
  return { rehearsals: [...rehearsals, ...controls.filter(({ shams }) => shams.length > 0)], inapplicable };
}

function prepared(request: CampaignRequest, approach: ApproachName, fault: string): PreparedTrial {
  const name = fault === 'none' ? 'control' : fault.replaceAll(/[^a-z0-9-]+/gi, '-');
  return prepareTrial(request, { trialId: `${approach}-${name}`, approach, fault, seed: request.seed });
}

/** One thing that a rehearsal had to show. */
export interface Finding extends Confirmed {
  /** Planted faults must be found; on a control nothing may be found, and all must be readable. */
  readonly asItMustBe: boolean;
}

/** What a rehearsal showed, fault by fault. */
export function findingsOf({ planted, shams, injection }: Rehearsal): Finding[] {
  return [
    ...planted.map((one) => ({
      ...one,
      asItMustBe: one.evidence.verdict === 'found' && injection.outcome === 'completed',
    })),
    ...shams.map((one) => ({ ...one, asItMustBe: one.evidence.verdict === 'not-found' })),
  ];
}
