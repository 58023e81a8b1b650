/** `upfault explain FAULT`: what the operator does wrong, what it breaks, where in the plan, and how to see it. */
import type { CommandModule } from 'yargs';
import { UPGRADES } from '../approaches/catalogue.ts';
import { withAddressed } from '../campaign/addressed.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import { UsageError } from '../errors.ts';
import { explain } from '../explain/explanation.ts';
import { pagesOf, writePages } from '../explain/pages.ts';
import { explanationText } from '../explain/text.ts';
import { requestOf, type TrialOptions, usualOptions, withTrialOptions } from './trial-options.ts';

interface ExplainArguments extends TrialOptions {
  readonly fault: string | undefined;
  readonly approach: string | undefined;
  readonly whole: boolean;
  readonly json: boolean;
  readonly pages: string | undefined;
}

/** Steps that are shown around an edited one. */
const AROUND = 3;

/** The command. Exit code 2 for a fault that the catalogue does not have. */
export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain [fault]',
  describe:
    'Explain a fault: its hidden dependency, its edit of the plan, how it is confirmed and seen by hand',
  builder: (yargs) =>
    withTrialOptions(yargs)
      .positional('fault', { type: 'string', describe: 'Name of the fault; a+b composes' })
      .option('approach', {
        type: 'string',
        describe: 'Way of upgrading whose plan is shown; default: the first in which it applies',
      })
      .option('whole', { type: 'boolean', default: false, describe: 'Show the whole plan' })
      .option('json', { type: 'boolean', default: false, describe: 'Print all of it as JSON' })
      .option('pages', {
        type: 'string',
        describe: 'Write a page of every fault, and an index, to this folder',
      }) as never,
  handler: async (options) => {
    const { fault, whole, json, pages } = options;
    const request = requestOf(options, {
      approaches: options.approach === undefined ? [] : [options.approach],
      faults: [],
      reps: 1,
      controls: 0,
      port: 0,
    });
    if (pages !== undefined) return writePages(pages, pagesOf(request));
    if (fault === undefined) throw new UsageError('explain: which fault? `upfault list faults` names them');
    const [approach] = request.approaches;
    assertOne(request, fault);
    const explanation = explain(request, fault, {
      ...(approach === undefined ? {} : { approach }),
      around: whole ? Infinity : AROUND,
      options: optionsOf(options),
    });
    process.stdout.write(json ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation));
  },
};

/** A fault addressed to a step must be addressed to one that a plan has, and to one only. */
function assertOne(request: CampaignRequest, fault: string): void {
  const approaches = request.approaches.length === 0 ? UPGRADES : request.approaches;
  const { faults } = withAddressed('explain', { ...request, approaches, faults: [fault] });
  if (faults.length > 1)
    throw new UsageError(`explain: ${fault} names ${faults.length} faults; name one step`);
}

/** Options of a trial that a run must be given to be planned alike; what is provoked afterwards plays no part. */
const OPTIONS = [
  ...[
    'scenario',
    'seed',
    'windows',
    'reach',
    'target',
    'gates',
    'hardware',
    'hosts',
    'scale',
    'rate',
    'schema',
  ],
  ...['engine', 'on-failure', 'interrupt'],
];

/** Those that are not the default, as they are written. */
function optionsOf(options: object): string[] {
  const given = new Map(Object.entries(options));
  const usual = new Map(Object.entries(usualOptions()));
  return OPTIONS.flatMap((option) =>
    given.get(option) === usual.get(option) ? [] : [`--${option} ${String(given.get(option))}`],
  );
}
