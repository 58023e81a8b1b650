/** What became of mutated configuration files, by format and kind of mistake. */
import { mistakeName, resilienceChart } from '../../charts/resilience.ts';
import { GATES_OF_ANY_HOST } from '../../gates/any-host.ts';
import type { ReportData } from '../page-types.ts';
import { draw } from './charts.ts';
import { byId, fillTable, removeSection } from './element.ts';

/** Room for the names of the bars. */
const NAMES_PX = 240;

/** Without a trial that mutates a file there is no profile, and no section. */
export function showResilience(data: ReportData): void {
  if (data.resilience.length === 0) {
    removeSection('resilience');
    return;
  }
  draw({
    target: byId('resilience-chart'),
    label: 'Bars: what became of mistakes in configuration, by notation and kind of mistake',
    numbers: 'resilience-table',
    spec: (mode, widthPx) =>
      resilienceChart(data.resilience, mode, Math.min(640, Math.max(120, widthPx - NAMES_PX))),
  });
  fillTable(
    byId('resilience-table'),
    [
      ...[{ words: 'Mistakes in' }, { words: 'Approach' }, 'Mutations', 'Caught at start', 'By a later gate'],
      'Felt by clients',
      ...['Latent', 'Never noticed', 'Undecided', 'Lost'],
    ],
    data.resilience.map(({ approach, mutations, counts, gates, ...row }) => [
      mistakeName(row),
      approach,
      String(mutations),
      withGates(counts['at-start'], gates, (gate) => GATES_OF_ANY_HOST.has(gate)),
      withGates(counts['later-gate'], gates, (gate) => !GATES_OF_ANY_HOST.has(gate)),
      String(counts.felt),
      String(counts.latent),
      String(counts.never),
      String(counts.undecided),
      String(counts.lost),
    ]),
  );
}

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
