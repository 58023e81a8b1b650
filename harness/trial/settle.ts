/**
 * After the horizon, once the clients have gone and exposures are listed: the first ledger cut, the provocations in
 * seeded order, and a second ledger cut, because what was provoked must not lose data either.
 */
import type { LedgerFigures, TrialRecord } from '../../results/schema.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { WorkloadWrite } from '../contract/workload.ts';
import { type SeedRows, settleLedger } from '../observation/ledger.ts';
import {
  type ProvocationResult,
  provoke,
  restartStepsOf,
  walkUnprovoked,
} from '../observation/provocations.ts';
import { setBudgets } from '../provision/host-container.ts';
import type { System } from './system.ts';

/** What settling found. */
export type Settled = Pick<TrialRecord, 'ledger' | 'provocations'> & { readonly settleS: number };

/** Settles a trial. */
export async function settleTrial(options: {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly system: System;
  readonly seedRows: SeedRows;
  readonly writes: readonly WorkloadWrite[];
  readonly record: TrialStore;
  readonly releaseOf: (host: string) => 'old' | 'new';
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}): Promise<Settled> {
  const { scenario, plan, system, record, nowMs, signal } = options;
  const startMs = nowMs();
  await setBudgets(system.world.engine, system.serving, 'lifted');
  const cut = () =>
    settleLedger({
      spec: scenario.ledger,
      query: system.query,
      writes: options.writes,
      seedBefore: options.seedRows,
    });
  const first = await cut();
  const unprovoked = await walkUnprovoked(scenario, system);
  const provocations: ProvocationResult[] = [unprovoked];
  const restartSteps = restartStepsOf(scenario, system.serving, plan.size, options.releaseOf);
  for (const name of plan.provocations) {
    signal.throwIfAborted();
    const provocation = scenario.provocations.find((one) => one.name === name);
    if (provocation === undefined)
      throw new Error(`settle: the plan names provocation ${name}, which ${scenario.name} has not`);
    provocations.push(await provoke(provocation, scenario, system, restartSteps, unprovoked.held));
  }
  const second = await cut();
  await record.writeLedger(second.rows);
  return {
    ledger: { afterHorizon: first.figures, afterProvocations: second.figures } satisfies Record<
      string,
      LedgerFigures
    >,
    provocations: [...provocations],
    settleS: (nowMs() - startMs) / 1000,
  };
}
