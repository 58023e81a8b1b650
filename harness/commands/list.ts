/** `upfault list WHAT`: what can be named in the other commands. */
import type { CommandModule } from 'yargs';
import { scenarios } from '../../scenarios/catalogue.ts';
import { approaches } from '../approaches/catalogue.ts';
import type { Scenario } from '../contract/scenario.ts';
import { allEntries } from '../explain/explanation.ts';
import { usualRequest } from './trial-options.ts';

const KINDS = ['faults', 'approaches', 'scenarios', 'provocations', 'probes'] as const;
type Kind = (typeof KINDS)[number];

type Row = Readonly<Record<string, unknown>>;

const ALL_SCENARIOS: readonly Scenario[] = Object.values(scenarios);

/** The rows of each list; the first two fields are what people see. */
const LISTS: Readonly<Record<Kind, () => Row[]>> = {
  // Where a fault applies, and what it touches, is told for the usual trial.
  faults: () => allEntries(usualRequest()).map((entry) => ({ ...entry })),
  approaches: () => Object.values(approaches).map(({ name, summary }) => ({ name, summary })),
  scenarios: () => ALL_SCENARIOS.map(({ name, summary, title }) => ({ name, summary, title })),
  provocations: () =>
    ALL_SCENARIOS.flatMap((scenario) =>
      scenario.provocations.map(({ name, summary, set }) => ({
        name,
        summary,
        set,
        scenario: scenario.name,
      })),
    ),
  probes: () =>
    ALL_SCENARIOS.flatMap((scenario) =>
      scenario.probes.map(({ name, summary }) => ({ name, summary, scenario: scenario.name })),
    ),
};

/** The command. */
export const listCommand: CommandModule<object, { what: Kind; json: boolean }> = {
  command: 'list <what>',
  describe: 'List faults, approaches, scenarios, provocations or probes',
  builder: (yargs) =>
    yargs
      .positional('what', { choices: KINDS, demandOption: true, describe: 'What to list' })
      .option('json', { type: 'boolean', default: false, describe: 'Print every field as JSON' }),
  handler: ({ what, json }) => {
    const rows = LISTS[what]();
    if (json) return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    const width = Math.max(...rows.map((row) => String(row.name).length));
    for (const row of rows) {
      const tag =
        'type' in row ? `type ${row.type}, ${row.violation}  ` : 'set' in row ? `${row.set}`.padEnd(7) : '';
      process.stdout.write(`${String(row.name).padEnd(width)}  ${tag}${row.summary}\n`);
    }
  },
};
