/** A comparison for people and for programs. */
import type { Check } from './check.ts';
import { type Comparison, regressionsOf } from './compare.ts';
import type { Compared } from './junit.ts';
import { ALARM_BUDGET } from './rules.ts';

/** Lines for a terminal: regressions, what differs without being one, and how much was compared. */
export function comparisonText(comparison: Comparison): string {
  const { checks, notes } = comparison;
  const of = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict);
  const listed = (check: Check) => [
    `  ${check.cell}: ${check.check}`,
    `    ${check.message}`,
    ...(check.trials.length === 0
      ? []
      : [
          `    seen in ${check.trials.slice(0, MOST_TRIALS).join(', ')}${check.trials.length > MOST_TRIALS ? `, and ${check.trials.length - MOST_TRIALS} more` : ''}`,
        ]),
  ];
  const part = (title: string, some: readonly Check[]) =>
    some.length === 0 ? [] : [title, ...some.flatMap(listed), ''];
  return [
    ...part('Regressions:', of('worse')),
    ...part('Worse, but not beyond chance:', of('changed')),
    ...notes.map((note) => `Note: ${note}.`),
    `${checks.length} checks: ${of('worse').length} regressions, ${of('changed').length} worse but not beyond chance, ${of('same').length} not worse, ${of('undecided').length} could not be compared.`,
    `Two campaigns of one build alarm with a chance of at most ${100 * ALARM_BUDGET} %.`,
  ].join('\n');
}

const MOST_TRIALS = 10;

/** The stable output of `--json`; documented in `docs/nightly.md`. */
export function comparisonJson(comparison: Comparison, compared: Compared): string {
  const { checks, contrast, notes } = comparison;
  const value = {
    base: compared.base,
    new: compared.next,
    regressions: regressionsOf(comparison).length,
    alarmBudget: ALARM_BUDGET,
    ...{ contrast, notes },
    checks: checks.map(({ next, nextTrials, ...check }) => ({
      ...check,
      new: next,
      newTrials: nextTrials,
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
