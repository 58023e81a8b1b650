/** All that is told of a fault or a composition: entries, where it applies, the edit in a plan, and how to see it. */
import { faults as catalogue } from '../../faults/catalogue.ts';
import { faultsNamed, scenarioNamed } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import { plantedAs } from '../campaign/selection.ts';
import type { Fault } from '../contract/fault.ts';
import type { ApproachName } from '../contract/plan.ts';
import { sessionOf } from './by-hand.ts';
import { readCaughtBy } from './caught-by.ts';
import { type Applies, appliesTo, asRun, type CatalogueEntry, entryOf, whereItApplies } from './entry.ts';
import { type ExcerptPart, excerptOf } from './excerpt.ts';

/** One explanation. */
export interface Explanation {
  /** As it was asked for: a name, or a composition `a+b`. */
  readonly fault: string;
  readonly faults: readonly CatalogueEntry[];
  readonly appliesTo: readonly Applies[];
  /** Approach whose plan is shown. */
  readonly approach: ApproachName;
  /** Option of a trial without which it would apply nowhere; null for most. */
  readonly option: string | null;
  /** Where it applies: the plan that the session's run carries out, whose seed is drawn from the request's. */
  readonly plan: { readonly seed: number; readonly parts: readonly ExcerptPart[] } | null;
  /** Lines to copy and paste; none where it does not apply. */
  readonly byHand: readonly string[];
}

/** Every fault's entry, in the catalogue's order. */
export function allEntries(request: CampaignRequest): CatalogueEntry[] {
  const scenario = scenarioNamed('list', request.scenario);
  const caught = readCaughtBy();
  const faults: readonly Fault[] = Object.values(catalogue);
  return faults.map((fault) => entryOf(request, scenario, fault, caught));
}

/**
 * Explains a fault or a composition; a fault that would change nothing alone, with the one that it is shown with. Without
 * an approach, under the first in which it applies.
 * @param around how many steps around those that it touched are shown
 * @param options what the session's run is given beyond approach and fault
 * @throws UsageError for a name that the catalogue does not have
 */
export function explain(
  request: CampaignRequest,
  asked: string,
  {
    approach,
    around,
    options,
  }: { readonly approach?: ApproachName; readonly around: number; readonly options: readonly string[] },
): Explanation {
  const scenario = scenarioNamed('explain', request.scenario);
  const named = faultsNamed('explain', asked);
  const [only, ...others] = named;
  const fault = only === undefined || others.length > 0 ? asked : plantedAs(only);
  const caught = readCaughtBy();
  const applies = appliesTo(request, fault);
  // A control applies everywhere: the approach without steps would show nothing.
  const fitting = applies.filter(({ approach: name }) => name !== 'none');
  const found = approach === undefined ? whereItApplies(request, fitting) : undefined;
  const { option, ...shown } = found ?? { approach: approach ?? 'rolling', request, option: null };
  const prepared = asRun(shown.request, fault, shown.approach);
  const isRun = prepared.plan.applicability.applies;
  return {
    fault: asked,
    faults: named.map((one) => entryOf(request, scenario, one, caught)),
    appliesTo: applies,
    approach: shown.approach,
    option,
    plan: isRun
      ? {
          seed: prepared.plan.seed,
          parts: excerptOf(prepared.plan.upgrade, named.length === 0 ? Infinity : around),
        }
      : null,
    byHand:
      isRun && named.length > 0 ? sessionOf(prepared, option === null ? options : [...options, option]) : [],
  };
}
