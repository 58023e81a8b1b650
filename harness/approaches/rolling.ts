/**
 * The rolling upgrade: the live system is changed in place, host by host, while its peers serve.
 *
 * In order: the new release's account is made and the schema is expanded (or changed at once, with `in-place`), then application hosts, web hosts
 * and balancers are upgraded one at a time, then the old shape of the schema is dropped. Between hosts the
 * operator waits. The database's own engine stays, or is upgraded last: replicas, then the former primary.
 */
import type { Step } from '../contract/step.ts';
import type { HostName, Release } from '../contract/topology.ts';
import type { Approach, ApproachRequest, Procedure } from './approach.ts';
import { type Course, startCourse } from './course.ts';

/** The approach `rolling`. */
export const rolling: Approach = {
  name: 'rolling',
  universe: 'old',
  summary:
    'In place, host by host: drain, install, configure, check, enable; the database is shared by both releases meanwhile.',
  procedure: (request) => {
    const course = startCourse(request.scenario, request.size, 'old', 'old');
    const { database } = request.scenario;
    const expands = request.schemaPolicy === 'expand-contract';
    const upgrade: Step[] = [...database.account(course.context)];
    if (expands) upgrade.push(...database.expand(course.context), ...database.backfill(course.context));
    else upgrade.push(...database.inPlace(course.context).map(withoutReturn));
    upgrade.push(...database.indexes(course.context));
    for (const tier of ['app', 'web'] as const) {
      for (const host of course.hosts(tier))
        upgrade.push(...upgradeBalancedHost(request, course, host, 'new'), dwell(request, host));
    }
    upgrade.push(...upgradeEntry(request, course));
    if (expands) upgrade.push(...database.contract(course.context).map(withoutReturn));
    if (request.engine === 'upgrade') upgrade.push(...database.engine(course.context));
    return { upgrade, rollback: wayBack(request, course) } satisfies Procedure;
  },
};

function upgradeBalancedHost(
  request: ApproachRequest,
  course: Course,
  host: HostName,
  release: Release,
): Step[] {
  const { scenario } = request;
  course.setDrained(host, true);
  const steps: Step[] = [...scenario.balance(host, 'drain', course.context)];
  const { stop } = scenario.recipe(host, course.context.releaseOf(host), course.context);
  course.runs(host, release);
  const recipe = scenario.recipe(host, release, course.context);
  steps.push(
    ...stop,
    ...recipe.install,
    ...recipe.configure,
    ...recipe.start,
    ...recipe.check,
    ...recipe.repoint,
  );
  course.setDrained(host, false);
  steps.push(...scenario.balance(host, 'ready', course.context), ...recipe.clean);
  return steps;
}

/** The standby first; then the address moves to it and the former holder is upgraded as the new standby. */
function upgradeEntry(request: ApproachRequest, course: Course): Step[] {
  const { active, standbys } = balancers(request, course);
  const steps: Step[] = standbys.flatMap((host) => upgradeEntryHost(request, course, host, 'new'));
  steps.push(...request.scenario.handOver(active, standbys[0], course.context), dwell(request, standbys[0]));
  steps.push(...upgradeEntryHost(request, course, active, 'new'));
  return steps;
}

/** Who holds the entry's address at first, and who can take it over. */
function balancers({ scenario }: ApproachRequest, course: Course) {
  const [active, first, ...others] = course.hosts('lb');
  if (active === undefined || first === undefined) {
    throw new Error(
      `plan rolling upgrade of ${scenario.name}: the entry needs 2 hosts, it has ${active ? 1 : 0}`,
    );
  }
  return { active, standbys: [first, ...others] as const };
}

function upgradeEntryHost(
  request: ApproachRequest,
  course: Course,
  host: HostName,
  release: Release,
): Step[] {
  const { stop } = request.scenario.recipe(host, course.context.releaseOf(host), course.context);
  course.runs(host, release);
  const recipe = request.scenario.recipe(host, release, course.context);
  return [
    ...stop,
    ...recipe.install,
    ...recipe.configure,
    ...recipe.start,
    ...recipe.check,
    ...recipe.repoint,
    ...recipe.clean,
  ];
}

/** Takes the shape away that the old release knows. */
function withoutReturn(step: Step): Step {
  return { ...step, noReturn: true };
}

/**
 * Back to the old release, as far as the upgrade came; possible while the old shape of the schema is still there. In
 * reverse, but for the entry: it goes back to its former holder once that one is whole again, and before its present
 * holder is stopped. Balancers before web hosts, which they take out of rotation; those before application hosts.
 */
function wayBack(request: ApproachRequest, course: Course): Step[] {
  const { active, standbys } = balancers(request, course);
  const handOver = request.scenario.handOver(active, standbys[0], course.context).map(({ id }) => id);
  const balanced = [...course.hosts('app'), ...course.hosts('web')].reverse();
  return [
    ...hostBack(upgradeEntryHost(request, course, active, 'old')),
    ...request.scenario
      .handOver(standbys[0], active, course.context)
      .map((step) => ({ ...step, undoes: handOver })),
    ...[...standbys].reverse().flatMap((host) => hostBack(upgradeEntryHost(request, course, host, 'old'))),
    ...balanced.flatMap((host) => hostBack(upgradeBalancedHost(request, course, host, 'old'))),
  ].map((step) => ({ ...step, id: `rollback/${step.id}`, title: `Roll back: ${step.title}` }));
}

/**
 * One host's way back, whose steps have the ids that they had on the way there: from the first on, the host may be out of
 * rotation or stopped. The installation is named as well, since a fault can bring it forward.
 */
function hostBack(steps: readonly Step[]): Step[] {
  const undoes = steps.filter(({ kind }, index) => index === 0 || kind === 'install').map(({ id }) => id);
  return steps.map((step) => ({ ...step, undoes }));
}

function dwell(request: ApproachRequest, host: HostName): Step {
  return {
    kind: 'dwell',
    id: `${host}/dwell`,
    title: `Watch ${host} for ${request.windows.dwellS} s`,
    universe: 'old',
    seconds: request.windows.dwellS,
  };
}
