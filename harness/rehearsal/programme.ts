/** What is rehearsed: each fault once, under a procedure in which it applies, and a control of each procedure. */
import { type PreparedTrial, prepareTrial } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { ApproachName, Plan } from '../contract/plan.ts';
import { PROCEDURE_OPTIONS } from '../explain/entry.ts';
import type { Confirmed } from '../observation/confirmation.ts';
import type { Rehearsal } from './rehearsal.ts';

/** A fault, or composition, that applies under none of the approaches, whatever the options. */
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
 * `everyApproach`; where it applies under none, with an option of the procedure with which it does. And one control of every
 * procedure that has a fault to look for.
 */
export function programmeOf(request: CampaignRequest, everyApproach: boolean): Programme {
  const rehearsals: PreparedTrial[] = [];
  const inapplicable: Inapplicable[] = [];
  const procedures = [request, ...PROCEDURE_OPTIONS.map(({ asked }) => ({ ...request, ...asked }))].map(
    (asked) => ({ asked, faults: [] as string[] }),
  );
  for (const fault of request.faults) {
    const tried = procedures.map(({ asked }) =>
      request.approaches.map((approach) => prepared(asked, approach, fault)),
    );
    const possible = tried.map((some) => some.filter(({ plan }) => plan.applicability.applies));
    const first = possible.findIndex((some) => some.length > 0);
    rehearsals.push(...(possible[first] ?? []).slice(0, everyApproach ? undefined : 1));
    procedures[first]?.faults.push(fault);
    if (first >= 0) continue;
    const reasons = (tried[0] ?? []).flatMap(({ plan: { applicability } }) =>
      applicability.applies ? [] : [applicability.reason],
    );
    inapplicable.push({ fault, reasons: [...new Set(reasons)] });
  }
  const controls = procedures.flatMap(({ asked, faults }) =>
    request.approaches.map((approach) => prepared({ ...asked, faults }, approach, 'none')),
  );
  return { rehearsals: [...rehearsals, ...controls.filter(({ shams }) => shams.length > 0)], inapplicable };
}

/** Whether two plans go through the same procedure, so that one may be the control of the other. */
export function isSameProcedure(one: Plan, other: Plan): boolean {
  return procedureText(one) === procedureText(other);
}

/** An approach with the options that make its procedure another one, such as `rolling --engine upgrade`. */
export function procedureText({
  approach,
  engine,
  schemaPolicy,
}: Pick<Plan, 'approach' | 'engine' | 'schemaPolicy'>): string {
  const options = [engine === 'keep' ? '' : ` --engine ${engine}`];
  if (schemaPolicy !== 'expand-contract') options.push(` --schema ${schemaPolicy}`);
  return [approach, ...options].join('');
}

function prepared(request: CampaignRequest, approach: ApproachName, fault: string): PreparedTrial {
  const procedure = procedureText({ ...request, approach });
  const trialId = `${procedure} ${fault === 'none' ? 'control' : fault}`.replaceAll(/[^a-z0-9]+/gi, '-');
  return prepareTrial(request, { trialId, approach, fault, seed: request.seed });
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
