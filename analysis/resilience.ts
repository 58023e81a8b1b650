/**
 * How well a notation and the programs that read it stand up to people's mistakes: of the mutations of each format and
 * kind, how many were caught and by what, and how many came through (Keller, Upadhyaya & Candea, “ConfErr”, DSN 2008,
 * “Resilience Profile”). Only trials whose one fault says in its details what it mutated.
 */
import type { JudgedTrial } from './judge.ts';
import type { Impact } from './rules.ts';

/** What became of one mutation. */
export type Fate =
  /** Users felt it, whether or not something stopped the upgrade in the end. */
  | { readonly fate: 'felt' }
  /** Nobody felt it, but a provocation or invariant failed afterwards. */
  | { readonly fate: 'latent' }
  /** Stopped where the service was started or its health checked: by a step that failed, or the health check. */
  | { readonly fate: 'at-start'; readonly gate: string }
  /** Stopped by another gate. */
  | { readonly fate: 'later-gate'; readonly gate: string }
  /** Nothing stopped it and nobody felt it. */
  | { readonly fate: 'never' }
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
const START_GATES: ReadonlySet<string> = new Set(['step', 'health']);
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
  const [, gate] = /^stopped-by:(.+)$/.exec(containment) ?? [];
  if (gate === undefined) return { fate: 'never' };
  return { fate: START_GATES.has(gate) ? 'at-start' : 'later-gate', gate };
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
