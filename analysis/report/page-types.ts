/**
 * What the page holds: the judgement with a line a trial, which it shows at once, and each trial's story, packed in blocks that are
 * unpacked when a reader opens one of their trials. Types shared with the page's script.
 */

import type { AttritionPart } from '../attrition.ts';
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

/**
 * What is shown without opening a trial, as one JSON text in the page. Texts are as they are read; where a figure is one, its unit
 * stands with it, or here.
 */
export interface ReportData {
  readonly campaign: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly scenarios: readonly string[];
  readonly seed: number;
  /** Most severe first: columns of the main figure. */
  readonly impacts: readonly string[];
  /** Those with columns of their own, by name; `none` only where nothing was upgraded at all. */
  readonly approaches: readonly string[];
  /** Name and value, in the order in which they are shown. */
  readonly facts: readonly { readonly name: string; readonly value: string; readonly note: string }[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly falseAlarms: readonly { readonly impact: string; readonly text: string }[];
  /** Positive controls that were labelled with the harm that was done, in the fault contrast; empty without any. */
  readonly sensitivity: readonly SensitivityLine[];
  /** False alarms, harm that was noticed, shams and losses in sentences. */
  readonly notes: readonly string[];
  /** Squares of the main figure in either contrast: felt by users, and what the fault added. */
  readonly matrix: { readonly user: readonly MatrixRow[]; readonly fault: readonly MatrixRow[] };
  readonly resilience: readonly ResilienceRow[];
  /** Empty where no record says which steps are gates. */
  readonly detectors: readonly DetectorSummary[];
  /** Fidelity is undecided among them unless another campaign was read for it. */
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

/** What an approach takes for an upgrade that goes well: medians over its controls, as text, or `not measured`. */
export interface ApproachCost {
  readonly approach: string;
  /** Controls with the figures. */
  readonly trials: number;
  /** From the first step to the last, s. */
  readonly upgradeS: string;
  /** How long machines were leased, s, and the CPU seconds that they used. */
  readonly leasedS: string;
  readonly cpuSeconds: string;
  /** At the peak, MB; `700 of 2,816` where less was used than was allowed. */
  readonly memoryMb: string;
  readonly diskMb: string;
}

/** A row of the table of cells: the trials of one fault under one approach, also where none of them left a record. */
export interface ReportCell {
  readonly fault: string;
  /** Of the fault model, 0 for controls, -1 where no record tells. */
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
  /** Outcomes of all trials, such as `completed` or `4 completed, 1 not-injected`; `no record` where none left one. */
  readonly outcome: string;
  /** Completed trials by their most severe impact, the most severe first. */
  readonly primary: readonly { readonly name: string; readonly count: number }[];
  /** Words of its trials, counted as outcomes are; `-` for none. */
  readonly containment: string;
  /** Medians over the completed trials, `-` where nothing was measured: share served, with its `%`. */
  readonly success: string;
  /** In ms. */
  readonly p95: string;
  /** Without service, s. */
  readonly outage: string;
  readonly attrition: readonly AttritionPart[];
  /** How far the shares could be from those of all trials; empty where none was lost. */
  readonly worstCase: string;
}

/** One trial's story, in which long and repeated texts are indexes into those of its block. */
export interface ReportTrial {
  readonly id: string;
  readonly fault: string;
  readonly type: number;
  readonly approach: string;
  readonly outcome: string;
  /** Why the outcome is what it is. */
  readonly reason: TextIndex;
  /** The most severe impact; empty where the trial says nothing of users. */
  readonly primary: string;
  readonly containment: string;
  /** How it ended, by which gate, and in which state. */
  readonly upgrade: string;
  /** Figures with their units. */
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
