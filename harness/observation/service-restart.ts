/** Restarting the services of hosts, as the final state has them, and asking hosts for their health. */
import type { RecipeContext, Scenario } from '../contract/scenario.ts';
import type { Act } from '../contract/settle.ts';
import type { Step } from '../contract/step.ts';
import type { HostName, Release, Size } from '../contract/topology.ts';
import { hostOf } from '../plan/rows.ts';
import type { UniverseMap } from '../provision/universe.ts';
import { execute, type World } from '../upgrader/execute.ts';
import { StepFailure } from '../upgrader/step-failure.ts';

/** Time in which the restart of a host that was not well before may mend it; its own limit is for one that was. */
export const REPAIR_LIMIT_MS = 2_000;

/** Steps that stop, start and check the services of a host. */
export type RestartSteps = (host: HostName) => readonly Step[];

/** What recipes are told of a system as it was left: every host is in rotation. */
export function settledContext(
  serving: UniverseMap,
  size: Size,
  releaseOf: (host: HostName) => Release,
): RecipeContext {
  return {
    universe: serving.universe,
    size,
    hosts: (wanted: string) =>
      Object.values(serving.specs)
        .filter(({ tier }) => tier === wanted)
        .map(({ name }) => name),
    releaseOf,
    drained: () => false,
  };
}

/** Steps that restart the services of the serving universe's hosts. */
export function restartStepsOf(scenario: Scenario, context: RecipeContext): RestartSteps {
  return (host) => {
    const recipe = scenario.recipe(host, context.releaseOf(host), context);
    const isService = (step: Step) => step.kind === 'service' && hostOf(step) === host;
    return [...recipe.stop.filter(isService), ...recipe.start.filter(isService), ...recipe.check];
  };
}

/** The parts of a host's restart. */
export interface Restart {
  readonly stop: readonly Step[];
  readonly whileStopped: readonly Step[];
  /** Starts and health checks. */
  readonly start: readonly Step[];
}

/** A host's restart with what a provocation wants otherwise: how it is stopped, and what is done while it is. */
export function provokedRestart(
  steps: readonly Step[],
  { stop, whileStopped }: Pick<Extract<Act, { kind: 'restart' }>, 'stop' | 'whileStopped'> = {},
): Restart {
  const isStop = (step: Step) => step.kind === 'service' && step.action === 'stop';
  const stopping = steps
    .filter(isStop)
    .map((step) => (stop === undefined ? step : ({ ...step, argv: stop } as Step)));
  const [last] = stopping.slice(-1);
  const between: Step[] =
    whileStopped === undefined || last?.kind !== 'service'
      ? []
      : [
          {
            kind: 'exec',
            id: `${last.host}/while-stopped`,
            title: `While ${last.service} is stopped on ${last.host}`,
            universe: last.universe,
            host: last.host,
            argv: whileStopped,
          },
        ];
  return { stop: stopping, whileStopped: between, start: steps.filter((step) => !isStop(step)) };
}

/** The same steps for a host that was not well before: it is not waited for as long. */
export function withinRepairLimit(steps: readonly Step[]): Step[] {
  return steps.map((step) =>
    step.kind === 'check' ? { ...step, timeoutMs: Math.min(step.timeoutMs, REPAIR_LIMIT_MS) } : step,
  );
}

/**
 * Carries out steps on a host until one fails; a service that does not come up again is what a restart is there to find.
 * @returns why one failed; empty when none did
 */
export async function carryOut(steps: readonly Step[], world: World): Promise<string> {
  for (const step of steps) {
    try {
      await execute(step, world);
    } catch (error) {
      if (error instanceof StepFailure) return error.message;
      throw error;
    }
  }
  return '';
}

/** Asks a host once for its health. */
export async function isWell(host: HostName, restartSteps: RestartSteps, world: World): Promise<boolean> {
  const checks = restartSteps(host).filter((step) => step.kind === 'check');
  return (
    (await carryOut(
      checks.map((step) => ({ ...step, timeoutMs: 0 })),
      world,
    )) === ''
  );
}

/** Asks every host once for its health. */
export async function unwellHosts(
  serving: UniverseMap,
  restartSteps: RestartSteps,
  world: World,
): Promise<Set<HostName>> {
  const hosts = Object.keys(serving.specs);
  const well = await Promise.all(hosts.map((host) => isWell(host, restartSteps, world)));
  return new Set(hosts.filter((_, index) => !well[index]));
}
