/** Reduces a composition of faults that harmed users to the smallest set of them with the same impact. */
import { labelOf, ranOutOfTime } from '../../analysis/containment.ts';
import type { JudgedTrial } from '../../analysis/judge.ts';
import type { Impact } from '../../analysis/rules.ts';
import { UsageError } from '../errors.ts';
import { ddmin, type Minimum, type PartsVerdict } from './ddmin.ts';

/** One trial of some of the faults, or of none, and what was concluded from it. */
export interface ShrinkDecision {
  readonly faults: readonly string[];
  readonly trialId: string;
  readonly outcome: string;
  readonly impacts: readonly Impact[];
  readonly verdict: PartsVerdict;
  readonly reason: string;
}

/** What shrinking needs from elsewhere. */
export interface Shrinking {
  /** The trial in question, judged. */
  readonly trial: JudgedTrial;
  /** Most trials that may be run. */
  readonly trials: number;
  /** Trials of each set of faults that have to agree. */
  readonly reps: number;
  /** Runs a trial of these faults together (of none: a control), or reads the one that was run before, and judges it. */
  readonly run: (
    faults: readonly string[],
    repetition: number,
  ) => Promise<{ readonly trial: JudgedTrial; readonly isNew: boolean }>;
  /** Told of each decision, in order, so that it is recorded before the next trial begins. */
  readonly decided: (decision: ShrinkDecision) => Promise<void>;
}

/** The smallest set of faults and the impact that it shares with the whole. */
export interface Shrunk extends Minimum<string> {
  readonly impact: Impact;
}

/** @throws UsageError for a trial that holds one fault only, or that harmed nobody. */
export async function shrink({ trial, trials, reps, run, decided }: Shrinking): Promise<Shrunk> {
  const faults = trial.record.fault.name.split('+');
  const [impact] = trial.impactsOfFault;
  const refusal = whyNotShrunk(trial);
  if (impact === undefined || refusal !== '') throw new UsageError(refusal);
  let left = trials;
  /** `same` and `other` are what every repetition says; the first that differs, or cannot tell, ends the question. */
  const ask = async (parts: readonly string[]): Promise<PartsVerdict | undefined> => {
    const seen = new Set<PartsVerdict>();
    for (let repetition = 1; repetition <= reps; repetition += 1) {
      if (left === 0) return undefined;
      const { trial: part, isNew } = await run(parts, repetition);
      if (isNew) left -= 1;
      const decision = decisionOf(parts, part, impact);
      await decided(decision);
      seen.add(decision.verdict);
      if (seen.size > 1 || decision.verdict === 'unknown') return 'unknown';
    }
    const [verdict] = seen;
    return verdict;
  };
  return { ...(await ddmin(faults, ask)), impact };
}

/** What was found, in one line that claims no more than the trials showed. */
export function shrunkText({ parts, proof, impact }: Shrunk, reps: number): string {
  const trials = reps === 1 ? 'one trial' : `${reps} trials`;
  const how = {
    minimal: `not seen without any one of them, in ${trials} each`,
    unproven: 'no smaller set showed it in all of its trials, but some could not tell, or differed',
    stopped: 'no further trial was allowed; the same command goes on with more --trials',
  };
  return proof === 'none-needed'
    ? `${impact} without any of the faults, in ${trials}: the machine or the build does it as it is now; nothing was reduced`
    : `${impact} by ${parts.join('+')}: ${how[proof]}`;
}

/** Why a trial cannot be reduced; empty where it can. */
export function whyNotShrunk({ record, impactsOfFault, containment }: JudgedTrial): string {
  if (!record.fault.name.includes('+'))
    return `shrink: trial ${record.trialId} has the one fault ${record.fault.name}; a composition a+b is wanted`;
  return impactsOfFault.length > 0
    ? ''
    : `shrink: trial ${record.trialId} shows no impact of its faults (${containment || record.outcome}); nothing can be compared with it`;
}

/** The most severe impact that is the faults' must be there again; further ones may go. */
function decisionOf(faults: readonly string[], trial: JudgedTrial, impact: Impact): ShrinkDecision {
  const { record, impactsOfFault } = trial;
  const known = { faults, trialId: record.trialId, outcome: record.outcome, impacts: impactsOfFault };
  const [user, fault] = [labelOf(trial.labels, 'user', impact), labelOf(trial.labels, 'fault', impact)];
  // A control has no fault to blame: it shows the impact where it would be blamed on one.
  const isThere = faults.length === 0 ? user === 'yes' && fault !== 'no' : impactsOfFault.includes(impact);
  if (isThere) return { ...known, verdict: 'same', reason: `${impact} is there` };
  // That the edit could not be made, or was never come to, is an answer: these faults alone do not do it. That time was up is none.
  if (record.outcome === 'not-applicable' || (record.outcome === 'not-reached' && !ranOutOfTime(record)))
    return { ...known, verdict: 'other', reason: record.outcomeReason };
  if (user === 'no' || fault === 'no')
    return { ...known, verdict: 'other', reason: `no ${impact} of these faults` };
  return { ...known, verdict: 'unknown', reason: record.outcomeReason || `${impact} could not be decided` };
}
