/** Everything that is known of a fault before any trial: its entry in `upfault list faults --json`, a stable form. */
import { approaches } from '../approaches/catalogue.ts';
import { type PreparedTrial, prepareTrial, variantsOf } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import { scheduleOf } from '../campaign/schedule.ts';
import { plantedAs } from '../campaign/selection.ts';
import type { DetectorName } from '../contract/detector.ts';
import type { Fault, FaultType, Provenance, Reach, Violation } from '../contract/fault.ts';
import type { ApproachName, Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { HostName, Tier } from '../contract/topology.ts';
import { flatten, hostOf } from '../plan/rows.ts';
import type { CaughtByRow } from './caught-by.ts';
import { sourceOf } from './fault-model.ts';

/** Whether a fault applies under an approach. */
export interface Applies {
  readonly approach: ApproachName;
  readonly applies: boolean;
  /** Why not; empty where it does. */
  readonly reason: string;
  /** An option of a trial with which it would, such as `--schema in-place`; null where it does anyway, or never. */
  readonly appliesWith: string | null;
}

/** Options that change the procedure so that faults apply which otherwise have nothing to break. */
export const PROCEDURE_OPTIONS: readonly {
  readonly option: string;
  readonly asked: Partial<CampaignRequest>;
}[] = [
  // Its procedure does not fit into the shortest windows.
  { option: '--engine upgrade --windows standard', asked: { engine: 'upgrade', windows: 'standard' } },
  { option: '--schema in-place', asked: { schemaPolicy: 'in-place' } },
];

/** What a detector says of a fault. */
export interface CaughtBy {
  readonly detector: DetectorName;
  readonly outcome: 'caught' | 'silent' | 'not yet tried';
  /** Under which it was tried; empty where it was not. */
  readonly approach: string;
  /** From which the edit was drawn that it was asked about; null where it was not tried. */
  readonly seed: number | null;
  /** The deciding words, or why it could not be asked; empty where there are none. */
  readonly words: string;
}

/** One fault. */
export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly type: FaultType;
  readonly violation: Violation;
  readonly dependency: string;
  readonly provenance: Provenance;
  /** Which of the slides' sources it is from: `unknown`, or `upfault` for one of our own. */
  readonly source: 'unknown' | 'upfault';
  readonly tiers: readonly Tier[];
  /**
   * Hosts on which its steps act, by reach, under the first approach in which it applies: in the trial whose plan is shown.
   * Where it meets one of several tiers, another seed may draw another.
   */
  readonly reach: Readonly<Record<Reach, readonly HostName[]>>;
  /** Whether its edit is one of many, drawn by the seed. */
  readonly varies: boolean;
  /** Fault that it is planted with where many are, because alone it would change nothing; null for most. */
  readonly shownWith: string | null;
  /** Why it makes no sense on the hosts of the old universe (`--target old`); null where it does. */
  readonly newOnly: string | null;
  readonly appliesTo: readonly Applies[];
  readonly confirmedBy: string;
  readonly caughtBy: readonly CaughtBy[];
}

/** The plan of a fault, or composition, under an approach, with the request's own seed. */
export function planOf(request: CampaignRequest, fault: string, approach: ApproachName): Plan {
  return prepareTrial(request, { trialId: 'explain', approach, fault, seed: request.seed }).plan;
}

/** The trial as `upfault run --approach APPROACH --fault FAULT --controls 0` makes it. */
export function asRun(request: CampaignRequest, fault: string, approach: ApproachName): PreparedTrial {
  const controls = fault === 'none' ? 1 : 0;
  const faults = fault === 'none' ? [] : [fault];
  const run: CampaignRequest = { ...request, approaches: [approach], faults, controls, provocations: 'none' };
  const trial = scheduleOf(run, variantsOf(run)).find(
    (one) => one.approach === approach && one.fault === fault,
  );
  // Approach none is scheduled for controls only; its plan has no steps, and says why nothing applies.
  return prepareTrial(run, trial ?? { trialId: 'explain', approach, fault, seed: request.seed });
}

/** Under which approaches a fault, or composition, applies. */
export function appliesTo(request: CampaignRequest, fault: string): Applies[] {
  return Object.values(approaches).map(({ name }) => {
    const approach = name as ApproachName;
    const { applicability } = planOf(request, fault, approach);
    // The name of the one fault goes without saying; of a composition, it tells which one has nothing to break.
    const reason = applicability.applies ? '' : applicability.reason.replace(`${fault}: `, '');
    const other = applicability.applies
      ? undefined
      : PROCEDURE_OPTIONS.find(
          ({ asked }) => planOf({ ...request, ...asked }, fault, approach).applicability.applies,
        );
    return { approach, applies: applicability.applies, reason, appliesWith: other?.option ?? null };
  });
}

/** The first approach in which it applies, if need be with an option, and the request with that option. */
export function whereItApplies(
  request: CampaignRequest,
  applies: readonly Applies[],
):
  | { readonly approach: ApproachName; readonly request: CampaignRequest; readonly option: string | null }
  | undefined {
  const first = applies.find((one) => one.applies);
  if (first !== undefined) return { approach: first.approach, request, option: null };
  const other = applies.find(({ appliesWith }) => appliesWith !== null);
  const how = PROCEDURE_OPTIONS.find(({ option }) => option === other?.appliesWith);
  if (other === undefined || how === undefined) return undefined;
  return { approach: other.approach, request: { ...request, ...how.asked }, option: how.option };
}

/** A fault's entry. */
export function entryOf(
  request: CampaignRequest,
  { detectors }: Pick<Scenario, 'detectors'>,
  fault: Fault,
  caught: readonly CaughtByRow[],
): CatalogueEntry {
  const { name, summary, type, violation, dependency, provenance, tiers, confirmedBy } = fault;
  const planted = plantedAs(fault);
  const applies = appliesTo(request, planted);
  const first = whereItApplies(request, applies);
  const hosts = (reach: Reach) =>
    first === undefined
      ? []
      : hostsEdited(asRun({ ...first.request, reach }, planted, first.approach).plan, name);
  return {
    ...{ name, summary, type, violation, dependency, provenance, source: sourceOf(fault), tiers },
    reach: { one: hosts('one'), all: hosts('all') },
    varies: fault.varies === true,
    shownWith: fault.shownWith ?? null,
    newOnly: fault.newOnly ?? null,
    appliesTo: applies.map((one) => ({ ...one, reason: one.reason.replace(`${name}: `, '') })),
    confirmedBy,
    caughtBy: [...detectors.map((detector) => detector.name), 'gate' as const].flatMap((detector) =>
      saidBy(
        detector,
        caught.filter((row) => row.fault === name),
      ),
    ),
  };
}

function saidBy(detector: DetectorName, rows: readonly CaughtByRow[]): CaughtBy[] {
  const said = rows.filter((row) => row.detector === detector);
  if (said.length === 0) return [{ detector, outcome: 'not yet tried', approach: '', seed: null, words: '' }];
  return said.map(({ approach, caught, words, seed }) => ({
    detector,
    outcome: caught ? 'caught' : 'silent',
    approach,
    seed,
    words,
  }));
}

function hostsEdited({ upgrade }: Plan, fault: string): HostName[] {
  const edited = flatten(upgrade.filter(({ edit }) => edit?.fault === fault)).map(hostOf);
  return [...new Set(edited)].filter((host) => host !== '').sort();
}
