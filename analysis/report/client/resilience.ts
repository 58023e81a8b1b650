/** What became of mutated configuration files, by format and kind of mistake. */
import type { ReportData } from '../data.ts';
import { byId, fillTable, removeSection } from './element.ts';

const KIND_TITLES: Readonly<Record<string, string>> = {
  all: 'all mistakes',
  'name-typo': 'a name mistyped',
  'value-typo': 'a value mistyped',
  structure: 'structure',
  number: 'number or unit',
};

/** Without a trial that mutates a file there is no profile, and no section. */
export function showResilience(data: ReportData): void {
  if (data.resilience.length === 0) {
    removeSection('resilience');
    return;
  }
  fillTable(
    byId('resilience-table'),
    [
      ...[{ words: 'Mistakes in' }, { words: 'Approach' }, 'Mutations', 'Caught at start', 'By a later gate'],
      'Felt by clients',
      ...['Latent', 'Never noticed', 'Undecided', 'Lost'],
    ],
    data.resilience.map(({ approach, format, kind, mutations, counts, gates }) => [
      kind === 'all' ? `${format}: ${KIND_TITLES.all}` : (KIND_TITLES[kind] ?? kind),
      approach,
      String(mutations),
      withGates(counts['at-start'], gates, (gate) => START_GATES.includes(gate)),
      withGates(counts['later-gate'], gates, (gate) => !START_GATES.includes(gate)),
      String(counts.felt),
      String(counts.latent),
      String(counts.never),
      String(counts.undecided),
      String(counts.lost),
    ]),
  );
}

const START_GATES = ['step', 'health'];

function withGates(
  count: number,
  gates: Readonly<Record<string, number>>,
  isMeant: (gate: string) => boolean,
): string {
  const named = Object.entries(gates)
    .filter(([gate]) => isMeant(gate))
    .map(([gate, times]) => `${gate} ${times}`);
  return named.length === 0 ? String(count) : `${count} (${named.join(', ')})`;
}
