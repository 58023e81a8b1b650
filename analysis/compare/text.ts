/** A comparison for people and for programs. */
import type { Check } from './check.ts';
import { type Comparison, regressionsOf } from './compare.ts';
import type { Compared } from './junit.ts';
import { ALARM_BUDGET } from './rules.ts';

/** Lines for a terminal: regressions, what differs without being one, what could not be compared, and how much was. */
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
    ...part('Worse, but no regression:', of('changed')),
    ...undecidedText(of('undecided')),
    ...notes.map((note) => `Note: ${note}.`),
    `${checks.length} checks: ${of('worse').length} regressions, ${of('changed').length} worse but no regression, ${of('same').length} not worse, ${of('undecided').length} could not be compared.`,
    `Two campaigns of one build alarm with a chance of at most ${100 * ALARM_BUDGET} %.`,
  ].join('\n');
}

const MOST_TRIALS = 10;

/** By cell, so that a cell of which nothing is known takes one line. */
function undecidedText(checks: readonly Check[]): string[] {
  const cells = [...new Set(checks.map(({ cell }) => cell))];
  const lines = cells.map((cell) => {
    const names = checks.filter((one) => one.cell === cell).map(({ check }) => check);
    return `  ${cell}: ${names.join(', ')}`;
  });
  return lines.length === 0 ? [] : ['Could not be compared:', ...lines, ''];
}

/** The stable output of `--json`; documented in `docs/nightly.md`. */
export function comparisonJson(comparison: Comparison, compared: Compared): string {
  const { checks, contrast, notes } = comparison;
  const value = {
    base: compared.base,
    new: compared.next,
    regressions: regressionsOf(comparison).length,
    alarmBudget: ALARM_BUDGET,
    contrast,
    notes,
    checks: checks.map(({ next, nextTrials, ...check }) => ({
      ...check,
      new: next,
      newTrials: nextTrials,
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
