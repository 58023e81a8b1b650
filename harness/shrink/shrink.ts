/** Reduces a composition of faults that harmed users to the smallest set of them with the same impact. */
import type { JudgedTrial } from '../../analysis/judge.ts';
import type { Impact } from '../../analysis/rules.ts';
import { UsageError } from '../commands/errors.ts';
import { ddmin, type Minimum, type PartsVerdict } from './ddmin.ts';

/** One trial of some of the faults, and what was concluded from it. */
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
  /** Runs a trial of these faults together, or reads the one that was run before, and judges it. */
  readonly run: (
    faults: readonly string[],
  ) => Promise<{ readonly trial: JudgedTrial; readonly isNew: boolean }>;
  /** Told of each decision, in order, so that it is recorded before the next trial begins. */
  readonly decided: (decision: ShrinkDecision) => Promise<void>;
}

/** The smallest set of faults and the impact that it shares with the whole. */
export interface Shrunk extends Minimum<string> {
  readonly impact: Impact;
}

/** @throws UsageError for a trial that holds one fault only, or that harmed nobody. */
export async function shrink({ trial, trials, run, decided }: Shrinking): Promise<Shrunk> {
  const faults = trial.record.fault.name.split('+');
  const [impact] = trial.impactsOfFault;
  const refusal = whyNotShrunk(trial);
  if (impact === undefined || refusal !== '') throw new UsageError(refusal);
  let left = trials;
  const minimum = await ddmin(faults, async (parts) => {
    if (left === 0) return undefined;
    const { trial: part, isNew } = await run(parts);
    if (isNew) left -= 1;
    const decision = decisionOf(parts, part, impact);
    await decided(decision);
    return decision.verdict;
  });
  return { ...minimum, impact };
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
function decisionOf(
  faults: readonly string[],
  { record, impactsOfFault, containment }: JudgedTrial,
  impact: Impact,
): ShrinkDecision {
  const known = { faults, trialId: record.trialId, outcome: record.outcome, impacts: impactsOfFault };
  if (impactsOfFault.includes(impact)) return { ...known, verdict: 'same', reason: `${impact} is there` };
  // That the edit could not be made, or was never come to, is an answer: these faults alone do not do it.
  if (record.outcome === 'not-applicable' || record.outcome === 'not-reached')
    return { ...known, verdict: 'other', reason: record.outcomeReason };
  if (record.outcome !== 'completed' || containment === 'undecided')
    return {
      ...known,
      verdict: 'unknown',
      reason: record.outcomeReason || 'its impact could not be decided',
    };
  return { ...known, verdict: 'other', reason: `no ${impact} of these faults` };
}
