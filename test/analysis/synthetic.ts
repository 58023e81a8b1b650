/**
 * Makes campaigns of known content as real results folders, through the store, so that what is tested is what
 * users run. A trial is described by what differs from a sound one.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { BinsRow, LedgerFigures, RequestsRow, TrialEvent, TrialRecord } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';

export const HORIZON_START_MS = 16_000;
export const HORIZON_S = 40;
export const RATE = 150;

/** A seeded source of numbers in [0, 1). */
export function uniform(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  // The first numbers of small seeds are alike.
  for (let index = 0; index < 32; index += 1) generator.next();
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** A seeded source of standard normal numbers (Box-Muller). */
export function normal(seed: number): () => number {
  const draw = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

export const SOUND_LEDGER: LedgerFigures = {
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

/** What Imago does in a trial that goes well. */
export const SOUND_IMAGO: NonNullable<TrialRecord['imago']> = {
  quiescences: [
    { phase: 'terminate', lastedMs: 21.5, peakWaiting: 4, ended: 'released' },
    { phase: 'switch', lastedMs: 18.2, peakWaiting: 3, ended: 'released' },
  ],
  transferredRows: 163_285,
  compared: 60,
  mismatched: 0,
  driverRestarts: 0,
  residue: null,
  reach: 'new',
  holding: false,
  running: [],
};

/** An upgrade that a gate stopped on its way. */
export const STOPPED_UPGRADE = {
  outcome: 'stopped',
  finalState: 'mixed',
  gate: 'health',
  startMs: 16_000,
  endMs: 30_000,
} as const;

/** What Imago takes in a trial that goes well. */
export const SOUND_LEASE: NonNullable<TrialRecord['leased']> = {
  seconds: 24,
  cpuSeconds: 13.5,
  peakMemoryMb: 700,
  memoryLimitMb: 2_816,
  diskMb: 320,
};

/** What a synthetic trial is; all but id, approach and fault have sound defaults. */
export interface Synthetic {
  readonly id: string;
  readonly approach: string;
  readonly fault?: string;
  readonly type?: number;
  readonly seed?: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  /** Median latency of every second of the warm-up: how quick the machine is. */
  readonly warmUpMs?: number;
  /** Share of offered requests that fail, evenly spread. */
  readonly failedShare?: number;
  /** Seconds without service, from the tenth second of the horizon. */
  readonly outageS?: number;
  readonly record?: Partial<TrialRecord>;
}

const FAULT_VIOLATIONS: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'omitted',
  2: 'incorrect',
  3: 'spurious',
  4: 'incorrect',
};

/** Series of a trial: seconds and bins over warm-up, before and horizon. */
function series(s: Synthetic): { requests: RequestsRow[]; bins: BinsRow[]; ok: number; offered: number } {
  const requests: RequestsRow[] = [];
  const bins: BinsRow[] = [];
  const totalS = HORIZON_START_MS / 1000 + HORIZON_S;
  const out = { from: HORIZON_START_MS + 10_000, to: HORIZON_START_MS + 10_000 + (s.outageS ?? 0) * 1000 };
  let owed = 0;
  const counted = { ok: 0, offered: 0 };
  for (let second = 0; second < totalS; second += 1) {
    let okInSecond = 0;
    for (let bin = 0; bin < 10; bin += 1) {
      const startMs = second * 1000 + bin * 100;
      const offered = RATE / 10;
      const inHorizon = startMs >= HORIZON_START_MS;
      owed += inHorizon ? offered * (s.failedShare ?? 0) : 0;
      const lost =
        startMs >= out.from && startMs < out.to ? offered : Math.min(offered, Math.floor(owed + 1e-9));
      owed -= Math.min(owed, lost);
      okInSecond += offered - lost;
      bins.push({ start_ms: startMs, offered, ok: offered - lost });
      if (inHorizon) {
        counted.ok += offered - lost;
        counted.offered += offered;
      }
    }
    const phase = second < 6 ? 'warm-up' : second < 16 ? 'before' : second < 40 ? 'mid-upgrade' : 'after';
    requests.push({
      second,
      phase,
      offered: RATE,
      ok: okInSecond,
      failed: RATE - okInSecond,
      dropped: 0,
      p50_ms: okInSecond === 0 ? null : phase === 'warm-up' ? (s.warmUpMs ?? 300) : (s.p50Ms ?? 2.8),
      p95_ms: okInSecond === 0 ? null : (s.p95Ms ?? 6),
      p99_ms: okInSecond === 0 ? null : (s.p95Ms ?? 6) * 2,
    });
  }
  return { requests, bins, ...counted };
}

/** The bins of a synthetic trial. */
export function syntheticBins(s: Synthetic): readonly BinsRow[] {
  return series(s).bins;
}

/** The seconds of a synthetic trial. */
export function syntheticRequests(s: Synthetic): readonly RequestsRow[] {
  return series(s).requests;
}

/** The record of a provocation of one second. */
export function provocationRecord(name: string, held: boolean): TrialRecord['provocations'][number] {
  return {
    name,
    startMs: 57_000,
    endMs: 58_000,
    held,
    carriedOut: true,
    reason: '',
    activationMs: held ? null : 400,
    repaired: [],
  };
}

/** The record of a synthetic trial. */
export function syntheticRecord(s: Synthetic): TrialRecord {
  const { ok, offered } = series(s);
  const fault = s.fault ?? 'none';
  const type = s.type ?? (fault === 'none' ? 0 : 1);
  const upgraded = s.approach !== 'none';
  const universe = s.approach === 'imago' ? 'new' : 'old';
  return {
    schemaVersion: 1,
    sealed: true,
    trialId: s.id,
    campaign: 'synthetic',
    scenario: 'synthetic',
    approach: s.approach,
    fault: {
      name: fault,
      type,
      violation: FAULT_VIOLATIONS[type] ?? 'none',
      dependency: type === 0 ? 'none' : 'file path',
      provenance: 'upfault',
    },
    reach: 'one',
    seed: s.seed ?? 1,
    hosts: 2,
    scale: 0.02,
    windows: { name: 'quick', warmUpS: 6, beforeS: 10, horizonS: HORIZON_S, dwellS: 2 },
    target: 'new',
    gates: 'native',
    hardware: 'separate',
    ingress: 'interceptor',
    mirroring: 'on',
    schemaPolicy: 'expand-contract',
    engine: 'keep',
    onFailure: 'halt',
    ratePerSecond: RATE,
    interrupts: [],
    disturbance: null,
    outcome: 'completed',
    outcomeReason: '',
    evidence:
      fault === 'none'
        ? []
        : [
            {
              fault,
              verdict: 'found',
              summary: `${fault} is in effect on web1`,
              stepIds: [`observe/${fault}/file`],
            },
          ],
    shams:
      fault === 'none'
        ? [
            {
              fault: 'wrong-apache',
              verdict: 'not-found',
              summary: 'the new server runs',
              stepIds: ['observe/wrong-apache/version'],
            },
          ]
        : [],
    upgrade: {
      outcome: upgraded ? 'upgraded' : 'none',
      finalState: upgraded ? 'new' : 'old',
      gate: '',
      startMs: HORIZON_START_MS,
      endMs: HORIZON_START_MS + (upgraded ? 24_000 : 0),
      ...(upgraded ? { hostReleases: { web1: 'new' as const, web2: 'new' as const }, restingHosts: [] } : {}),
    },
    imago: s.approach === 'imago' ? SOUND_IMAGO : null,
    leased: s.approach === 'imago' ? SOUND_LEASE : null,
    clock: {
      start: { wallMs: 1_790_000_000_000, monotonicNs: '1000' },
      end: { wallMs: 1_790_000_070_000, monotonicNs: '70000001000' },
    },
    timings: { wallS: 70, provisionS: 2.8, settleS: 6, teardownS: 1.5 },
    horizon:
      s.record?.outcome === 'not-applicable'
        ? null
        : {
            startMs: HORIZON_START_MS,
            seconds: HORIZON_S,
            offered,
            ok,
            failed: offered === ok ? {} : { 'error-status': offered - ok },
            p50Ms: s.p50Ms ?? 2.8,
            p95Ms: s.p95Ms ?? 6,
            p99Ms: (s.p95Ms ?? 6) * 2,
          },
    ledger: { afterHorizon: SOUND_LEDGER, afterProvocations: SOUND_LEDGER },
    probes: [{ name: 'open-ports', taken: true, exposures: ['web tcp/443'], reason: '' }],
    provocationSet: 'quick',
    provocations: [provocationRecord('restart-web', true)],
    machine: {
      cpuPressureShare: 0.05,
      cpuBusyShare: 0.4,
      throttledShare: { ingress: 0, web1: 0.01 },
      cpuSeconds: { web1: 2 },
      lateStarts: 0,
      supervisorPeakRssMb: 180,
    },
    versions: { apache: '2.4.66' },
    plan: [
      {
        number: 1,
        stepId: 'web1/drain',
        kind: 'balancer',
        universe,
        host: 'web1',
        title: 'take web1 out of rotation',
        edit: '',
      },
      {
        number: 2,
        stepId: 'web1/configure',
        kind: 'write',
        universe,
        host: 'web1',
        title: 'write the site configuration',
        edit: fault === 'none' ? '' : `${fault}: replaced`,
      },
      {
        number: 3,
        stepId: 'web1/start',
        kind: 'service',
        universe,
        host: 'web1',
        title: 'start Apache',
        edit: '',
      },
    ],
    ...s.record,
  };
}

function eventsOf(record: TrialRecord): TrialEvent[] {
  const events: TrialEvent[] = [
    { event: 'phase', atMs: 0, phase: 'warm-up' },
    { event: 'phase', atMs: 6000, phase: 'before' },
    { event: 'phase', atMs: HORIZON_START_MS, phase: 'mid-upgrade' },
  ];
  if (record.approach !== 'none') {
    const isStopped = ['stopped', 'rolled-back'].includes(record.upgrade.outcome);
    record.plan.forEach((row, index) => {
      const startMs = HORIZON_START_MS + index * 7000;
      events.push({
        event: 'step-start',
        atMs: startMs,
        stepId: row.stepId,
        kind: row.kind,
        host: row.host,
        title: row.title,
      });
      events.push({
        event: 'step-end',
        atMs: startMs + 5000,
        stepId: row.stepId,
        startMs,
        outcome: isStopped && index === record.plan.length - 1 ? 'failed' : 'done',
        reason: '',
      });
    });
  }
  if (record.imago !== null) events.push(...imagoEvents());
  for (const evidence of record.evidence) {
    events.push({
      event: 'reading',
      atMs: 30_000,
      stepId: evidence.stepIds[0] ?? '',
      fault: evidence.fault,
      host: 'web1',
      taken: true,
      exitCode: 0,
      excerpt: evidence.summary,
    });
  }
  events.push({ event: 'phase', atMs: 40_000, phase: 'after' });
  return events;
}

/** What an Imago trial that goes well tells, from the driver's start to the switch. */
export function imagoEvents(): TrialEvent[] {
  const step = (stepId: string, fromS: number, toS: number): TrialEvent[] => [
    {
      event: 'step-start',
      atMs: HORIZON_START_MS + fromS * 1000,
      stepId,
      kind: 'imago',
      host: '',
      title: stepId,
    },
    {
      event: 'step-end',
      atMs: HORIZON_START_MS + toS * 1000,
      stepId,
      startMs: HORIZON_START_MS + fromS * 1000,
      outcome: 'done',
      reason: '',
    },
  ];
  const news = (atS: number, what: string, figures: Record<string, number | string>): TrialEvent => ({
    event: 'imago',
    atMs: HORIZON_START_MS + atS * 1000,
    what,
    figures,
  });
  const copied = (atS: number, copiedRows: number, pauseShare: number) =>
    news(atS, 'transfer', { copiedRows, rowsPerSecond: 0, pauseShare, driverMb: 84.2, p95Ms: 6 });
  return [
    ...step('imago/start-driver', 2, 3),
    ...step('imago/start-transfer', 3, 3),
    news(3, 'transfer-begun', {}),
    copied(4, 1_000, 0),
    copied(5, 4_000, 0.25),
    copied(6, 9_000, 0.25),
    copied(7, 9_000, 0.25),
    ...step('imago/await-transfer', 7, 8),
    ...step('terminate/hold', 8, 8.002),
    ...step('terminate/compare', 8.005, 8.01),
    news(8.01, 'compared', { step: 'terminate/compare', chunks: 5, rows: 76, mismatches: 0, ms: 5 }),
    ...step('terminate/release', 8.015, 8.02),
    news(8.02, 'quiescence', {
      step: 'terminate/release',
      lastedMs: 20,
      peakWaiting: 4,
      ended: 'released',
    }),
    ...step('test/integration', 9, 9.1),
    ...step('test/verdict', 9.2, 12),
    news(12, 'verdict', { step: 'test/verdict', compared: 60, agreed: 60, mismatched: 0 }),
    ...step('switch/hold', 13, 13.002),
    ...step('switch/redirect', 13.01, 13.012),
    ...step('switch/release', 13.012, 13.02),
    news(13.02, 'quiescence', { step: 'switch/release', lastedMs: 20, peakWaiting: 3, ended: 'released' }),
  ];
}

/** Writes a campaign of these trials to a new folder. */
export async function writeSynthetic(folder: string, trials: readonly Synthetic[]): Promise<void> {
  const records = trials.map(syntheticRecord);
  const campaign = await createCampaign(folder, {
    schemaVersion: 1,
    campaign: 'synthetic',
    startedAt: '2026-01-02T03:04:05.000Z',
    seed: 1,
    request: { approaches: ['none', 'rolling'] },
    schedule: records.map((r) => ({
      trialId: r.trialId,
      approach: r.approach,
      fault: r.fault.name,
      seed: r.seed,
    })),
    environment: { kernel: 'synthetic' },
  });
  for (const [index, trial] of trials.entries()) {
    const record = records[index];
    if (record === undefined) continue;
    const store = await campaign.beginTrial(record);
    await store.writePlan('{"schemaVersion":1}\n');
    await Promise.all(eventsOf(record).map((event) => store.event(event)));
    if (record.outcome !== 'not-applicable' && record.horizon?.offered !== 0) {
      const { requests, bins } = series(trial);
      await store.writeRequests(requests);
      await store.writeBins(bins);
      await store.writeLedger([]);
    }
    for (const evidence of record.evidence)
      await store.writeEvidence(evidence.stepIds[0] ?? 'observe', `${evidence.summary}\n`);
    if (record.sealed) await store.seal(record);
  }
}

/** Controls of an approach with ordinary variation between trials. */
export function controls(
  approach: string,
  count: number,
  seed: number,
  more: Partial<Synthetic> = {},
): Synthetic[] {
  const z = normal(seed);
  return Array.from({ length: count }, (_, index) => ({
    id: `${approach}-none-${index + 1}`,
    approach,
    seed: seed + index,
    p50Ms: round(2.8 * (1 + 0.06 * z())),
    p95Ms: round(6 * (1 + 0.06 * z())),
    ...more,
  }));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
