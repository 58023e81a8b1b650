/** Gates as detectors: which faults each gate of each approach caught and missed, and how soon. */
import type { JudgedTrial } from '../judge.ts';
import { isControl } from '../references.ts';
import { medianOfKnown } from '../statistics/median.ts';
import { exactShare, type Share } from '../statistics/share.ts';
import type { GateCheck } from './checks.ts';

/** One gate of one approach and one fault; the fault `none` are the controls, on which every catch is a false alarm. */
export interface DetectorRow {
  readonly approach: string;
  /** Which gates the procedure had, such as `native`. */
  readonly gates: string;
  readonly gate: string;
  readonly fault: string;
  readonly type: number;
  /** Trials in which the gate was asked while the fault was there, and of those, the ones in which it failed. */
  readonly caught: Share;
  /** Trials of those that it let through in which the fault reached users. */
  readonly missedHarmful: number;
  /** From the first changed step to the gate's failure, ms: the middle of the trials that it caught; null for none and for controls. */
  readonly detectionMs: number | null;
}

/** One gate of one approach over all faults. */
export interface DetectorSummary {
  readonly approach: string;
  readonly gates: string;
  readonly gate: string;
  /** Names of the faults that it caught in every trial in which it was asked, in some, and in none. */
  readonly caught: readonly string[];
  readonly sometimes: readonly string[];
  readonly missed: readonly string[];
  readonly missedHarmful: readonly string[];
  readonly falseAlarms: Share;
  readonly detectionMs: number | null;
}

/** Rows by approach, gate, type and fault. Trials that say nothing about users are left out. */
export function detectorRows(
  trials: readonly JudgedTrial[],
  checks: ReadonlyMap<string, readonly GateCheck[]>,
): DetectorRow[] {
  const groups = new Map<string, { trial: JudgedTrial; check: GateCheck }[]>();
  for (const trial of trials) {
    const { record } = trial;
    if (!isControl(record) && trial.containment === '') continue;
    for (const check of checks.get(record.trialId) ?? []) {
      const key = JSON.stringify([
        record.approach,
        record.gates,
        check.gate,
        record.fault.type,
        record.fault.name,
      ]);
      const group = groups.get(key) ?? [];
      group.push({ trial, check });
      groups.set(key, group);
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => rowOf(group));
}

function rowOf(group: readonly { trial: JudgedTrial; check: GateCheck }[]): DetectorRow[] {
  const [first] = group;
  if (first === undefined) return [];
  const { approach, gates, fault } = first.trial.record;
  const caught = group.filter(({ check }) => check.failed);
  const through = group.filter(({ check }) => !check.failed);
  return [
    {
      approach,
      gates,
      gate: first.check.gate,
      fault: fault.name,
      type: fault.type,
      caught: exactShare(caught.length, group.length),
      missedHarmful: through.filter(({ trial }) => trial.containment === 'reached-users').length,
      detectionMs: medianOfKnown(caught.map(({ check }) => check.detectionMs)),
    },
  ];
}

/** One line a gate of an approach. */
export function detectorSummaries(rows: readonly DetectorRow[]): DetectorSummary[] {
  const byGate = new Map<string, DetectorRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.approach, row.gates, row.gate]);
    byGate.set(key, [...(byGate.get(key) ?? []), row]);
  }
  return [...byGate.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const faulty = own.filter(({ type }) => type > 0);
    const controls = own.filter(({ type }) => type === 0);
    const names = (is: (row: DetectorRow) => boolean) => faulty.filter(is).map(({ fault }) => fault);
    const sum = (of: (row: DetectorRow) => number) => controls.reduce((all, row) => all + of(row), 0);
    return [
      {
        approach: first.approach,
        gates: first.gates,
        gate: first.gate,
        caught: names(({ caught }) => caught.k === caught.n),
        sometimes: names(({ caught }) => caught.k > 0 && caught.k < caught.n),
        missed: names(({ caught }) => caught.k === 0),
        missedHarmful: names(({ missedHarmful }) => missedHarmful > 0),
        falseAlarms: exactShare(
          sum(({ caught }) => caught.k),
          sum(({ caught }) => caught.n),
        ),
        detectionMs: medianOfKnown(faulty.map(({ detectionMs }) => detectionMs)),
      },
    ];
  });
}
