/**
 * How well a notation and the programs that read it stand up to people's mistakes: of the mutations of each format and
 * kind, how many were caught and by what, and how many came through (Keller, Upadhyaya & Candea, “ConfErr”, DSN 2008,
 * “Resilience Profile”). Only trials whose one fault says in its details what it mutated.
 */
import { ranOutOfTime, stoppingGate } from './containment.ts';
import { GATES_OF_ANY_HOST } from './gates/any-host.ts';
import type { JudgedTrial } from './judge.ts';
import type { Impact } from './rules.ts';

/** What became of one mutation. */
export type Fate =
  /** Users felt it, whether or not something stopped the upgrade in the end. */
  | { readonly fate: 'felt' }
  /** Nobody felt it, but a provocation or invariant failed afterwards. */
  | { readonly fate: 'latent' }
  /** Stopped where the service that reads the file was started or reloaded, or its health checked. */
  | { readonly fate: 'at-start'; readonly gate: string }
  /** Stopped by another gate or step. */
  | { readonly fate: 'later-gate'; readonly gate: string }
  /** Nothing stopped it and nobody felt it. */
  | { readonly fate: 'never' }
  /** Whether anybody felt it could not be decided, or the upgrade came to no end that would tell what its gates say. */
  | { readonly fate: 'undecided' }
  /** The trial says nothing about it. */
  | { readonly fate: 'lost' };

/** Fates of the mutations of one kind in files of one format, under one approach. */
export interface ResilienceRow {
  readonly approach: string;
  readonly format: string;
  /** `all` for all kinds together. */
  readonly kind: string;
  readonly mutations: number;
  readonly counts: Readonly<Record<Fate['fate'], number>>;
  /** Trials by the gate that stopped them, those that were felt left out. */
  readonly gates: Readonly<Record<string, number>>;
}

/** Kinds in the order in which they are shown; others follow. */
const KINDS = ['all', 'name-typo', 'value-typo', 'structure', 'number'];
/** Kinds of steps that start or reload a service, or check its health. */
const START_KINDS: ReadonlySet<string> = new Set(['service', 'check']);
const LATENT: Impact = 'latent error';

/** The profile's rows, by approach, format and kind; each format begins with all its kinds together. */
export function resilienceOf(trials: readonly JudgedTrial[]): ResilienceRow[] {
  const groups = new Map<
    string,
    { readonly of: readonly [string, string, string]; readonly fates: Fate[] }
  >();
  for (const trial of trials) {
    const { fault, approach, outcome } = trial.record;
    const { format, kind } = fault.details?.[fault.name] ?? {};
    if (format === undefined || kind === undefined || outcome === 'not-applicable') continue;
    const fate = fateOf(trial);
    for (const of of [
      [approach, format, 'all'],
      [approach, format, kind],
    ] as const) {
      const key = JSON.stringify(of);
      const group = groups.get(key) ?? { of, fates: [] };
      group.fates.push(fate);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .map(({ of: [approach, format, kind], fates }) => rowOf(approach, format, kind, fates))
    .sort(inOrder);
}

/** What became of a trial's mutation. */
export function fateOf(trial: JudgedTrial): Fate {
  const { containment, record } = trial;
  if (record.outcome !== 'completed' || containment === '') return { fate: 'lost' };
  if (containment === 'undecided') return { fate: 'undecided' };
  if (containment === 'reached-users') return { fate: isLatentOnly(trial) ? 'latent' : 'felt' };
  const gate = stoppingGate(record);
  if (gate === '') return { fate: ranOutOfTime(record) ? 'undecided' : 'never' };
  if (isAtStart(trial)) return { fate: 'at-start', gate };
  const { failedStep } = trial.figures;
  return { fate: 'later-gate', gate: GATES_OF_ANY_HOST.has(gate) ? `${gate} ${failedStep}` : gate };
}

/** Whether the step that failed is about the service of a host whose file was mutated, after it was written. */
function isAtStart({ record, figures }: JudgedTrial): boolean {
  const failed = record.plan.find(({ stepId }) => stepId === figures.failedStep);
  if (failed === undefined || !START_KINDS.has(failed.kind)) return false;
  return record.plan.some(
    ({ edit, universe, host, number }) =>
      edit !== '' && universe === failed.universe && host === failed.host && number < failed.number,
  );
}

function isLatentOnly({ impactsOfFault }: JudgedTrial): boolean {
  return impactsOfFault.every((impact) => impact === LATENT);
}

function rowOf(approach: string, format: string, kind: string, fates: readonly Fate[]): ResilienceRow {
  const counts = { felt: 0, latent: 0, 'at-start': 0, 'later-gate': 0, never: 0, undecided: 0, lost: 0 };
  const gates: Record<string, number> = {};
  for (const fate of fates) {
    counts[fate.fate] += 1;
    if ('gate' in fate) gates[fate.gate] = (gates[fate.gate] ?? 0) + 1;
  }
  return { approach, format, kind, mutations: fates.length, counts, gates };
}

function inOrder(a: ResilienceRow, b: ResilienceRow): number {
  if (a.approach !== b.approach) return a.approach < b.approach ? -1 : 1;
  if (a.format !== b.format) return a.format < b.format ? -1 : 1;
  return placeOf(a.kind) - placeOf(b.kind) || (a.kind < b.kind ? -1 : 1);
}

function placeOf(kind: string): number {
  const place = KINDS.indexOf(kind);
  return place < 0 ? KINDS.length : place;
}
