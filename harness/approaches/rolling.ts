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
  const { scenario } = request;
  const [active, ...standbys] = course.hosts('lb');
  const first = standbys[0];
  if (active === undefined || first === undefined) {
    throw new Error(
      `plan rolling upgrade of ${scenario.name}: the entry needs 2 hosts, it has ${active ? 1 : 0}`,
    );
  }
  const steps: Step[] = [];
  for (const host of standbys) steps.push(...upgradeEntryHost(request, course, host));
  steps.push(...scenario.handOver(active, first, course.context), dwell(request, first));
  steps.push(...upgradeEntryHost(request, course, active));
  return steps;
}

function upgradeEntryHost(request: ApproachRequest, course: Course, host: HostName): Step[] {
  const { stop } = request.scenario.recipe(host, 'old', course.context);
  course.runs(host, 'new');
  const recipe = request.scenario.recipe(host, 'new', course.context);
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

/** Back to the old release, in reverse; possible while the old shape of the schema is still there. */
function wayBack(request: ApproachRequest, course: Course): Step[] {
  const hosts = [...course.hosts('app'), ...course.hosts('web')].reverse();
  return hosts
    .flatMap((host) => upgradeBalancedHost(request, course, host, 'old'))
    .map((step) => ({ ...step, id: `rollback/${step.id}`, title: `Roll back: ${step.title}` }));
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
