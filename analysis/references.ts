/** Which controls a trial is held against. */
import { POSITIVE_CONTROL_TYPE, type TrialRecord } from '../results/schema.ts';
import type { TrialFigures } from './figures.ts';
import type { Contrast } from './rules.ts';

/** A completed trial with its figures. */
export interface ReducedTrial {
  readonly record: TrialRecord;
  readonly figures: TrialFigures;
}

/** The controls that answer for a trial in one contrast, in the order of their ids, and how they were chosen. */
export interface References {
  readonly trials: readonly ReducedTrial[];
  /** What they have in common, for reasons: `controls of rolling that ended new`. */
  readonly kind: string;
}

/** Approach under which nothing is upgraded. */
export const NO_UPGRADE = 'none';

/** Whether a trial planted no fault, and was not disturbed either. */
export function isControl(record: TrialRecord): boolean {
  return record.fault.type === 0;
}

/** Whether users were harmed on purpose, without a fault: judged as any other trial, and no reference of any. */
export function isPositiveControl(record: TrialRecord): boolean {
  return record.fault.type === POSITIVE_CONTROL_TYPE;
}

/** Whether a trial planted a fault of the upgrade's procedure. */
export function plantsFault(record: TrialRecord): boolean {
  return !isControl(record) && !isPositiveControl(record);
}

/** Completed controls by the conditions under which they ran, so that thousands of trials find theirs at once. */
export class ControlPool {
  readonly #byConditions = new Map<string, ReducedTrial[]>();

  constructor(trials: readonly ReducedTrial[]) {
    const controls = trials.filter(
      (trial) => isControl(trial.record) && trial.record.outcome === 'completed',
    );
    for (const trial of controls.sort((a, b) => (a.record.trialId < b.record.trialId ? -1 : 1))) {
      const key = conditions(trial.record);
      const pool = this.#byConditions.get(key);
      if (pool === undefined) this.#byConditions.set(key, [trial]);
      else pool.push(trial);
    }
  }

  /** References of a trial; a control never answers for itself (leave one out). */
  of(record: TrialRecord, contrast: Contrast): References {
    const others = this.#others(record);
    if (contrast === 'user') {
      return {
        trials: others.filter((c) => c.record.approach === NO_UPGRADE),
        kind: 'trials without an upgrade',
      };
    }
    const procedure = procedureOf(record);
    const state = record.upgrade.finalState;
    return {
      trials: others.filter(
        (c) => procedureOf(c.record) === procedure && c.record.upgrade.finalState === state,
      ),
      kind: `controls of ${record.approach} that ended in state ${state}`,
    };
  }

  /** Controls of the trial's procedure in whatever state they ended: what the procedure itself does to users on its way. */
  ofProcedure(record: TrialRecord): References {
    const procedure = procedureOf(record);
    return {
      trials: this.#others(record).filter((c) => procedureOf(c.record) === procedure),
      kind: `controls of ${record.approach}`,
    };
  }

  /**
   * Controls that show what a sound system exposes in the states that a trial's hosts may be in: the old one
   * (no upgrade), and, where it ended `new` or `mixed`, the new one, by whichever approach it was reached.
   */
  ofState(record: TrialRecord): {
    readonly old: readonly ReducedTrial[];
    readonly new: readonly ReducedTrial[];
  } {
    const others = this.#others(record);
    return {
      old: others.filter((c) => c.record.approach === NO_UPGRADE),
      new:
        record.upgrade.finalState === 'old'
          ? []
          : others.filter((c) => c.record.upgrade.finalState === 'new'),
    };
  }

  #others(record: TrialRecord): readonly ReducedTrial[] {
    const pool = this.#byConditions.get(conditions(record)) ?? [];
    return pool.filter((control) => control.record.trialId !== record.trialId);
  }
}

/** What makes the users' experience of two trials comparable, whatever is done to the system. */
function conditions(record: TrialRecord): string {
  const { warmUpS, beforeS, horizonS } = record.windows;
  return JSON.stringify([
    record.scenario,
    warmUpS,
    beforeS,
    horizonS,
    record.hosts,
    record.scale,
    record.ratePerSecond,
    record.ingress,
    record.provocationSet,
  ]);
}

/** What makes two upgrades the same procedure. */
function procedureOf(record: TrialRecord): string {
  return JSON.stringify([
    record.approach,
    record.gates,
    record.hardware,
    record.mirroring,
    record.windows.dwellS,
    record.schemaPolicy,
    record.engine,
    record.onFailure,
    record.interrupts.map(({ asked }) => asked),
  ]);
}
