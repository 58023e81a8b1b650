/**
 * After the horizon: the first ledger cut beside the posture probes, the provocations in seeded order, and a
 * second ledger cut, because what was provoked must not lose data either.
 */
import type { LedgerFigures, TrialRecord } from '../../results/schema.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import type { Provocation } from '../contract/settle.ts';
import type { WorkloadWrite } from '../contract/workload.ts';
import { type SeedRows, settleLedger } from '../observation/ledger.ts';
import type { OpenSessions } from '../observation/open-session.ts';
import { probePosture } from '../observation/probes.ts';
import { type ProvocationResult, provoke, walk } from '../observation/provocations.ts';
import { restartStepsOf, settledContext, unwellHosts } from '../observation/service-restart.ts';
import { Soundness } from '../observation/soundness.ts';
import { setBudgets } from '../provision/host-container.ts';
import { ingressStatus } from './ingress-state.ts';
import type { System } from './system.ts';

/** What settling found. */
export type Settled = Pick<TrialRecord, 'ledger' | 'probes' | 'provocations'> & { readonly settleS: number };

/** Settles a trial. */
export async function settleTrial(options: {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly system: System;
  readonly seedRows: SeedRows;
  readonly writes: readonly WorkloadWrite[];
  /** When the horizon ended, and with it settling began. */
  readonly sinceMs: number;
  /** Clients that began before the upgrade. */
  readonly sessions: OpenSessions;
  readonly record: TrialStore;
  readonly releaseOf: (host: string) => 'old' | 'new';
  readonly nowMs: () => number;
  /** Told when nothing is provoked any more: what is left is to count the writes again. */
  readonly onProvoked: () => void;
  readonly signal: AbortSignal;
}): Promise<Settled> {
  const { scenario, plan, system, record, nowMs, signal } = options;
  // The old universe's too: the new one's hosts may run within theirs.
  await Promise.all(
    [...new Set([system.serving, system.old])].map((one) => setBudgets(system.world.engine, one, 'lifted')),
  );
  const readers = scenario.hosts(plan.size).filter(({ tier }) => tier === scenario.ledger.readers);
  const releasesReading = [...new Set(readers.map(({ name }) => options.releaseOf(name)))];
  const cut = () =>
    settleLedger({
      spec: scenario.ledger,
      query: system.query,
      writes: options.writes,
      releases: releasesReading,
      seedBefore: options.seedRows,
    });
  const { serving, world } = system;
  const context = settledContext(serving, plan.size, options.releaseOf);
  const restartSteps = restartStepsOf(scenario, context);
  const failOver = (from: string, to: string) => scenario.database.failOver(from, to, context);
  const walked = { site: system.port, smoke: scenario.smoke, world };
  const provoked = { ...walked, serving, restartSteps, failOver, sessions: options.sessions };
  const [first, probes, unwell] = await Promise.all([
    cut(),
    probePosture(scenario.probes, system, serving),
    unwellHosts(serving, restartSteps, world),
  ]);
  const unprovoked = await walk('unprovoked', walked);
  const provocations: ProvocationResult[] = [unprovoked];
  const state = new Soundness(unprovoked.held, unwell);
  const patience = plan.provocationSet === 'all' ? 'long' : 'short';
  for (const provocation of provocationsOf(scenario, plan)) {
    signal.throwIfAborted();
    provocations.push(await provoke(provocation, provoked, state, patience));
  }
  if (provocations.length > 1 && provocations.every(({ held }) => held))
    provocations.push(await walk('afterwards', walked));
  options.onProvoked();
  // Hosts that an engine has ended look like a system that broke when it was provoked.
  await ingressStatus(system, plan);
  const second = await cut();
  await record.writeLedger(second.rows);
  return {
    ledger: { afterHorizon: first.figures, afterProvocations: second.figures } satisfies Record<
      string,
      LedgerFigures
    >,
    probes,
    provocations: [...provocations],
    settleS: (nowMs() - options.sinceMs) / 1000,
  };
}

/** The provocations of a plan, in its order. Throws when it names one that the scenario has not. */
export function provocationsOf(scenario: Scenario, plan: Plan): Provocation[] {
  return plan.provocations.map((name) => {
    const provocation = scenario.provocations.find((one) => one.name === name);
    if (provocation === undefined)
      throw new Error(`settle: the plan names provocation ${name}, which ${scenario.name} has not`);
    return provocation;
  });
}
