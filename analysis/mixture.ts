/** Trials in one folder that were not made alike: each is judged, and what it cannot be held against is said. */
import { conditionsOf, differencesOf, keyOf } from './conditions.ts';
import type { JudgedTrial, Judgement } from './judge.ts';
import { isControl } from './references.ts';

/** A sentence for several sets of conditions, and for trials of other campaigns; none where all are of one kind. */
export function mixtureTexts({ campaign, trials }: Pick<Judgement, 'campaign' | 'trials'>): string[] {
  return [...conditionTexts(trials), ...strangerTexts(campaign.campaign, trials)];
}

function conditionTexts(trials: readonly JudgedTrial[]): string[] {
  const completed = trials.filter(({ record }) => record.outcome === 'completed');
  const groups = [...Map.groupBy(completed, ({ record }) => keyOf(conditionsOf(record))).values()];
  groups.sort((a, b) => b.length - a.length);
  const conditions = groups.flatMap(([first]) => (first === undefined ? [] : [conditionsOf(first.record)]));
  if (groups.length < 2) return [];
  const told = groups.map((group, index) => {
    const controls = group.filter(({ record }) => isControl(record)).length;
    return `${differencesOf(conditions[index] ?? {}, conditions)}: trials ${group.length}, of them controls ${controls}`;
  });
  return [
    `Trials ran under ${groups.length} sets of conditions, and each is held only against controls of its own: ${told.join('; ')}.`,
  ];
}

function strangerTexts(campaign: string, trials: readonly JudgedTrial[]): string[] {
  const strangers = trials.filter(({ record }) => record.campaign !== campaign);
  if (strangers.length === 0) return [];
  const names = [...new Set(strangers.map(({ record }) => record.campaign))].sort().join(', ');
  return [
    `Recorded by another campaign (${names}), perhaps on another machine, and judged with the rest: ${strangers.length} of ${trials.length} trials.`,
  ];
}
