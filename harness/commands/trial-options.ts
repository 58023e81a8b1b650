/** Options that several commands share, with what is allowed. */
import yargs, { type Argv } from 'yargs';
import { ADDRESSED_FORMS } from '../../faults/catalogue.ts';
import { APPROACH_NAMES, approaches, hasParallelUniverse, UPGRADES } from '../approaches/catalogue.ts';
import { CampaignRequest } from '../campaign/request.ts';
import type { ApproachName } from '../contract/plan.ts';
import { UsageError } from '../errors.ts';
import { INTERRUPT_FORM } from '../plan/interrupts.ts';
import { provocationsByWindows, type WindowsName, windowsByName } from '../plan/windows.ts';

/** Load that leaves room for an upgrade beside it on a machine with two cores; see `scenarios/`. */
const DEFAULT_RATE_PER_SECOND = 150;

/** What may be asked for as faults. */
export const FAULT_FORMS = `Faults separated by commas: names, a+b, all, type:1 to type:4; at a step (or @all): ${ADDRESSED_FORMS}`;

/** The quick campaign: the two approaches that the project exists to compare, and one fault of each type. */
export const QUICK_APPROACHES: readonly ApproachName[] = ['rolling', 'imago'];
export const QUICK_CONTROLS = 5;
export const QUICK_FAULTS = ['config-nochange', 'apache-satisfy', 'apache-port', 'wrong-privileges'];

function windowsInWords(): string {
  return Object.values(windowsByName)
    .map(({ name, warmUpS, beforeS, horizonS }) => `${name} ${warmUpS}+${beforeS}+${horizonS} s`)
    .join(', ');
}

/** Options by which a trial is described. */
export function withTrialOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('scenario', { type: 'string', default: 'auction', describe: 'System that is upgraded' })
    .option('seed', { type: 'number', default: 1, describe: 'Whole number from which every choice is drawn' })
    .option('windows', {
      choices: Object.keys(windowsByName),
      default: 'quick',
      describe: `Warm-up, before and horizon: ${windowsInWords()}`,
    })
    .option('reach', {
      choices: ['one', 'all'],
      default: 'one',
      describe: 'Hosts of a tier that meet the fault',
    })
    .option('target', {
      choices: ['new', 'old'],
      default: 'new',
      describe: 'Universe that the fault’s steps act on; old: the operator mistakes it',
    })
    .option('gates', {
      choices: ['none', 'health', 'same', 'native'],
      default: 'native',
      describe: 'What may stop an upgrade; native: all that the approach has',
    })
    .option('hardware', {
      choices: ['separate', 'shared'],
      default: 'separate',
      describe: 'CPU budgets of a parallel universe: its own, or within those of the live hosts',
    })
    .option('hosts', {
      type: 'number',
      default: 2,
      describe: 'Hosts of each tier, 2 to 4; balancers are always two',
    })
    .option('scale', {
      type: 'number',
      default: 0.02,
      describe: 'Share of the full data set, above 0 and at most 1; images of it must have been set up',
    })
    .option('rate', {
      type: 'number',
      default: DEFAULT_RATE_PER_SECOND,
      describe:
        'Requests a second, 1 to 1000; CPU budgets grow with a load above the scenario’s standard one',
    })
    .option('schema', {
      choices: ['expand-contract', 'in-place'],
      default: 'expand-contract',
      describe: 'How a rolling upgrade changes the schema',
    })
    .option('engine', {
      choices: ['keep', 'upgrade'],
      default: 'keep',
      describe:
        'Whether a rolling upgrade also brings the new database engine; needs longer windows than quick',
    })
    .option('on-failure', {
      choices: ['halt', 'rollback', 'continue'],
      default: 'halt',
      describe: 'What the operator does when a step fails',
    })
    .option('interrupt', {
      type: 'string',
      describe: `Kill processes of the upgrade, separated by commas: ${INTERRUPT_FORM}`,
    })
    .option('provocations', {
      choices: ['quick', 'all', 'none'],
      describe:
        'What is provoked at a trial’s end; quick in short windows, else all; none leaves latent errors undecided',
    });
}

/** What `withTrialOptions` gives. */
export interface TrialOptions {
  readonly scenario: string;
  readonly seed: number;
  readonly windows: string;
  readonly reach: string;
  readonly target: string;
  readonly gates: string;
  readonly hardware: string;
  readonly hosts: number;
  readonly scale: number;
  readonly rate: number;
  readonly schema: string;
  readonly engine: string;
  readonly onFailure: string;
  readonly interrupt: string | undefined;
  readonly provocations: string | undefined;
}

/** The options of a trial for which none is given. */
export function usualOptions(): TrialOptions {
  return withTrialOptions(yargs([])).help(false).version(false).parseSync() as unknown as TrialOptions;
}

/** A request of the usual trials, which asks for nothing in particular. */
export function usualRequest(): CampaignRequest {
  return requestOf(usualOptions(), { approaches: [], faults: [], reps: 1, controls: 0, port: 0 });
}

/** A checked request, or one error that names the option, what was seen and what is allowed. */
export function requestOf(
  options: TrialOptions,
  rest: {
    readonly approaches: readonly string[];
    readonly faults: readonly string[];
    readonly reps: number;
    readonly controls: number;
    readonly baselines?: number | undefined;
    readonly port: number;
    readonly ingress?: readonly string[];
    readonly mirroring?: readonly string[];
    readonly positiveControls?: number;
    readonly disturbances?: readonly string[];
  },
): CampaignRequest {
  for (const approach of rest.approaches)
    if (!Object.hasOwn(approaches, approach))
      throw new UsageError(
        `--approach: there is no approach "${approach}"; allowed are ${APPROACH_NAMES.join(', ')}`,
      );
  const { rate: ratePerSecond, schema: schemaPolicy, interrupt, ...asked } = options;
  const provocations = asked.provocations ?? provocationsByWindows[asked.windows as WindowsName];
  const others = { ...asked, provocations };
  const named = { ratePerSecond, schemaPolicy, interrupts: listOf(interrupt ?? '') };
  const parsed = CampaignRequest.safeParse({ ...others, ...rest, ...named });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? 'request');
  const option =
    {
      ...{ ratePerSecond: 'rate', schemaPolicy: 'schema', onFailure: 'on-failure', interrupts: 'interrupt' },
      ...{ positiveControls: 'positive-controls', disturbances: 'disturb' },
    }[field] ?? field;
  const seen = JSON.stringify({ ...others, ...rest, ...named }[field as 'seed']);
  throw new UsageError(`--${option} ${seen}: ${issue?.message ?? 'not allowed'}`);
}

/** Shortest horizon for a rolling upgrade (up to 20 s) that then brings the new database engine (up to 20 s more). */
const ENGINE_HORIZON_S = 40;

/**
 * Refuses a new database engine where clients would never meet it whole: where no approach brings it by itself, or where the
 * horizon ends in the midst of it. What is only planned may have it.
 */
export function refuseVainEngine(operation: string, { engine, approaches, windows }: CampaignRequest): void {
  if (engine === 'keep') return;
  const inPlace = UPGRADES.filter((name) => !hasParallelUniverse(name));
  if (!approaches.some((name) => inPlace.includes(name)))
    throw new UsageError(
      `${operation}: --engine ${engine}: only an upgrade in place (${inPlace.join(', ')}) has the choice, and none is asked for (${approaches.join(', ')}); allowed is keep`,
    );
  const allowed = Object.values(windowsByName).filter(({ horizonS }) => horizonS >= ENGINE_HORIZON_S);
  if (!allowed.some(({ name }) => name === windows))
    throw new UsageError(
      `${operation}: --engine ${engine}: with --windows ${windows} every rolling upgrade would be cut off; allowed are ${allowed.map(({ name }) => name).join(', ')}`,
    );
}

/** Parts of a comma-separated list, each once. */
export function listOf(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

/** Names of a list that must hold one: an empty one is what a script gives whose variable is not set. */
export function namesOf(operation: string, option: string, text: string): string[] {
  const names = listOf(text);
  if (names.length === 0)
    throw new UsageError(`${operation}: ${option} "${text}": at least one name is wanted`);
  return names;
}
