/**
 * A campaign for the benchmark of judging: real plans of every fault, and series of the size that trials of the quick
 * windows record. Nothing of it was measured; it is written without the care of a real record (no fsync), which no reader sees.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { csvText } from '../../results/csv.ts';
import * as layout from '../../results/layout.ts';
import type { BinsRow, RequestsRow, TrialEvent, TrialRecord } from '../../results/schema.ts';
import { SCHEMA_VERSION } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';
import { BINS_COLUMNS, REQUESTS_COLUMNS } from '../../results/trial-store.ts';
import { UPGRADES } from '../approaches/catalogue.ts';
import { prepareTrial } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { ScheduledTrial } from '../campaign/schedule.ts';
import type { ApproachName, Plan } from '../contract/plan.ts';
import { derivedSeed, randomStream } from '../plan/random.ts';
import { draftRecord } from '../trial/draft.ts';
import { type BenchLoad, benchEvents, benchLoad, HORIZON_START_MS } from './judge-series.ts';

/** Controls of each approach and of no upgrade; the campaign grows by its faulty trials, as real ones do. */
export const BENCH_CONTROLS = 20;

const NAME = 'bench';
const LEDGER = {
  acknowledged: 520,
  foundOnce: 520,
  lost: 0,
  duplicated: 0,
  altered: 0,
  unacknowledgedFound: 0,
  derivedWrong: 0,
  seedBuckets: 64,
  seedBucketsDiffering: 0,
  unreadable: [],
  details: [],
};
const PROVOCATIONS = ['unprovoked', 'large-description', 'connection-peak', 'restart-db', 'restart-app'];

/** Trials of the campaign: the controls, then faults by turns. The same count gives the same campaign. */
export function benchSchedule(request: CampaignRequest, count: number): ScheduledTrial[] {
  const trials: ScheduledTrial[] = [];
  const add = (approach: ApproachName, fault: string, number: number) =>
    trials.push({
      trialId: `${approach}-${fault === 'none' ? 'control' : fault}-${number}`,
      approach,
      fault,
      seed: derivedSeed(request.seed, `${fault}/${number}`),
    });
  for (const approach of ['none', ...UPGRADES] as const)
    for (let number = 1; number <= BENCH_CONTROLS; number += 1) add(approach, 'none', number);
  for (let number = 1; trials.length < count; number += 1)
    for (const fault of request.faults) for (const approach of UPGRADES) add(approach, fault, number);
  return trials.slice(0, count);
}

/** Writes the campaign to a new folder. */
export async function writeBenchCampaign(
  folder: string,
  request: CampaignRequest,
  count: number,
): Promise<void> {
  const schedule = benchSchedule(request, count);
  await createCampaign(folder, {
    schemaVersion: SCHEMA_VERSION,
    campaign: NAME,
    startedAt: '2026-01-02T03:04:05.000Z',
    seed: request.seed,
    request,
    schedule,
    environment: {},
  });
  const plans = new Map<string, Plan>();
  for (const trial of schedule) {
    const key = `${trial.approach} ${trial.fault}`;
    const plan = plans.get(key) ?? prepareTrial(request, trial).plan;
    plans.set(key, plan);
    await writeTrial(folder, benchRecord(trial, plan));
  }
}

interface BenchTrial {
  readonly record: TrialRecord;
  readonly load: BenchLoad;
}

function benchRecord(trial: ScheduledTrial, plan: Plan): BenchTrial {
  const draft = draftRecord(trial.trialId, NAME, plan, { wallMs: 0, monotonicNs: '0' });
  if (!plan.applicability.applies)
    return {
      record: { ...draft, sealed: true, outcome: 'not-applicable', outcomeReason: plan.applicability.reason },
      load: { requests: [], bins: [], horizon: null },
    };
  const upgrades = trial.approach !== 'none';
  const load = benchLoad(plan, randomStream(trial.seed, `${trial.approach} load`));
  const hosts = [...new Set(draft.plan.map(({ host }) => host).filter((host) => host !== ''))];
  const used = Object.fromEntries(hosts.map((host, index) => [host, 0.4 + index / 10]));
  const record: TrialRecord = {
    ...draft,
    sealed: true,
    outcome: 'completed',
    outcomeReason: '',
    horizon: load.horizon,
    evidence: trial.fault.split('+').flatMap((fault) => (fault === 'none' ? [] : [evidenceOf(fault)])),
    upgrade: {
      outcome: upgrades ? 'upgraded' : 'none',
      finalState: upgrades ? 'new' : 'old',
      gate: '',
      startMs: HORIZON_START_MS,
      endMs: HORIZON_START_MS + (upgrades ? 16_000 : 0),
    },
    clock: { start: draft.clock.start, end: { wallMs: 42_000, monotonicNs: '42000000000' } },
    timings: { wallS: 42, provisionS: 3.5, settleS: 8, teardownS: 2 },
    ledger: { afterHorizon: LEDGER, afterProvocations: LEDGER },
    probes: [
      {
        name: 'open-ports',
        taken: true,
        reason: '',
        exposures: hosts.map((host) => `${host} tcp network 443`),
      },
    ],
    provocations: PROVOCATIONS.map((name, index) => ({
      name,
      startMs: 33_000 + index * 500,
      endMs: 33_400 + index * 500,
      held: true,
      carriedOut: true,
      reason: '',
      activationMs: null,
      repaired: [],
    })),
    machine: {
      cpuPressureShare: 0.3,
      cpuBusyShare: 0.5,
      throttledShare: { ingress: 0, ...used },
      cpuSeconds: used,
      lateStarts: 0,
      supervisorPeakRssMb: 180,
    },
  };
  return { record, load };
}

function evidenceOf(fault: string): TrialRecord['evidence'][number] {
  return { fault, verdict: 'found', summary: `${fault} is in effect`, stepIds: [`observe/${fault}/it`] };
}

async function writeTrial(campaign: string, { record, load }: BenchTrial): Promise<void> {
  const folder = layout.trialFolder(campaign, record.trialId);
  await mkdir(path.join(folder, layout.EVIDENCE_FOLDER), { recursive: true });
  await mkdir(path.join(folder, layout.LOGS_FOLDER));
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
  await write(layout.TRIAL_FILE, `${JSON.stringify(record, null, 1)}\n`);
  if (load.horizon === null) return;
  const events: readonly TrialEvent[] = benchEvents(record);
  await write(layout.EVENTS_FILE, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await write(layout.REQUESTS_FILE, csvText<RequestsRow>(REQUESTS_COLUMNS, load.requests));
  await write(layout.BINS_FILE, csvText<BinsRow>(BINS_COLUMNS, load.bins));
  for (const { stepIds, summary } of record.evidence)
    for (const stepId of stepIds)
      await write(path.join(layout.EVIDENCE_FOLDER, `${layout.plainName(stepId)}.txt`), `${summary}\n`);
  for (const host of Object.keys(record.machine?.cpuSeconds ?? {}))
    await write(path.join(layout.LOGS_FOLDER, `${host}.log`), '');
}
