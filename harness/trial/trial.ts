/**
 * One trial, from plan to sealed record. Phases, in order: save the plan and an unsealed record; provision
 * the old universe; start the clients; upgrade in the middle of their load; let the horizon pass; settle
 * (ledger, posture, provocations, ledger again); seal; tear everything down. Teardown is arranged first.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { createRedactor } from '../../results/redact.ts';
import type { TrialRecord } from '../../results/schema.ts';
import type { CampaignStore } from '../../results/store.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import type { Fault } from '../contract/fault.ts';
import type { Plan } from '../contract/plan.ts';
import type { Scenario } from '../contract/scenario.ts';
import { confirmFaults, injectionOf } from '../observation/confirmation.ts';
import { releaseAfter } from '../observation/final-state.ts';
import { readSeedRows } from '../observation/ledger.ts';
import { MachineWatch } from '../observation/machine.ts';
import { renderPlan } from '../plan/plan.ts';
import { TrialClock, WALL_STEP_LIMIT_MS } from './clock.ts';
import { draftRecord } from './draft.ts';
import { startLoad } from './load.ts';
import { collectLogs } from './logs.ts';
import { settleTrial } from './settle.ts';
import { makeCredentials, provision, type System } from './system.ts';
import { teardownTrial } from './teardown.ts';
import { Timeline } from './timeline.ts';
import { prepareUpgrader, runUpgradePhase } from './upgrade.ts';
import { readVersions } from './versions.ts';

/** Everything a trial needs from the campaign. */
export interface TrialRequest {
  readonly plan: Plan;
  readonly trialId: string;
  readonly scenario: Scenario;
  /** Faults that the plan plants. */
  readonly planted: readonly Fault[];
  /** Faults whose observations the plan takes as a sham. */
  readonly shams: readonly Fault[];
  readonly store: CampaignStore;
  readonly engine: Dockerode;
  readonly images: Readonly<Record<string, string>>;
  readonly k6: string;
  readonly repository: string;
  /** Published port on 127.0.0.1; 0 lets the engine choose. */
  readonly port: number;
  /** Leaves the system running when the trial has ended. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  /** Told of processes that must not outlive this one. */
  readonly onProcess: (pid: number) => void;
  readonly onPhase: (phase: string) => void;
}

/** Runs a trial. Rejects only when interrupted or when the record itself cannot be written. */
export async function runTrial(request: TrialRequest): Promise<TrialRecord> {
  const { plan, trialId, store, scenario } = request;
  const clock = new TrialClock();
  const credentials = await makeCredentials(scenario);
  const redact = createRedactor([...Object.values(credentials.secrets), ...privateKeys(credentials.pems)]);
  const draft = draftRecord(trialId, store.record.campaign, plan, clock.start);
  const record = await store.beginTrial(draft, redact);
  await record.writePlan(renderPlan(plan));
  if (!plan.applicability.applies)
    return seal(
      record,
      { ...draft, outcome: 'not-applicable', outcomeReason: plan.applicability.reason },
      clock,
    );

  const timeline = new Timeline(record);
  let seen: TrialRecord = draft;
  try {
    seen = await observeTrial(request, draft, record, timeline, clock, credentials);
  } catch (error) {
    request.signal.throwIfAborted();
    seen = { ...draft, outcome: 'harness-failed', outcomeReason: describe(error) };
  }
  request.onPhase('tear down');
  const teardownStartMs = clock.nowMs();
  if (!request.keep) await teardownTrial(request.engine, store.record.campaign, trialId);
  const teardownS = (clock.nowMs() - teardownStartMs) / 1000;
  await timeline.settle();
  return seal(record, { ...seen, timings: { ...seen.timings, teardownS } }, clock);
}

/** Everything between provisioning and the last reading. What it throws is the testbed's failure. */
async function observeTrial(
  request: TrialRequest,
  draft: TrialRecord,
  record: TrialStore,
  timeline: Timeline,
  clock: TrialClock,
  credentials: Awaited<ReturnType<typeof makeCredentials>>,
): Promise<TrialRecord> {
  const { plan, scenario, engine, signal, repository } = request;
  request.onPhase('provision');
  const system = await provision(
    { ...request, campaign: request.store.record.campaign, startNs: clock.startNs, nowMs: clock.nowMs },
    credentials,
  );
  const { nowMs } = clock;
  const [versions, seedRows, upgrader] = await Promise.all([
    readVersions(scenario, system),
    readSeedRows(scenario.ledger, system.query),
    prepareUpgrader(plan, system, path.join(record.folder, 'steps.log'), repository, timeline),
  ]);
  request.onProcess(upgrader.pid);
  const provisionS = nowMs() / 1000;
  try {
    request.onPhase('load');
    const load = await startLoad({ scenario, plan, k6: request.k6, port: system.port, clock, repository });
    request.onProcess(load.workload.pid);
    timeline.phase('warm-up', load.startMs);
    const stopStatus = recordIngress(system, timeline, nowMs);
    let machine: MachineWatch | undefined;
    try {
      await until(load.startMs + plan.windows.warmUpS * 1000, nowMs, signal);
      timeline.phase('before', nowMs());
      await until(load.startMs + (plan.windows.warmUpS + plan.windows.beforeS) * 1000, nowMs, signal);

      request.onPhase('upgrade');
      machine = new MachineWatch(engine, { ...system.old.containers, ingress: system.ingressContainer });
      const upgrade = await runUpgradePhase(plan, system, upgrader, timeline, nowMs);
      request.onPhase('horizon');
      const horizon = { startMs: upgrade.startMs, endMs: upgrade.startMs + plan.windows.horizonS * 1000 };
      await until(horizon.endMs, nowMs, signal);
      const use = await machine.stop();
      const end = await load.workload.done;
      if (end.ended === 'failed') throw new Error(end.reason);
      const summary = end.summarize({ phaseAt: timeline.phaseAt, horizon });
      await record.writeRequests(summary.rows);
      await record.writeBins(summary.bins);

      request.onPhase('settle');
      const settled = await settleTrial({
        scenario,
        plan,
        system,
        seedRows,
        writes: end.writes,
        record,
        releaseOf: releaseAfter([...plan.upgrade, ...plan.rollback], timeline.steps),
        nowMs,
        signal,
      });
      const confirmed = confirmFaults(
        [...request.planted, ...request.shams],
        timeline.readings,
        timeline.steps,
      );
      const planted = new Set(request.planted.map(({ name }) => name));
      const injection = injectionOf(
        plan.edited,
        timeline.steps,
        confirmed.filter(({ fault }) => planted.has(fault)),
      );
      const asRecord = confirmed.map(({ fault, evidence }) => ({
        fault,
        verdict: evidence.verdict,
        summary: evidence.summary,
        stepIds: evidence.verdict === 'found' ? [...evidence.stepIds] : [],
      }));
      await collectLogs(system, record);
      return {
        ...draft,
        outcome: injection.outcome,
        outcomeReason: injection.outcome === 'completed' ? '' : injection.reason,
        evidence: asRecord.filter(({ fault }) => planted.has(fault)),
        shams: asRecord.filter(({ fault }) => !planted.has(fault)),
        upgrade,
        horizon: summary.horizon,
        ...settled,
        machine: {
          ...use,
          lateStarts: summary.lateStarts,
          supervisorPeakRssMb: process.resourceUsage().maxRSS / 1024,
        },
        versions,
        timings: { ...draft.timings, provisionS, settleS: settled.settleS },
      };
    } catch (error) {
      await load.workload.stop();
      await collectLogs(system, record).catch(() => undefined);
      throw error;
    } finally {
      machine?.abandon();
      stopStatus();
    }
  } finally {
    upgrader.stop();
    system.hosts.close();
    await system.ingress.close();
  }
}

/** Ends the record; a wall clock that was set during the trial makes it unusable. */
async function seal(record: TrialStore, seen: TrialRecord, clock: TrialClock): Promise<TrialRecord> {
  const end = clock.read();
  const stepMs = clock.wallStepMs(end);
  const final: TrialRecord = {
    ...seen,
    sealed: true,
    clock: { start: clock.start, end },
    timings: { ...seen.timings, wallS: clock.nowMs() / 1000 },
    ...(Math.abs(stepMs) > WALL_STEP_LIMIT_MS && seen.outcome !== 'not-applicable'
      ? {
          outcome: 'harness-failed' as const,
          outcomeReason: `the wall clock moved by ${stepMs.toFixed(0)} ms against the monotonic one`,
        }
      : {}),
  };
  await record.seal(final);
  return final;
}

/** Puts the ingress' counts on the timeline every second; a count that cannot be had is left out and said. */
function recordIngress(system: System, timeline: Timeline, nowMs: () => number): () => void {
  const timer = setInterval(() => {
    system.ingress.status().then(
      (status) =>
        timeline.append({
          event: 'ingress',
          atMs: nowMs(),
          inFlight: status.inFlight,
          peakInFlight: status.peakInFlight,
          forwarded: status.forwarded,
          broken: Object.values(status.broken).reduce((sum, count) => sum + count, 0),
        }),
      (error: Error) => timeline.append({ event: 'note', atMs: nowMs(), text: error.message }),
    );
  }, 1_000);
  return () => clearInterval(timer);
}

async function until(atMs: number, nowMs: () => number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, atMs - nowMs()), undefined, { signal });
}

function privateKeys(pems: Readonly<Record<string, string>>): string[] {
  return Object.entries(pems).flatMap(([name, pem]) => (name.endsWith('.key') ? [pem] : []));
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.name}: ${error.message}${cause}`;
}
