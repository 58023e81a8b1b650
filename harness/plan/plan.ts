/**
 * The planner: scenario + approach + fault + seed -> plan. Pure: no clock, no engine, no chance but the
 * seed's; the same request gives the same bytes in any process.
 */
import { approaches } from '../approaches/catalogue.ts';
import { startCourse } from '../approaches/course.ts';
import type { EditResult, Fault, PlacedObservation, Reach } from '../contract/fault.ts';
import type {
  ApproachName,
  EnginePolicy,
  FailurePolicy,
  Gates,
  Hardware,
  IngressKind,
  Interrupt,
  Mirroring,
  Plan,
  PlannedFault,
  SchemaPolicy,
  Windows,
} from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { ProvocationSet } from '../contract/settle.ts';
import type { Step } from '../contract/step.ts';
import type { Size, Tier, Universe } from '../contract/topology.ts';
import { type Disturbing, planDisturbance, positiveControl } from './disturbances.ts';
import { editContext } from './edit-context.ts';
import { withGates } from './gates.ts';
import { joinLanes } from './lanes.ts';
import { randomStream } from './random.ts';
import { flatten } from './rows.ts';
import { retargeted } from './target.ts';

/** What a plan is made from. */
export interface PlanRequest {
  readonly scenario: Scenario;
  readonly approach: ApproachName;
  /** Faults to plant, in order; none for a control. */
  readonly faults: readonly Fault[];
  /** Faults whose observations are taken although they are not planted; for controls. */
  readonly shams: readonly Fault[];
  readonly reach: Reach;
  readonly target: Universe;
  readonly gates: Gates;
  readonly seed: number;
  readonly size: Size;
  readonly windows: Windows;
  readonly schemaPolicy: SchemaPolicy;
  readonly engine: EnginePolicy;
  readonly onFailure: FailurePolicy;
  readonly ratePerSecond: number;
  /** Separate when absent. */
  readonly hardware?: Hardware;
  /** The interceptor when absent. */
  readonly ingress?: IngressKind;
  /** On when absent. */
  readonly mirroring?: Mirroring;
  /** Kills of the upgrade's own processes; none when absent. */
  readonly interrupts?: readonly Interrupt[];
  /** Of a positive control, which plants no fault: its name in the place of one, and what is done to requests. */
  readonly disturbance?: Disturbing & { readonly name: string };
  /** Names of disturbances that are looked for although there is none; none when absent. */
  readonly shamDisturbances?: readonly string[];
  /** How the system is provoked at the end; `quick` when absent. */
  readonly provocations?: ProvocationSet;
}

/** The fault of a control. */
const noFault: PlannedFault = {
  name: 'none',
  type: 0,
  violation: 'none',
  dependency: 'none',
  provenance: 'upfault',
};

/** Makes the plan of one trial. */
export function makePlan(request: PlanRequest): Plan {
  const { scenario, seed } = request;
  const procedure = withGates(approaches[request.approach].procedure(request), request);
  assertUniqueIds(procedure.upgrade, `${request.approach} upgrade of ${scenario.name}`);
  const edits = applyEdits(request, procedure.upgrade);
  const shams = request.shams
    .map((fault) => ({ fault, result: edited(request, fault, procedure.upgrade, procedure.upgrade) }))
    .flatMap(({ fault, result }) => (result.applies ? [{ name: fault.name, observe: result.observe }] : []));
  const placed = [...edits.observe, ...shams.flatMap((sham) => sham.observe)];
  const upgrade = joinLanes(placeObservations(edits.steps, placed, procedure.upgrade));
  assertUniqueIds(
    upgrade,
    `${request.approach} upgrade of ${scenario.name} with ${planned(request.faults).name}`,
  );
  return {
    schemaVersion: 1,
    scenario: scenario.name,
    approach: request.approach,
    fault: { ...plannedFault(request), ...edits.details },
    reach: request.reach,
    seed,
    size: request.size,
    windows: request.windows,
    gates: request.gates,
    hardware: request.hardware ?? 'separate',
    ingress: request.ingress ?? 'interceptor',
    mirroring: request.mirroring ?? 'on',
    target: request.target,
    schemaPolicy: request.schemaPolicy,
    engine: request.engine,
    onFailure: onFailureOf(request),
    ratePerSecond: request.ratePerSecond,
    interrupts: request.interrupts ?? [],
    ...disturbanceOf(request),
    applicability: edits.reason === '' ? { applies: true } : { applies: false, reason: edits.reason },
    provision: bringUp(request),
    upgrade,
    rollback: withObservations(procedure.rollback, placed),
    observeAtEnd: placed.filter(({ after }) => after === 'end').map(({ step }) => step),
    edited: upgrade.filter((step) => step.edit !== undefined).map((step) => step.id),
    shams: [...shams.map((sham) => sham.name), ...(request.shamDisturbances ?? [])],
    provocationSet: request.provocations ?? 'quick',
    provocations: provocationsOf(request),
  };
}

function provocationsOf({ scenario, seed, provocations = 'quick' }: PlanRequest): readonly string[] {
  const chosen = scenario.provocations.filter(
    ({ set }) => provocations === 'all' || (provocations === 'quick' && set === 'quick'),
  );
  return randomStream(seed, 'provocations').shuffle(chosen.map(({ name }) => name));
}

/** The plan as the bytes that are stored. */
export function renderPlan(plan: Plan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}

function plannedFault({ disturbance, faults }: PlanRequest): PlannedFault {
  return disturbance === undefined ? planned(faults) : positiveControl(disturbance.name);
}

function disturbanceOf({ disturbance, seed, windows }: PlanRequest): Pick<Plan, 'disturbance'> {
  if (disturbance === undefined) return {};
  const { kind, size } = disturbance;
  return { disturbance: planDisturbance(seed, windows, { kind, size }) };
}

function planned(faults: readonly Fault[]): PlannedFault {
  const [first, ...others] = faults;
  if (first === undefined) return noFault;
  const join = (of: (fault: Fault) => string) => [...new Set([first, ...others].map(of))].join('+');
  return {
    name: faults.map(({ name }) => name).join('+'),
    type: first.type,
    violation: join(({ violation }) => violation) as PlannedFault['violation'],
    dependency: join(({ dependency }) => dependency),
    provenance: first.provenance,
  };
}

interface Edits {
  readonly steps: readonly Step[];
  readonly observe: readonly PlacedObservation[];
  /** Why a fault does not apply; empty when all do. */
  readonly reason: string;
  readonly details: Pick<PlannedFault, 'details'>;
}

function applyEdits(request: PlanRequest, procedure: readonly Step[]): Edits {
  let steps = procedure;
  const observe: PlacedObservation[] = [];
  const details: Record<string, Readonly<Record<string, string>>> = {};
  for (const fault of request.faults) {
    const result = edited(request, fault, steps, procedure);
    if (!result.applies)
      return { steps: procedure, observe: [], reason: `${fault.name}: ${result.reason}`, details: {} };
    if (!result.steps.some((step) => step.edit?.fault === fault.name)) {
      throw new Error(
        `plan ${request.scenario.name}: fault ${fault.name} says that it applies under ${request.approach} but edits no step`,
      );
    }
    steps = result.steps;
    observe.push(...result.observe);
    if (result.detail !== undefined) details[fault.name] = result.detail;
  }
  return { steps, observe, reason: '', details: Object.keys(details).length === 0 ? {} : { details } };
}

function edited(
  request: PlanRequest,
  fault: Fault,
  steps: readonly Step[],
  procedure: readonly Step[],
): EditResult {
  const context = editContext({ request, fault, steps, procedure, former: bringUp(request) });
  return retargeted(request, fault, fault.edit(context));
}

/** A parallel universe that fails is given up, which leaves the old one as it was: there is nothing to halt for. */
function onFailureOf({ approach, onFailure }: PlanRequest): FailurePolicy {
  return approaches[approach].universe === 'new' && onFailure === 'halt' ? 'rollback' : onFailure;
}

/**
 * What is to be seen at the upgrade's end is looked at before the way back takes it away: before its first step, or before the
 * universe in which it is to be seen is dropped.
 */
function withObservations(rollback: readonly Step[], placed: readonly PlacedObservation[]): Step[] {
  const looks = placed.filter(({ after }) => after === 'end').map(({ step }) => step);
  const drop = rollback.findIndex((step) => step.kind === 'imago' && step.action.do === 'drop-universe');
  return rollback.toSpliced(Math.max(drop, 0), 0, ...looks);
}

/** Puts each observation right after its anchor, which the unedited procedure must have too. */
function placeObservations(
  steps: readonly Step[],
  placed: readonly PlacedObservation[],
  procedure: readonly Step[],
): Step[] {
  const known = new Set(procedure.map((step) => step.id));
  for (const { after, step } of placed) {
    if (after !== 'end' && !known.has(after)) {
      throw new Error(
        `plan: observation ${step.id} is anchored to ${after}, which is no step of the unedited procedure`,
      );
    }
  }
  return steps.flatMap((step) => [
    step,
    ...placed.filter(({ after }) => after === step.id).map((one) => one.step),
  ]);
}

function bringUp(request: PlanRequest): Step[] {
  const course = startCourse(request.scenario, request.size, 'old', 'old');
  const tiers: readonly Tier[] = ['db', 'app', 'web', 'lb'];
  const steps = tiers.flatMap((tier) =>
    course.hosts(tier).flatMap((host) => {
      const recipe = request.scenario.recipe(host, 'old', course.context);
      return [...recipe.configure, ...recipe.start, ...recipe.check];
    }),
  );
  steps.push(...request.scenario.database.driver.grant(course.context));
  const [active] = course.hosts('lb');
  if (active !== undefined) steps.push(...request.scenario.handOver(null, active, course.context));
  return steps.map((step) => ({ ...step, id: `provision/${step.id}` }));
}

function assertUniqueIds(steps: readonly Step[], subject: string): void {
  const seen = new Set<string>();
  for (const { id } of flatten(steps)) {
    if (seen.has(id)) throw new Error(`plan ${subject}: step id ${id} occurs twice`);
    seen.add(id);
  }
}
