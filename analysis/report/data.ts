/**
 * What the page holds: the judgement with a line a trial, which it shows at once, and each trial's story, packed in blocks that are
 * unpacked when a reader opens one of their trials. Types shared with the page's script.
 */

import type { MatrixRow } from '../charts/impact-matrix.ts';
import type { LeaseImpactRow } from '../charts/lease-impact.ts';
import type { QuiescenceRow } from '../charts/quiescence.ts';
import type { TimelineData } from '../charts/timeline.ts';
import type { Claim } from '../claims/claim.ts';
import type { DetectorSummary } from '../gates/detectors.ts';
import type { ResilienceRow } from '../resilience.ts';
import type { SensitivityLine } from '../sensitivity.ts';
import type { OverheadRow } from './overhead.ts';
import type { TrialSummary } from './summaries.ts';

/** Index into `TrialBlock.texts`. */
export type TextIndex = number;

export interface ReportData {
  readonly campaign: string;
  readonly startedAt: string;
  readonly scenarios: readonly string[];
  readonly seed: number;
  readonly impacts: readonly string[];
  readonly approaches: readonly string[];
  /** Name and value, in the order in which they are shown. */
  readonly facts: readonly { readonly name: string; readonly value: string; readonly note: string }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly falseAlarms: readonly { readonly impact: string; readonly text: string }[];
  /** Positive controls that were labelled with the harm that was done, in the fault contrast; empty without any. */
  readonly sensitivity: readonly SensitivityLine[];
  /** False alarms, harm that was noticed, shams and losses in sentences. */
  readonly notes: readonly string[];
  readonly matrix: { readonly user: readonly MatrixRow[]; readonly fault: readonly MatrixRow[] };
  readonly resilience: readonly ResilienceRow[];
  /** Empty where no record says which steps are gates. */
  readonly detectors: readonly DetectorSummary[];
  readonly claims: readonly Claim[];
  readonly quiescences: readonly QuiescenceRow[];
  readonly costs: readonly ApproachCost[];
  readonly leases: readonly LeaseImpactRow[];
  /** Controls with and without interceptor or mirroring; empty where none were without. */
  readonly overhead: readonly OverheadRow[];
  readonly cells: readonly ReportCell[];
  readonly trials: readonly TrialSummary[];
  /** The story of `trials[i]` is in block `floor(i / blockTrials)`. */
  readonly blockTrials: number;
}

/** Stories of some trials, with repeated texts stored once. */
export interface TrialBlock {
  readonly texts: readonly string[];
  readonly trials: readonly ReportTrial[];
}

/** A trial's story and the texts that it points to. */
export interface Story {
  readonly texts: readonly string[];
  readonly trial: ReportTrial;
}

/** What an approach takes for an upgrade that goes well: medians over its controls, as text. */
export interface ApproachCost {
  readonly approach: string;
  /** Controls with the figures. */
  readonly trials: number;
  readonly upgradeS: string;
  readonly leasedS: string;
  readonly cpuSeconds: string;
  readonly memoryMb: string;
  readonly diskMb: string;
}

export interface ReportCell {
  readonly fault: string;
  readonly type: number;
  readonly role: TrialSummary['role'];
  readonly violation: string;
  readonly dependency: string;
  /** With what its trials do without. */
  readonly approach: string;
  /** Empty for trials with all parts: figures show these alone. */
  readonly variant: string;
  /** Indexes into `ReportData.trials`. */
  readonly trials: readonly number[];
  readonly outcome: string;
  readonly primary: readonly { readonly name: string; readonly count: number }[];
  readonly containment: string;
  readonly success: string;
  readonly p95: string;
  readonly outage: string;
  readonly attrition: readonly AttritionPart[];
}

/** Trials that were asked for and not completed, for one reason. */
export interface AttritionPart {
  readonly what: string;
  readonly count: number;
  /** Whether they say nothing, not even how far the fault got. */
  readonly isLost: boolean;
}

export interface ReportTrial {
  readonly id: string;
  readonly fault: string;
  readonly type: number;
  readonly approach: string;
  readonly outcome: string;
  readonly reason: TextIndex;
  readonly primary: string;
  readonly containment: string;
  readonly upgrade: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly labels: readonly ReportLabel[];
  /** Evidence of the planted fault, with the text that was read. */
  readonly evidence: readonly {
    readonly fault: string;
    readonly verdict: string;
    readonly summary: TextIndex;
    readonly texts: readonly TextIndex[];
  }[];
  readonly shams: readonly {
    readonly fault: string;
    readonly verdict: string;
    readonly summary: TextIndex;
  }[];
  readonly provocations: readonly {
    readonly name: string;
    readonly result: string;
    readonly reason: TextIndex;
  }[];
  readonly probes: readonly {
    readonly name: string;
    readonly result: string;
    readonly exposures: TextIndex;
  }[];
  /** Rows of the plan, each as `kind`, host, title, edit. */
  readonly plan: readonly PlanLine[];
  readonly timeline: Timeline;
  /** Names of the files in the trial's folders. */
  readonly logs: readonly string[];
  readonly readings: readonly string[];
  /** Why some of them could not be read. */
  readonly unreadable: readonly string[];
}

/** Number, kind, host, title, edit. */
export type PlanLine = readonly [number, TextIndex, TextIndex, TextIndex, TextIndex];

/** Impact, contrast, label, figure, value, bound, effect, threshold, reason, references. */
export type ReportLabel = readonly [
  TextIndex,
  TextIndex,
  TextIndex,
  TextIndex,
  number | null,
  number | null,
  number | null,
  number | null,
  TextIndex,
  TextIndex,
];

/** `TimelineData` without its repeated texts: steps as host, title, from, to, outcome, edit, gate. */
export interface Timeline extends Omit<TimelineData, 'steps' | 'readings' | 'trialId'> {
  readonly steps: readonly (readonly [
    TextIndex,
    TextIndex,
    number,
    number,
    TextIndex,
    TextIndex,
    TextIndex,
  ])[];
  readonly readings: readonly (readonly [number, TextIndex, TextIndex])[];
}

/** Puts the texts back. */
export function timelineOf(
  texts: readonly string[],
  trial: Pick<ReportTrial, 'id' | 'timeline'>,
): TimelineData {
  const text = (index: TextIndex) => texts[index] ?? '';
  const { steps, readings, ...series } = trial.timeline;
  return {
    ...series,
    trialId: trial.id,
    steps: steps.map(([host, title, fromS, toS, outcome, edit, gate]) => ({
      host: text(host),
      title: text(title),
      fromS,
      toS,
      outcome: text(outcome),
      edit: text(edit),
      gate: text(gate),
    })),
    readings: readings.map(([atS, host, title]) => ({ atS, host: text(host), title: text(title) })),
  };
}
