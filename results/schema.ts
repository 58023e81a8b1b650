/**
 * The record of a campaign and of its trials: what was seen, and nothing that was concluded. Every file
 * states `schemaVersion`; a reader refuses newer ones and validates the rest.
 * All times named `...Ms` are milliseconds on the trial's monotonic clock, 0 at the trial's start.
 */
import { z } from 'zod';
import { DisturbanceRecord, POSITIVE_CONTROL_TYPE } from './disturbance.ts';
import { InterruptRecord } from './interrupt.ts';
import { ImagoRecord, LeaseRecord } from './parallel-universe.ts';
import { PlanRow } from './plan-row.ts';
import { ProbeRecord, ProvocationRecord } from './settled.ts';

export { DisturbanceRecord, POSITIVE_CONTROL_TYPE, ImagoRecord, InterruptRecord, LeaseRecord, PlanRow, ProbeRecord, ProvocationRecord };

/** Version of the record that this build writes. */
export const SCHEMA_VERSION = 1;

/** What became of a trial as an experiment. Only `completed` says anything about users. */
export const TrialOutcome = z.enum([
  'completed',
  'not-injected',
  'not-reached',
  'not-applicable',
  'harness-failed',
]);
export type TrialOutcome = z.infer<typeof TrialOutcome>;

export const UpgradeOutcome = z.enum(['none', 'upgraded', 'stopped', 'rolled-back', 'stuck']);
export const FinalState = z.enum(['old', 'new', 'mixed']);
export const Phase = z.enum(['warm-up', 'before', 'mid-upgrade', 'stopped', 'after']);
export type Phase = z.infer<typeof Phase>;

/** One line of `events.jsonl`. */
export const TrialEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('phase'), atMs: z.number(), phase: Phase }),
  z.object({
    event: z.literal('step-start'),
    atMs: z.number(),
    stepId: z.string(),
    kind: z.string(),
    host: z.string(),
    title: z.string(),
  }),
  z.object({
    event: z.literal('step-end'),
    atMs: z.number(),
    stepId: z.string(),
    startMs: z.number(),
    outcome: z.enum(['done', 'failed']),
    reason: z.string(),
  }),
  z.object({
    event: z.literal('reading'),
    atMs: z.number(),
    stepId: z.string(),
    fault: z.string(),
    host: z.string(),
    taken: z.boolean(),
    exitCode: z.number(),
    excerpt: z.string(),
  }),
  z.object({
    event: z.literal('ingress'),
    atMs: z.number(),
    inFlight: z.number(),
    peakInFlight: z.number(),
    forwarded: z.number(),
    broken: z.number(),
  }),
  z.object({
    event: z.literal('imago'),
    atMs: z.number(),
    /** What Imago's machines did or measured: `transfer`, `quiescence`, `drained`, `compared`, `verdict`, ... */
    what: z.string(),
    figures: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  z.object({ event: z.literal('interrupt'), ...InterruptRecord.shape }),
  z.object({ event: z.literal('note'), atMs: z.number(), text: z.string() }),
]);
export type TrialEvent = z.infer<typeof TrialEvent>;

export const EvidenceRecord = z.object({
  fault: z.string(),
  verdict: z.enum(['found', 'not-found', 'unreadable']),
  summary: z.string(),
  stepIds: z.array(z.string()),
});
export type EvidenceRecord = z.infer<typeof EvidenceRecord>;

/** Counted over the fixed horizon only, in absolute figures. */
export const HorizonFigures = z.object({
  /** Where the horizon begins: the first step of the upgrade, or its place in time where there is none. */
  startMs: z.number(),
  seconds: z.number(),
  offered: z.number().int(),
  ok: z.number().int(),
  /** By outcome: error-status, wrong-content, timeout, broken, dropped. */
  failed: z.record(z.string(), z.number().int()),
  /** Over ok answers, timeouts counted as the timeout; null when there is none. */
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});

/** What the ledger found about acknowledged writes and converted data. `details` is bounded. */
export const LedgerFigures = z.object({
  acknowledged: z.number().int(),
  foundOnce: z.number().int(),
  lost: z.number().int(),
  duplicated: z.number().int(),
  altered: z.number().int(),
  /** Unacknowledged writes that took effect: not an error, but said. */
  unacknowledgedFound: z.number().int(),
  derivedWrong: z.number().int(),
  seedBuckets: z.number().int(),
  seedBucketsDiffering: z.number().int(),
  /** Checks that could not be made, each with its reason; then the ledger decides nothing. */
  unreadable: z.array(z.string()),
  details: z.array(z.string()),
});
export type LedgerFigures = z.infer<typeof LedgerFigures>;

/** How hard the machine itself was working; past the stated limits performance is not judged. */
export const MachineFigures = z.object({
  /** Share of the horizon in which runnable work waited for a CPU (Linux PSI, `some`); null where unknown. */
  cpuPressureShare: z.number().nullable(),
  /** Share of all cores' time in which they were not idle. */
  cpuBusyShare: z.number(),
  /** Throttled share of each host's CPU periods over the horizon; without hosts of which no period was counted. */
  throttledShare: z.record(z.string(), z.number()),
  /** CPU seconds of each host over the horizon; without hosts that were looked at too seldom to tell. */
  cpuSeconds: z.record(z.string(), z.number()),
  /** Requests that the load generator started late by more than 50 ms, or not at all. */
  lateStarts: z.number().int(),
  supervisorPeakRssMb: z.number(),
});

const Clock = z.object({ wallMs: z.number(), monotonicNs: z.string() });

export const FaultRecord = z.object({
  name: z.string(),
  /** 0: a control; 1 to 4: of the fault model; 5: a positive control. */
  type: z.number().int().min(0).max(POSITIVE_CONTROL_TYPE),
  violation: z.string(),
  dependency: z.string(),
  provenance: z.string(),
  /** Of each fault whose edit is one of many: which one it is, by the fault's name. */
  details: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});

/** `trial.json`. Saved with `sealed: false` at the start; sealed at the end. */
export const TrialRecord = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  sealed: z.boolean(),
  trialId: z.string(),
  campaign: z.string(),
  scenario: z.string(),
  approach: z.string(),
  fault: FaultRecord,
  reach: z.string(),
  /** Universe that the fault's steps act on. */
  target: z.string().default('new'),
  seed: z.number().int(),
  hosts: z.number().int(),
  scale: z.number(),
  windows: z.object({
    name: z.string(),
    warmUpS: z.number(),
    beforeS: z.number(),
    horizonS: z.number(),
    dwellS: z.number(),
  }),
  gates: z.string(),
  /** `separate` machines for a parallel universe, or the live ones' budgets; `direct`: no interceptor, a plain forwarder. */
  hardware: z.string().default('separate'),
  ingress: z.string().default('interceptor'),
  mirroring: z.string().default('on'),
  schemaPolicy: z.string(),
  engine: z.string().default('keep'),
  onFailure: z.string(),
  ratePerSecond: z.number(),
  /** Kills of the upgrade's own processes that were asked for, and what became of each. */
  interrupts: z.array(InterruptRecord).default([]),
  /** Of a positive control: the harm that was done to users on purpose; null of all other trials. */
  disturbance: DisturbanceRecord.nullable().default(null),
  outcome: TrialOutcome,
  /** Why it is not `completed`; for a harness failure, the message. */
  outcomeReason: z.string(),
  evidence: z.array(EvidenceRecord),
  shams: z.array(EvidenceRecord),
  upgrade: z.object({
    outcome: UpgradeOutcome,
    finalState: FinalState,
    /** The gate or step that stopped it; empty otherwise. */
    gate: z.string(),
    startMs: z.number(),
    endMs: z.number(),
    /**
     * Of the universe that serves, the release from which each host was last installed that the procedure installs; absent
     * where nothing was upgraded, and in records made before it was kept.
     */
    hostReleases: z.record(z.string(), z.enum(['old', 'new'])).optional(),
    /** Of these hosts those that the procedure left out of rotation; absent where `hostReleases` is, and in earlier records. */
    restingHosts: z.array(z.string()).optional(),
  }),
  imago: ImagoRecord.nullable().default(null),
  leased: LeaseRecord.nullable().default(null),
  clock: z.object({ start: Clock, end: Clock.nullable() }),
  timings: z.object({
    wallS: z.number(),
    provisionS: z.number(),
    settleS: z.number(),
    teardownS: z.number(),
  }),
  horizon: HorizonFigures.nullable(),
  /** First cut after the horizon, second after the provocations. */
  ledger: z.object({ afterHorizon: LedgerFigures, afterProvocations: LedgerFigures }).nullable(),
  probes: z.array(ProbeRecord),
  /** Which provocations were asked for. Records made before there was a choice have those that are now the quick ones. */
  provocationSet: z.string().default('quick'),
  provocations: z.array(ProvocationRecord),
  machine: MachineFigures.nullable(),
  versions: z.record(z.string(), z.string()),
  plan: z.array(PlanRow),
});
export type TrialRecord = z.infer<typeof TrialRecord>;

/** `campaign.json`: what was asked, and on what machine. */
export const CampaignRecord = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  campaign: z.string(),
  startedAt: z.string(),
  seed: z.number().int(),
  request: z.record(z.string(), z.unknown()),
  /** Trials in the order in which they are run. */
  schedule: z.array(
    z.object({
      trialId: z.string(),
      approach: z.string(),
      fault: z.string(),
      seed: z.number().int(),
      /** What a trial does without; absent: nothing. */
      ingress: z.string().optional(),
      mirroring: z.string().optional(),
      /** Kills of the upgrade's own processes that are asked for in this trial alone, in place of the request's. */
      interrupts: z.array(z.string()).readonly().optional(),
    }),
  ),
  environment: z.record(z.string(), z.unknown()),
});
export type CampaignRecord = z.infer<typeof CampaignRecord>;

/** One line of `requests.csv`. */
export interface RequestsRow {
  readonly second: number;
  readonly phase: Phase;
  readonly offered: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

/** One line of `bins.csv`: offered and served in 100 ms, by scheduled start, so that outages can be measured. */
export interface BinsRow {
  readonly start_ms: number;
  readonly offered: number;
  readonly ok: number;
}

/** One line of `ledger.csv`: an acknowledged write, or a piece of converted data, that is not as it must be. */
export interface LedgerRow {
  /** Kind of write (`bid`), or of check (`seed`, `derived`). */
  readonly kind: string;
  /** The client's id of the write; empty for checks of converted data. */
  readonly request_id: string;
  readonly verdict:
    | 'lost'
    | 'duplicated'
    | 'altered'
    | 'derived-wrong'
    | 'seed-differs'
    | 'unacknowledged-found';
  readonly detail: string;
}
