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
  /** When NEW was begun, or, where that could not be read, the comparison; ISO 8601. */
  readonly startedAt: string;
}

/** What the template holds beside what was compared. */
interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly cases: readonly Case[];
  readonly out: string;
}

interface Case {
  readonly cell: string;
  readonly check: string;
  readonly message: string;
  readonly failure: boolean;
  readonly error: boolean;
  readonly skipped: boolean;
  readonly trials: string;
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
  return rendered(compared, {
    tests: checks.length,
    failures: of('worse').length,
    errors: 0,
    skipped: of('undecided').length,
    cases: checks.map(({ cell, check, verdict, message, trials }) => ({
      cell: allowed(cell),
      check: allowed(check),
      message: allowed(message),
      failure: verdict === 'worse',
      error: false,
      skipped: verdict === 'undecided',
      trials: trials.length === 0 ? '' : allowed(`\nTrials: ${trials.join(', ')}`),
    })),
    out: allowed([...notes, ...changed].join('\n')),
  });
}

/** The file's text where there is no comparison: one error, so that an earlier file is not taken for the result. */
export async function junitErrorText(message: string, compared: Compared): Promise<string> {
  const one = { cell: 'upfault compare', check: 'comparison', message: allowed(message), trials: '' };
  return rendered(compared, {
    tests: 1,
    failures: 0,
    errors: 1,
    skipped: 0,
    cases: [{ ...one, failure: false, error: true, skipped: false }],
    out: '',
  });
}

async function rendered({ base, next, startedAt }: Compared, suite: Suite): Promise<string> {
  const view = {
    ...suite,
    // The schema wants a local time without fraction or zone.
    timestamp: startedAt.slice(0, 19),
    properties: [
      { name: 'base', value: allowed(base) },
      { name: 'new', value: allowed(next) },
      { name: 'alarm-budget', value: String(ALARM_BUDGET) },
    ],
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
