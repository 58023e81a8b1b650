/** How often the judgement calls something where nothing was planted: measured on controls, printed with every report. */
import { countLabels } from './cells.ts';
import type { JudgedTrial } from './judge.ts';
import { isControl } from './references.ts';
import { IMPACTS, type Impact } from './rules.ts';
import { exactShare, type Share } from './statistics/share.ts';

/** One impact over all controls, each held against the others of its kind (leave one out). */
export interface FalseAlarms {
  readonly impact: Impact;
  /** `yes` among the controls that could be decided. */
  readonly share: Share;
  /** Controls that could not: too few others of their kind, or not measured. */
  readonly undecided: number;
}

/** In the fault contrast; the user contrast of a control shows the harm of its approach, which is no false alarm. */
export function falseAlarmsOf(trials: readonly JudgedTrial[]): FalseAlarms[] {
  const controls = trials.filter((trial) => isControl(trial.record) && trial.record.outcome === 'completed');
  return IMPACTS.map((impact) => {
    const yes = countLabels(controls, impact, 'fault', 'yes');
    const no = countLabels(controls, impact, 'fault', 'no');
    return { impact, share: exactShare(yes, yes + no), undecided: controls.length - yes - no };
  });
}

/** Faults that were looked for although they were not planted, and what was wrongly found. */
export interface Shams {
  readonly notFound: number;
  readonly unreadable: number;
  /** `TRIAL: FAULT`; each one a confirmation that cannot be trusted. */
  readonly found: readonly string[];
}

/** Sham confirmations over all trials. */
export function shamsOf(trials: readonly JudgedTrial[]): Shams {
  const shams = trials.flatMap(({ record }) =>
    record.shams.map((sham) => ({ ...sham, trialId: record.trialId })),
  );
  return {
    notFound: shams.filter((sham) => sham.verdict === 'not-found').length,
    unreadable: shams.filter((sham) => sham.verdict === 'unreadable').length,
    found: shams.filter((sham) => sham.verdict === 'found').map((sham) => `${sham.trialId}: ${sham.fault}`),
  };
}
