/**
 * What is seen of one trial, from provisioning to the last reading. Each phase is a function; what a phase
 * starts, it also puts on the stack that ends it, whatever comes after.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EvidenceRecord, TrialRecord } from '../../results/schema.ts';
import type { TrialStore } from '../../results/trial-store.ts';
import { confirmFaults, injectionOf } from '../observation/confirmation.ts';
import { releaseAfter, servingAfter } from '../observation/final-state.ts';
import { readSeedRows, type SeedRows } from '../observation/ledger.ts';
import { type MachineUse, MachineWatch, type TakenTogether } from '../observation/machine.ts';
import { type OpenSessions, openSessions } from '../observation/open-session.ts';
import { readState, residueIn, type StateLines } from '../observation/residue.ts';
import { assertRoom } from '../provision/free-space.ts';
import { setBudgets } from '../provision/host-container.ts';
import type { Bindings } from '../upgrader/bindings.ts';
import type { ReadyUpgrader } from '../upgrader/upgrader.ts';
import { afterwards } from './afterwards.ts';
import { whatClientsSaw } from './clients.ts';
import type { TrialClock } from './clock.ts';
import { directWrites } from './direct-writes.ts';
import { Disturber } from './disturber.ts';
import { imagoRecordOf } from './imago-record.ts';
import { Interrupter } from './interrupts.ts';
import { leasedHosts, leaseOf } from './lease.ts';
import { BUDGETED_WARM_UP_S, type Load, startLoad } from './load.ts';
import { collectLogs } from './logs.ts';
import { provocationsOf, settleTrial } from './settle.ts';
import { containersOf, provision, type System, servedBy } from './system.ts';
import type { Timeline } from './timeline.ts';
import type { TrialRequest } from './trial.ts';
import { prepareUpgrader, runUpgradePhase, type UpgradeEnd } from './upgrade.ts';
import { readVersions } from './versions.ts';

/** A trial whose record is open. */
export interface OpenTrial {
  readonly draft: TrialRecord;
  readonly record: TrialStore;
  readonly timeline: Timeline;
  readonly clock: TrialClock;
  readonly credentials: Pick<Bindings, 'secrets' | 'pems'>;
}

/** The trial's record but for teardown and seal. What it throws is the testbed's failure, or the interruption. */
export async function observeTrial(request: TrialRequest, trial: OpenTrial): Promise<TrialRecord> {
  await using ending = new AsyncDisposableStack();
  const ready = await bringUp(request, trial, ending);
  const { load, sessions } = await warmUp(request, trial, ready, ending);
  const upgraded = await upgradeUnderLoad(request, trial, ready, ending);
  request.onPhase('settle');
  const { scenario, plan, engine } = request;
  await assertRoom(engine, 'upgrade under load');
  const { fresh } = ready.system;
  const serves = servingAfter(plan.upgrade, trial.timeline.steps);
  // Looked at anew: also within one universe, another host may be the database's primary by now.
  const system = servedBy(
    ready.system,
    scenario,
    serves === 'new' && fresh !== undefined ? fresh : ready.system.old,
  );
  const [clients, measured] = await Promise.all([
    whatClientsSaw(trial, load, upgraded.horizon),
    whatItTook(upgraded),
  ]);
  const residue =
    serves === 'old' && ready.untouched !== undefined
      ? await residueIn(ready.untouched, scenario, system.hosts, system.old)
      : null;
  const [after, leased] = await Promise.all([
    afterwards(ready.system, serves, plan),
    leaseOf(ready.system, upgraded.upgrade, upgraded.taken, engine),
  ]);
  const { settleS, ...settled } = await settleTrial({
    ...request,
    ...trial,
    ...ready,
    system,
    sinceMs: upgraded.horizon.endMs,
    sessions,
    writes: [...clients.writes, ...(await directWrites(plan, ready.system))],
    releaseOf: releaseAfter([...request.plan.upgrade, ...request.plan.rollback], trial.timeline.steps),
    nowMs: trial.clock.nowMs,
    onProvoked: () => request.onPhase('count'),
  });
  await assertRoom(engine, 'settle');
  // Nothing is measured any more: what is left is to keep the logs and to remove the system.
  request.onPhase('tear down');
  const { lateStarts, horizon } = clients.summary;
  return {
    ...trial.draft,
    ...whatWasInjected(request, trial),
    ...settled,
    upgrade: upgraded.upgrade,
    interrupts: upgraded.interrupts,
    disturbance: measured.disturbance,
    imago: fresh === undefined ? null : imagoRecordOf(trial.timeline.imago, residue, after),
    leased,
    horizon,
    machine: { ...measured.use, lateStarts, supervisorPeakRssMb: process.resourceUsage().maxRSS / 1024 },
    versions: ready.versions,
    timings: { ...trial.draft.timings, provisionS: ready.provisionS, settleS },
  };
}

/** A system that serves, and everything that waits for the load to begin. */
interface Ready {
  readonly system: System;
  readonly versions: Readonly<Record<string, string>>;
  readonly seedRows: SeedRows;
  readonly upgrader: ReadyUpgrader;
  readonly interrupter: Interrupter;
  /** U_old as it is before an upgrade beside it; undefined under other approaches. */
  readonly untouched: StateLines | undefined;
  readonly provisionS: number;
}

async function bringUp(
  request: TrialRequest,
  trial: OpenTrial,
  ending: AsyncDisposableStack,
): Promise<Ready> {
  const { plan, scenario, repository } = request;
  const { clock, record, timeline } = trial;
  request.onPhase('provision');
  const campaign = request.store.record.campaign;
  const times = { startNs: clock.startNs, nowMs: clock.nowMs };
  const system = await provision({ ...request, ...times, campaign }, trial.credentials);
  ending.defer(() => system.ingress.close());
  ending.defer(() => system.hosts.close());
  ending.defer(() =>
    collectLogs(system, record).catch((error: Error) => timeline.note(clock.nowMs(), error.message)),
  );
  const interrupter = new Interrupter(plan, {
    engine: request.engine,
    driverMachine: system.fresh && system.bindings.imago.machine.container,
    timeline,
    nowMs: clock.nowMs,
  });
  ending.defer(async () => void (await interrupter.end()));
  const preparing = prepareUpgrader({
    ...{ plan, bindings: system.bindings, repository, stepLog: path.join(record.folder, 'steps.log') },
    hear: (message) => {
      timeline.hear(message);
      interrupter.hear(message);
    },
    onProcess: request.onProcess,
  });
  // From its start on, for it waits for ever where something beside it fails.
  ending.defer(() => preparing.then(({ stop }) => stop()).catch(() => undefined));
  const [versions, seedRows, upgrader, untouched] = await Promise.all([
    readVersions(scenario, system),
    readSeedRows(scenario.ledger, system.query),
    preparing,
    system.fresh && readState(scenario, system.hosts, system.old),
  ]);
  return { system, versions, seedRows, upgrader, interrupter, untouched, provisionS: clock.nowMs() / 1000 };
}

async function warmUp(
  request: TrialRequest,
  trial: OpenTrial,
  ready: Ready,
  ending: AsyncDisposableStack,
): Promise<{ readonly load: Load; readonly sessions: OpenSessions }> {
  const { signal } = request;
  const { clock, timeline } = trial;
  const { warmUpS, beforeS } = request.plan.windows;
  await request.alone;
  signal.throwIfAborted();
  request.onPhase('load');
  // While the load generator starts: nobody is served yet who would be held up, and nobody's requests hold these up.
  const opening = openSessions(ready.system.port, provocationsOf(request.scenario, request.plan));
  const load = await startLoad({ ...request, ...ready.system, clock });
  ending.defer(() => load.workload.stop());
  request.onProcess(load.workload.pid);
  ending.defer(recordIngress(ready.system, timeline, clock.nowMs));
  timeline.phase('warm-up', load.startMs);
  // Without budgets until here: a Node.js process with a quarter of a core takes long to optimize its code.
  await until(load.startMs + (warmUpS - BUDGETED_WARM_UP_S) * 1000, clock, signal);
  await setBudgets(request.engine, ready.system.old, 'enforced');
  await until(load.startMs + warmUpS * 1000, clock, signal);
  timeline.phase('before', clock.nowMs());
  await until(load.startMs + (warmUpS + beforeS) * 1000, clock, signal);
  return { load, sessions: await opening };
}

/** The upgrade and the whole horizon that began with its first step. */
interface Upgraded {
  readonly upgrade: Omit<UpgradeEnd, 'interrupts'>;
  readonly interrupts: TrialRecord['interrupts'];
  readonly horizon: { readonly startMs: number; readonly endMs: number };
  /** Under way until the horizon has ended. */
  readonly machine: MachineWatch;
  readonly disturber: Disturber;
  /** What the parallel universe's machines took until the upgrade ended. */
  readonly taken: TakenTogether | null;
}

/** Before the horizon's end: what the hosts used is told by then, and settling need not wait for it. */
const LAST_LOOK_MS = 1_000;

async function upgradeUnderLoad(
  request: TrialRequest,
  trial: OpenTrial,
  ready: Ready,
  ending: AsyncDisposableStack,
): Promise<Upgraded> {
  const { plan, engine, signal } = request;
  const { system, upgrader, interrupter } = ready;
  request.onPhase('upgrade');
  const machine = new MachineWatch(engine, containersOf(system), leasedHosts(system));
  ending.defer(() => machine.abandon());
  const { timeline } = trial;
  const { nowMs } = trial.clock;
  const disturber = new Disturber(plan, { ingress: system.ingress, timeline, nowMs });
  ending.defer(() => disturber.stop());
  disturber.begin();
  const phase = { plan, system, upgrader, interrupter, timeline, nowMs, signal };
  const { interrupts, ...upgrade } = await runUpgradePhase(phase);
  const taken = await machine.takenBeside();
  request.onPhase('horizon');
  const horizon = { startMs: upgrade.startMs, endMs: upgrade.startMs + plan.windows.horizonS * 1000 };
  await until(horizon.endMs - LAST_LOOK_MS, trial.clock, signal);
  machine.lookLast();
  await until(horizon.endMs, trial.clock, signal);
  return { upgrade, interrupts, horizon, machine, disturber, taken };
}

/** What was done to requests, and how hard the machine worked, until the horizon that has just ended. */
async function whatItTook({
  machine,
  disturber,
}: Upgraded): Promise<{ readonly disturbance: TrialRecord['disturbance']; readonly use: MachineUse }> {
  const [disturbance, use] = await Promise.all([disturber.end(), machine.stop()]);
  return { disturbance, use };
}

/** Whether the planted faults were in effect, and that no sham was. */
function whatWasInjected(
  { planted, shams, plan }: TrialRequest,
  { timeline }: OpenTrial,
): Pick<TrialRecord, 'outcome' | 'outcomeReason' | 'evidence' | 'shams'> {
  const confirm = (faults: TrialRequest['planted']) =>
    confirmFaults(faults, timeline.readings, timeline.steps);
  const found = confirm(planted);
  const injection = injectionOf(plan, timeline.steps, found);
  const asRecord = (confirmed: ReturnType<typeof confirm>): EvidenceRecord[] =>
    confirmed.map(({ fault, evidence: { verdict, summary, ...rest } }) => ({
      fault,
      verdict,
      summary,
      stepIds: 'stepIds' in rest ? [...rest.stepIds] : [],
    }));
  return {
    outcome: injection.outcome,
    outcomeReason: injection.outcome === 'completed' ? '' : injection.reason,
    evidence: asRecord(found),
    shams: asRecord(confirm(shams)),
  };
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
      (error: Error) => timeline.note(nowMs(), error.message),
    );
  }, 1_000);
  return () => clearInterval(timer);
}

async function until(atMs: number, clock: TrialClock, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, atMs - clock.nowMs()), undefined, { signal });
}
