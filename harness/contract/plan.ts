/** A plan: everything that a trial will do, decided before anything is done. */
import type { FaultType, Provenance, Reach, Violation } from './fault.ts';
import type { ProvocationSet } from './settle.ts';
import type { ObserveStep, Step, StepId } from './step.ts';
import type { Size, Universe } from './topology.ts';

/** Ways of upgrading. */
export type ApproachName = 'none' | 'rolling' | 'imago';

/** How the schema is changed in place. */
export type SchemaPolicy = 'expand-contract' | 'in-place';

/** Whether a rolling upgrade leaves the database servers' engine as it is, or brings the new release's. */
export type EnginePolicy = 'keep' | 'upgrade';

/** What the operator does when a step or a gate fails. */
export type FailurePolicy = 'halt' | 'rollback' | 'continue';

/**
 * What may stop an upgrade: nothing but a step that fails (`none`), health checks (`health`), health checks and one and
 * the same walk of a user (`same`), or all that the approach normally has (`native`).
 */
export type Gates = 'none' | 'health' | 'same' | 'native';

/** Lengths of a trial's windows, in seconds. */
export interface Windows {
  readonly name: string;
  /** Load before anything is counted. */
  readonly warmUpS: number;
  /** Counted load before the first step. */
  readonly beforeS: number;
  /** Fixed time from the first step in which harm is counted. */
  readonly horizonS: number;
  /** Pause between hosts of a rolling upgrade. */
  readonly dwellS: number;
}

/** Where a parallel universe runs: on machines of its own, or within the CPU budgets of the live universe's hosts. */
export type Hardware = 'separate' | 'shared';

/** What clients come through: the ingress interceptor, or a plain forwarder in its place. */
export type IngressKind = 'interceptor' | 'direct';

/** Whether live requests are mirrored to a parallel universe before the switch. */
export type Mirroring = 'on' | 'off';

/** The upgrade's own processes that can be killed. */
export type InterruptedProcess = 'upgrader' | 'driver';

/** A kill of one of the upgrade's own processes. No step of the plan: nobody who upgrades has planned it. */
export interface Interrupt {
  readonly process: InterruptedProcess;
  /** Step from whose first beginning the time counts; null: the upgrade itself. */
  readonly step: StepId | null;
  readonly afterS: number;
}

/** What users can be made to feel on purpose: answers that take longer, requests that are refused, nobody served. */
export type DisturbanceKind = 'latency' | 'errors' | 'outage';

/** Harm of a known size that the ingress interceptor does to users, so that it can be measured whether it is noticed. */
export interface PlannedDisturbance {
  readonly kind: DisturbanceKind;
  /** Of `latency` how many times as long answers take, of `errors` the share of requests, of `outage` the seconds. */
  readonly size: number;
  /** Seconds from the first step, and for how long. */
  readonly atS: number;
  readonly forS: number;
}

/** Type of a positive control: no fault of the procedure is planted, the instrument itself does users harm. */
export type PositiveControlType = 5;

/** The fault of a plan, as recorded. Compositions join names with `+`. */
export interface PlannedFault {
  readonly name: string;
  readonly type: FaultType | PositiveControlType;
  readonly violation: Violation;
  readonly dependency: string;
  readonly provenance: Provenance;
  /** Of each fault whose edit is one of many: which one it is, by the fault's name. */
  readonly details?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a trial will do. JSON; the same input gives the same bytes. */
export interface Plan {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly approach: ApproachName;
  readonly fault: PlannedFault;
  readonly reach: Reach;
  readonly seed: number;
  readonly size: Size;
  readonly windows: Windows;
  readonly gates: Gates;
  readonly hardware: Hardware;
  readonly ingress: IngressKind;
  readonly mirroring: Mirroring;
  /** Universe whose hosts the fault's steps act on; `old` is an operator's mistake. */
  readonly target: Universe;
  readonly schemaPolicy: SchemaPolicy;
  readonly engine: EnginePolicy;
  readonly onFailure: FailurePolicy;
  readonly ratePerSecond: number;
  /** Kills of the upgrade's own processes, beside its steps. */
  readonly interrupts: readonly Interrupt[];
  /** Of a positive control: what is done to requests, beside the upgrade. */
  readonly disturbance?: PlannedDisturbance;
  /** Whether the fault applies; if not, no trial is run. */
  readonly applicability: { readonly applies: true } | { readonly applies: false; readonly reason: string };
  /** Brings up the old universe before the load starts; the same under every approach and fault. */
  readonly provision: readonly Step[];
  /** The upgrade. */
  readonly upgrade: readonly Step[];
  /**
   * Way back, in case of `rollback`, in order; of its steps those are run that undo what the upgrade came to (see
   * `undoes`): every host that was begun with is brought back to the old release, and the entry to its former holder. Or
   * how a parallel universe is given up. Observations in it are taken in any case. What the database got is left, since the
   * old release serves with it: the new release's account, the expanded schema with its triggers, and indexes. So is what
   * a fault did where the procedure does nothing.
   */
  readonly rollback: readonly Step[];
  /** Observations taken when the upgrade has ended, whatever became of it. */
  readonly observeAtEnd: readonly ObserveStep[];
  /** Ids of the steps that the fault touched. */
  readonly edited: readonly StepId[];
  /** Faults and disturbances that are looked for although they were not planted: they must be `not-found`. */
  readonly shams: readonly string[];
  readonly provocationSet: ProvocationSet;
  /** Provocations of that set, in seeded order. */
  readonly provocations: readonly string[];
}
