/** What a fault is given to edit: the procedure, and which hosts it meets by reach and seed. */
import { approaches } from '../approaches/catalogue.ts';
import { startCourse } from '../approaches/course.ts';
import type { EditContext, Fault } from '../contract/fault.ts';
import type { ObserveStep, Step } from '../contract/step.ts';
import type { HostName, Tier, Universe } from '../contract/topology.ts';
import type { PlanRequest } from './plan.ts';
import { randomStream } from './random.ts';
import { flatten, hostOf } from './rows.ts';

/** Where a fault is planted. */
export interface Planting {
  readonly request: PlanRequest;
  readonly fault: Fault;
  /** The procedure, with the edits of the faults before this one. */
  readonly steps: readonly Step[];
  readonly procedure: readonly Step[];
  /** The steps that brought up the old universe. */
  readonly former: readonly Step[];
}

/** The context of one fault's edit. */
export function editContext(planting: Planting): EditContext {
  const { request, fault, steps, procedure, former } = planting;
  const course = startCourse(request.scenario, request.size, 'old', 'old');
  const universe = plantedIn(request);
  const others = [...request.faults, ...request.shams].filter(({ name }) => name !== fault.name);
  const chosen = new Map<Tier, readonly HostName[]>();
  const targets = (tier: Tier): readonly HostName[] => {
    const all = course.hosts(tier);
    const known = chosen.get(tier);
    if (known !== undefined) return known;
    const end = randomStream(request.seed, `reach/${tier}`).below(2) === 0 ? all[0] : all.at(-1);
    const one = (tier === 'lb' ? servingAtEnd(request, procedure) : undefined) ?? end;
    const picked = request.reach === 'all' || one === undefined ? all : [one];
    chosen.set(tier, picked);
    return picked;
  };
  return {
    steps,
    former,
    besides: others.map(({ name }) => name),
    metByOthers: () => [
      ...new Set(others.flatMap((other) => hostsMet({ ...planting, fault: other, steps: procedure }))),
    ],
    facts: request.scenario.facts,
    random: randomStream(request.seed, `fault/${fault.name}`),
    reach: request.reach,
    approach: request.approach,
    ingress: request.ingress ?? 'interceptor',
    universe,
    targets,
    hosts: course.hosts,
    observe: (label, host, observation, where = universe): ObserveStep => ({
      kind: 'observe',
      id: `observe/${fault.name}/${label}`,
      title: `Look for ${fault.name}: ${label}`,
      universe: where,
      host,
      fault: fault.name,
      observation,
    }),
  };
}

/** The universe of the hosts that the upgrade changes, unless the operator mistakes it. */
function plantedIn({ approach, target }: PlanRequest): Universe {
  return approaches[approach].universe === 'new' ? target : 'old';
}

/** The balancer that is the last to take the entry's address; undefined where the procedure gives it to none. */
function servingAtEnd({ scenario, size }: PlanRequest, procedure: readonly Step[]): HostName | undefined {
  const course = startCourse(scenario, size, 'old', 'old');
  const taking = new Map(
    course.hosts('lb').map((host) => [scenario.handOver(null, host, course.context).at(-1)?.id, host]),
  );
  const last = procedure.findLast(({ id }) => taking.has(id));
  return taking.get(last?.id);
}

function hostsMet(planting: Planting): HostName[] {
  const { fault } = planting;
  const result = fault.edit(editContext(planting));
  if (!result.applies) return [];
  return flatten(result.steps.filter(({ edit }) => edit?.fault === fault.name))
    .map(hostOf)
    .filter((host) => host !== '');
}
