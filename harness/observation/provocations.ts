/**
 * Provocations: what happens to every system sooner or later, done to it now, with a check that it then
 * still does what a sound one does. Each is judged from the clients' side.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../contract/exchange.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { Provocation } from '../contract/settle.ts';
import type { Step } from '../contract/step.ts';
import type { HostName } from '../contract/topology.ts';
import { hostOf } from '../plan/rows.ts';
import type { UniverseMap } from '../provision/universe.ts';
import type { System } from '../trial/system.ts';
import { execute } from '../upgrader/execute.ts';
import { StepFailure } from '../upgrader/step-failure.ts';
import { runExchanges } from './exchange.ts';

/** What a provocation showed. */
export interface ProvocationResult {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly held: boolean;
  readonly carriedOut: boolean;
  readonly reason: string;
}

/** Time in which a system must be sound again after it was provoked. */
const RECOVERY_LIMIT_MS = 6_000;
const RECOVERY_INTERVAL_MS = 250;
/** Time in which the restart of a host that was not well before may mend it; its own limit is for one that was. */
const REPAIR_LIMIT_MS = 2_000;

/** Name of the walk through the system before anything is provoked, recorded as if it were a provocation. */
export const UNPROVOKED = 'unprovoked';

/** Whether the system is sound before anything is done to it: what fails here was not woken by a provocation. */
export async function walkUnprovoked(scenario: Scenario, system: System): Promise<ProvocationResult> {
  const startMs = system.world.nowMs();
  const { reason } = await runExchanges(system.port, scenario.smoke, { concurrency: 1 });
  return {
    name: UNPROVOKED,
    startMs,
    endMs: system.world.nowMs(),
    held: reason === '',
    carriedOut: true,
    reason,
  };
}

/** How a system was before anything was done to it. */
export interface StateBefore {
  /** Whether a walk through it succeeded. */
  readonly wasSound: boolean;
  /** Hosts that did not pass their own health check. */
  readonly unwell: ReadonlySet<HostName>;
}

/** Asks every host of every tier once for its health. */
export async function unwellHosts(
  system: System,
  restartSteps: (tier: string) => readonly Step[],
): Promise<Set<HostName>> {
  const tiers = new Set(Object.values(system.serving.specs).map(({ tier }) => tier));
  const checks = [...tiers].flatMap(restartSteps).filter((step) => step.kind === 'check');
  const troubles = await Promise.all(
    checks.map(async (step) =>
      (await restart([{ ...step, timeoutMs: 0 }], system)) === '' ? [] : [step.host],
    ),
  );
  return new Set(troubles.flat());
}

/** Carries out one provocation and checks the recovery. */
export async function provoke(
  provocation: Provocation,
  scenario: Scenario,
  system: System,
  restartSteps: (tier: string) => readonly Step[],
  before: StateBefore,
): Promise<ProvocationResult> {
  const { nowMs } = system.world;
  const startMs = nowMs();
  const end = (carriedOut: boolean, reason: string): ProvocationResult => ({
    name: provocation.name,
    startMs,
    endMs: nowMs(),
    held: carriedOut && reason === '',
    carriedOut,
    reason,
  });
  try {
    const trouble = await act(provocation, system, restartSteps, before.unwell);
    if (trouble !== '') return end(true, trouble);
    // A system that was unsound before cannot be waited sound; once is enough to say so.
    return end(true, await recover(scenario.smoke, system, before.wasSound ? RECOVERY_LIMIT_MS : 0));
  } catch (error) {
    return end(false, (error as Error).message);
  }
}

async function act(
  provocation: Provocation,
  system: System,
  restartSteps: (tier: string) => readonly Step[],
  unwell: ReadonlySet<HostName>,
): Promise<string> {
  if (provocation.act.kind === 'exchanges') {
    const { exchanges, concurrency } = provocation.act;
    return (await runExchanges(system.port, exchanges, { concurrency })).reason;
  }
  const steps = restartSteps(provocation.act.tier);
  const hosts = [...new Set(steps.map(hostOf))];
  const troubles = await Promise.all(
    hosts.map((host) =>
      restart(
        steps
          .filter((step) => hostOf(step) === host)
          .map((step) => (unwell.has(host) ? withinRepairLimit(step) : step)),
        system,
      ),
    ),
  );
  return troubles.filter((trouble) => trouble !== '').join('; ');
}

function withinRepairLimit(step: Step): Step {
  return step.kind === 'check' ? { ...step, timeoutMs: Math.min(step.timeoutMs, REPAIR_LIMIT_MS) } : step;
}

/** Stops, starts and checks one host; a service that does not come up again is what a restart is there to find. */
async function restart(steps: readonly Step[], system: System): Promise<string> {
  for (const step of steps) {
    try {
      await execute(step, system.world);
    } catch (error) {
      if (error instanceof StepFailure) return error.message;
      throw error;
    }
  }
  return '';
}

/** A walk through the system must succeed within the limit; the last failure is the reason. */
async function recover(smoke: readonly Exchange[], system: System, limitMs: number): Promise<string> {
  const untilMs = system.world.nowMs() + limitMs;
  for (;;) {
    const { reason } = await runExchanges(system.port, smoke, { concurrency: 1 });
    if (reason === '') return '';
    if (system.world.nowMs() > untilMs) return `not sound after ${limitMs} ms: ${reason}`;
    await delay(RECOVERY_INTERVAL_MS);
  }
}

/**
 * Steps that restart the services of a tier's hosts as the final state has them.
 */
export function restartStepsOf(
  scenario: Scenario,
  serving: UniverseMap,
  size: { hosts: number; scale: number },
  releaseOf: (host: string) => 'old' | 'new',
) {
  return (tier: string): Step[] =>
    Object.values(serving.specs)
      .filter((spec) => spec.tier === tier)
      .flatMap((spec) => {
        const recipe = scenario.recipe(spec.name, releaseOf(spec.name), {
          universe: serving.universe,
          size,
          hosts: (wanted) =>
            Object.values(serving.specs)
              .filter((one) => one.tier === wanted)
              .map(({ name }) => name),
          releaseOf,
          drained: () => false,
        });
        const isService = (step: Step) => step.kind === 'service' && hostOf(step) === spec.name;
        return [...recipe.stop.filter(isService), ...recipe.start.filter(isService), ...recipe.check];
      });
}
