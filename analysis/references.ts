/** Which controls a trial is held against. */
import { POSITIVE_CONTROL_TYPE, type TrialRecord } from '../results/schema.ts';
import { type Conditions, conditionsOf, differencesOf, keyOf, procedureOf } from './conditions.ts';
import type { TrialFigures } from './figures.ts';
import { type Contrast, MIN_REFERENCES } from './rules.ts';

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
  /** Those among them without a minimum of which nothing is called new, and their name; all where it is not given. */
  readonly wanted?: References;
}

/** Approach under which nothing is upgraded. */
export const NO_UPGRADE = 'none';

const WITHOUT_UPGRADE = 'trials without an upgrade';

function upgradesOf({ approach, upgrade }: TrialRecord): string {
  const outcome = isSound(upgrade) ? '' : `, ${upgrade.outcome}`;
  return `controls of ${approach} that ended in state ${upgrade.finalState}${outcome}`;
}

/** Whether a control did what it should: one that was stopped, or ran out of time, leaves things half done. */
function isSound({ outcome }: TrialRecord['upgrade']): boolean {
  return outcome === 'upgraded' || outcome === 'none';
}

/** What is left undone where an upgrade stops excuses only what ended likewise. */
function endedAlike({ upgrade }: TrialRecord, { upgrade: { finalState, outcome } }: TrialRecord): boolean {
  return upgrade.finalState === finalState && (isSound(upgrade) || upgrade.outcome === outcome);
}

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

interface Control extends ReducedTrial {
  /** What was done, as a key. */
  readonly procedure: string;
}

/** Completed controls by the conditions under which they ran, so that thousands of trials find theirs at once. */
export class ControlPool {
  readonly #byConditions = new Map<string, Control[]>();

  constructor(trials: readonly ReducedTrial[]) {
    const controls = trials.filter(
      (trial) => isControl(trial.record) && trial.record.outcome === 'completed',
    );
    for (const trial of controls.sort((a, b) => (a.record.trialId < b.record.trialId ? -1 : 1))) {
      const key = keyOf(conditionsOf(trial.record));
      const control = { ...trial, procedure: keyOf(procedureOf(trial.record)) };
      const pool = this.#byConditions.get(key);
      if (pool === undefined) this.#byConditions.set(key, [control]);
      else pool.push(control);
    }
  }

  /** References of a trial; a control never answers for itself (leave one out). */
  of(record: TrialRecord, contrast: Contrast): References {
    const others = this.#others(record);
    if (contrast === 'user') {
      return {
        trials: others.filter((c) => c.record.approach === NO_UPGRADE),
        kind: WITHOUT_UPGRADE,
      };
    }
    const procedure = keyOf(procedureOf(record));
    return {
      trials: others.filter((c) => c.procedure === procedure && endedAlike(c.record, record)),
      kind: upgradesOf(record),
    };
  }

  /** Whether there are enough controls of the trial's procedure to say that, by itself, it does not end as the trial did. */
  endsOtherwise(record: TrialRecord): boolean {
    const { trials } = this.ofProcedure(record);
    return trials.length >= MIN_REFERENCES && !trials.some((control) => endedAlike(control.record, record));
  }

  /** Controls of the trial's procedure in whatever state they ended: what the procedure itself does to users on its way. */
  ofProcedure(record: TrialRecord): References {
    const procedure = keyOf(procedureOf(record));
    return {
      trials: this.#others(record).filter((c) => c.procedure === procedure),
      kind: `controls of ${record.approach}`,
    };
  }

  /**
   * Controls that show what a sound system exposes in the state in which a trial ended: without an upgrade the old one, or
   * the new one by whichever approach it was reached; a group of each for `mixed`, whose hosts are in either. Enough of the upgraded
   * ones must have been upgraded by the trial's own procedure: what it leaves by its nature, such as the former database engine, others do not show.
   */
  ofState(record: TrialRecord): References[] {
    const others = this.#others(record);
    const old = { trials: others.filter((c) => c.record.approach === NO_UPGRADE), kind: WITHOUT_UPGRADE };
    const sound = others.filter(
      ({ record: { upgrade } }) => upgrade.finalState === 'new' && isSound(upgrade),
    );
    const procedure = keyOf(procedureOf(record));
    const own = sound.filter((control) => control.procedure === procedure);
    const upgraded = {
      trials: sound,
      kind: 'controls that ended in state new',
      wanted: { trials: own, kind: `controls of ${record.approach} that ended in state new` },
    };
    switch (record.upgrade.finalState) {
      case 'old':
        return [old];
      case 'new':
        return [upgraded];
      case 'mixed':
        return [old, upgraded];
    }
  }

  #others(record: TrialRecord): readonly Control[] {
    const pool = this.#byConditions.get(keyOf(conditionsOf(record))) ?? [];
    return pool.filter((control) => control.record.trialId !== record.trialId);
  }
}

/**
 * Controls of one kind together, each kind as a trial with a fault would be held against them: trials without an upgrade, and
 * controls of each procedure by how they ended. What a kind's name does not tell is added where kinds differ in it.
 */
export function kindsOfControls(trials: readonly ReducedTrial[]): References[] {
  const controls = trials.filter(({ record }) => isControl(record) && record.outcome === 'completed');
  const kinds = new Map<string, { circumstances: Conditions; kind: string; trials: ReducedTrial[] }>();
  for (const trial of controls) {
    const { record } = trial;
    const idle = record.approach === NO_UPGRADE;
    const circumstances = { ...conditionsOf(record), ...(idle ? {} : procedureOf(record)) };
    const kind = idle ? WITHOUT_UPGRADE : upgradesOf(record);
    const key = JSON.stringify([keyOf(circumstances), kind]);
    const known = kinds.get(key) ?? { circumstances, kind, trials: [] };
    kinds.set(key, known);
    known.trials.push(trial);
  }
  const all = [...kinds.values()];
  return all.map(({ circumstances, kind, trials: own }) => {
    const alike = all.filter((other) => other.kind === kind).map((other) => other.circumstances);
    const differing = differencesOf(circumstances, alike);
    return { trials: own, kind: differing === '' ? kind : `${kind} (${differing})` };
  });
}
