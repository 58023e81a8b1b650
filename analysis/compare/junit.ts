/** A comparison as JUnit XML, which every CI server draws: one test case a cell and check. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import mustache from 'mustache';
import type { Check } from './check.ts';
import type { Comparison } from './compare.ts';
import { ALARM_BUDGET } from './rules.ts';

const TEMPLATE = fileURLToPath(new URL('junit.xml', import.meta.url));

/** Names of what was compared, for the suite's properties. */
export interface Compared {
  readonly base: string;
  readonly next: string;
  /** When NEW was begun, ISO 8601. */
  readonly startedAt: string;
}

/**
 * The file's text. A regression is a failure whose message holds figure, bound and trials; what could not be compared
 * is skipped; what differs without being a regression stands in the suite's output. It keeps to what the schema of Apache
 * Ant's reports and that of Jenkins have in common.
 */
export async function junitText(comparison: Comparison, compared: Compared): Promise<string> {
  const { checks, notes } = comparison;
  const of = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict);
  const changed = of('changed').map(({ cell, check, message }) => `${cell}: ${check}: ${message}`);
  const view = {
    // The schema wants a local time without fraction or zone.
    timestamp: compared.startedAt.slice(0, 19),
    tests: checks.length,
    failures: of('worse').length,
    skipped: of('undecided').length,
    properties: [
      { name: 'base', value: allowed(compared.base) },
      { name: 'new', value: allowed(compared.next) },
      { name: 'alarm-budget', value: String(ALARM_BUDGET) },
    ],
    cases: checks.map(({ cell, check, verdict, message, trials }) => ({
      cell: allowed(cell),
      check: allowed(check),
      message: allowed(message),
      failure: verdict === 'worse',
      skipped: verdict === 'undecided',
      trials: trials.length === 0 ? '' : allowed(`\nTrials: ${trials.join(', ')}`),
    })),
    out: allowed([...notes, ...changed].join('\n')),
  };
  return mustache.render(await readFile(TEMPLATE, 'utf8'), view, {}, { escape: escaped });
}

/** Without the characters that XML 1.0 cannot hold, however they are written. */
function allowed(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Text for an element or an attribute; a line end would become a space in an attribute. */
function escaped(text: string): string {
  return String(text).replaceAll(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? character);
}
