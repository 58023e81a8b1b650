/**
 * Imago (Dumitraş & Narasimhan 2009): the new release is installed in a parallel universe of its own, the data is
 * transferred while the old one serves, the new one is tested on live requests, and clients are switched at once.
 *
 * In order: U_new's database with its empty schema; the driver begins to transfer; meanwhile U_new's other hosts; all
 * data is compared; termination (a quiescence in which both universes are found equal); testing; reconciliation; switchover (a second
 * quiescence, which ends in U_new); U_old retires. Until the redirection an abort drops U_new, and U_old never knew.
 */
import type { ImagoAction } from '../contract/imago-step.ts';
import type { ImagoStep, Step } from '../contract/step.ts';
import type { Tier, Universe } from '../contract/topology.ts';
import { sideBySide } from '../plan/lanes.ts';
import type { Approach, ApproachRequest, Procedure } from './approach.ts';
import { type Course, startCourse } from './course.ts';
import { entryOf, WALK_LIMIT_MS } from './entry.ts';

/** Longest that clients wait at I: far below their timeout of 5 s, so that a hold that fails costs patience and no request. */
const HOLD_LIMIT_MS = 2_000;
/** Most that wait at I: ten seconds of 300 requests/s. */
const HOLD_LIMIT_REQUESTS = 3_000;
/** Requests that are in flight end within the clients' own timeout, or the hold is given up. */
const DRAIN_LIMIT_MS = 1_500;
const TRANSFER_LIMIT_MS = 3_600_000;
const RECONCILE_LIMIT_MS = 10_000;
/** Answers that the compare engine must have judged, and the longest it may take to see as many. */
const COMPARED_WANTED = 60;
const VERDICT_LIMIT_MS = 20_000;

/** The approach `imago`. */
export const imago: Approach = {
  name: 'imago',
  universe: 'new',
  summary:
    'In a parallel universe: install beside the live system, transfer the data while it serves, test on live requests, switch at once.',
  procedure: (request) => {
    const course = startCourse(request.scenario, request.size, 'new', 'new');
    const upgrade: Step[] = [
      ...installTier(request, course, 'db'),
      ...database(request, course),
      ...beginTransfer(request),
      ...(['app', 'web', 'lb'] as const).flatMap((tier) =>
        sideBySide(tier, installTier(request, course, tier)),
      ),
      ...openEntry(request, course),
      step('imago/await-transfer', 'Wait until everything is copied', 'new', {
        do: 'await-transfer',
        limitMs: TRANSFER_LIMIT_MS,
      }),
      ...request.scenario.database.statistics(course.context),
      // While updates go on, so that clients need not wait for it; in the quiescences only what changed since is left.
      step('imago/compare', 'Compare all data of both universes', 'new', { do: 'compare', scope: 'all' }),
      ...terminate(),
      ...test(request),
      // While nobody waits: at the switch, what the engine does for each machine would be felt by everybody.
      step('imago/promote', 'Give the new universe’s machines the rank of live ones', 'new', {
        do: 'promote',
      }),
      ...switchOver(request),
      ...retire(request, course),
    ];
    return { upgrade, rollback: giveUp() } satisfies Procedure;
  },
};

/** The same recipe as everywhere, on a host that nothing was on and nobody waits for: nothing to stop, drain or clean. */
function installTier({ scenario }: ApproachRequest, course: Course, tier: Tier): Step[] {
  return course.hosts(tier).flatMap((host) => {
    const { install, configure, start, check } = scenario.recipe(host, 'new', course.context);
    return [...install, ...configure, ...start, ...check];
  });
}

function database({ scenario }: ApproachRequest, course: Course): Step[] {
  const { create, indexes, account, driver } = scenario.database;
  return [
    ...create(course.context),
    ...indexes(course.context),
    ...account(course.context),
    ...driver.grant(course.context),
  ];
}

function beginTransfer({ scenario, size }: ApproachRequest): Step[] {
  const { driver, projections } = scenario.database;
  const [primary = ''] = startCourse(scenario, size, 'old', 'old').hosts('db');
  const entry = {
    host: `@@address:${primary}@@`,
    port: driver.port,
    user: driver.user,
    password: `@@secret:${driver.secret}@@`,
    database: scenario.facts.database,
  };
  return [
    step('imago/start-driver', 'Start the driver, which reaches both databases', 'new', {
      do: 'start-driver',
      old: entry,
      new: entry,
      projections,
    }),
    step('imago/start-egress', 'Intercept every update of the old database', 'old', { do: 'start-egress' }),
    step('imago/start-transfer', 'Begin to transfer the data', 'new', { do: 'start-transfer' }),
  ];
}

function openEntry({ scenario }: ApproachRequest, course: Course): readonly Step[] {
  const [active] = course.hosts('lb');
  return active === undefined ? [] : scenario.handOver(null, active, course.context);
}

function terminate(): Step[] {
  return [
    ...quiesce('terminate'),
    step('terminate/release', 'Let the waiting requests go on to the old universe', 'old', { do: 'release' }),
  ];
}

/** No request is in flight, every update is applied, and both universes are equal. */
function quiesce(phase: 'terminate' | 'switch'): Step[] {
  return [
    step(`${phase}/hold`, 'Quiesce: let arriving requests wait', 'old', {
      do: 'hold',
      maxRequests: HOLD_LIMIT_REQUESTS,
      maxMs: HOLD_LIMIT_MS,
    }),
    step(`${phase}/drain-requests`, 'Wait for the requests in flight', 'old', {
      do: 'drain-requests',
      limitMs: DRAIN_LIMIT_MS,
    }),
    step(`${phase}/drain-egress`, 'Wait until every intercepted update is applied', 'new', {
      do: 'drain-egress',
      limitMs: DRAIN_LIMIT_MS,
    }),
    step(`${phase}/compare`, 'Compare both universes’ data', 'new', { do: 'compare', scope: 'dirty' }),
  ];
}

function test({ scenario }: ApproachRequest): Step[] {
  return [
    step('test/start-tester', 'Start the tester', 'new', {
      do: 'start-tester',
      old: entryOf(scenario.entry),
      new: entryOf(scenario.entry),
      comparison: scenario.comparison,
    }),
    step('test/integration', 'Walk through the new universe as a user would', 'new', {
      do: 'integration',
      exchanges: scenario.smoke,
      limitMs: WALK_LIMIT_MS,
    }),
    step('test/start-comparison', 'Mirror live requests to the new universe', 'new', {
      do: 'start-comparison',
    }),
    step('test/verdict', 'Compare the answers of both universes', 'new', {
      do: 'verdict',
      minimumCompared: COMPARED_WANTED,
      limitMs: VERDICT_LIMIT_MS,
    }),
    step('test/stop-comparison', 'Mirror no more', 'new', { do: 'stop-comparison' }),
    step('test/reconcile', 'Undo in the new universe what the tests wrote there', 'new', {
      do: 'reconcile',
      limitMs: RECONCILE_LIMIT_MS,
    }),
  ];
}

function switchOver({ scenario }: ApproachRequest): Step[] {
  return [
    ...quiesce('switch'),
    step('switch/redirect', 'Send everything to the new universe', 'new', {
      do: 'redirect',
      new: entryOf(scenario.entry),
    }),
    step('switch/release', 'Let the waiting requests go on to the new universe', 'new', { do: 'release' }),
  ];
}

/**
 * The driver goes, and with U_old's services everything that the new release might still secretly need: tier by tier, for
 * nobody waits for it, and clients are shaking hands with the new universe.
 */
function retire(request: ApproachRequest, course: Course): Step[] {
  const { scenario, size } = request;
  const old = startCourse(scenario, size, 'old', 'old');
  const tiers: readonly Tier[] = ['lb', 'web', 'app', 'db'];
  return [
    step('imago/stop-driver', 'Stop the driver', 'new', { do: 'stop-driver' }),
    ...scenario.database.driver.revoke(course.context),
    ...tiers.map(
      (tier): Step => ({
        kind: 'parallel',
        id: `retire/${tier}`,
        title: `Stop the old universe’s services of tier ${tier}`,
        universe: 'old',
        steps: old
          .hosts(tier)
          .flatMap((host) => scenario.recipe(host, 'old', old.context).stop)
          .map((one) => ({ ...one, id: `retire/${one.id}` })),
      }),
    ),
  ];
}

function giveUp(): Step[] {
  return [
    step('abort/end-transfer', 'Give the new universe up; the old one serves on', 'new', { do: 'abort' }),
    step('abort/drop-universe', 'Remove the new universe', 'new', { do: 'drop-universe' }),
  ];
}

function step(id: string, title: string, universe: Universe, action: ImagoAction): ImagoStep {
  return { kind: 'imago', id, title, universe, action };
}
