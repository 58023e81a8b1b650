/** What became of mistakes in configuration, by notation and kind of mistake. */
import type { Fate, ResilienceRow } from '../resilience.ts';
import type { ChartSpec, Mode } from './palette.ts';
import { type PartLook, stackedBars } from './stacked-bars.ts';

/** How a fate is drawn; its title begins with the letter that stands in its bars, for readers who do not tell the colours apart. */
interface Look extends PartLook {
  readonly fate: Fate['fate'];
}

/** From the worst to the best, then what says nothing. Okabe and Ito's colours. */
const LOOKS: readonly Look[] = [
  { fate: 'felt', title: 'F  felt by clients', colour: '#D55E00', letters: 'dark' },
  { fate: 'latent', title: 'L  latent', colour: '#CC79A7', letters: 'dark' },
  { fate: 'never', title: 'N  never noticed', colour: '#F0E442', letters: 'dark' },
  { fate: 'later-gate', title: 'G  caught by a later gate', colour: '#56B4E9', letters: 'dark' },
  { fate: 'at-start', title: 'S  caught at start', colour: '#0072B2', letters: 'light' },
  { fate: 'undecided', title: '?  undecided', colour: '#7D868F', letters: 'dark' },
  { fate: 'lost', title: 'X  lost', colour: '#C9CED4', letters: 'dark' },
];

const KIND_TITLES: Readonly<Record<string, string>> = {
  all: 'all mistakes',
  'name-typo': 'a name mistyped',
  'value-typo': 'a value mistyped',
  structure: 'structure',
  number: 'number or unit',
};

/** How a row is called: its notation and the kind of mistake. */
export function mistakeName({ format, kind }: Pick<ResilienceRow, 'format' | 'kind'>): string {
  return `${format}: ${KIND_TITLES[kind] ?? kind}`;
}

/** A bar an approach, notation and kind, as long as its number of mutations; the sums over all kinds stand in the table. */
export function resilienceChart(rows: readonly ResilienceRow[], mode: Mode, widthPx: number): ChartSpec {
  const own = rows.filter(({ kind }) => kind !== 'all');
  const looks = LOOKS.filter(({ fate }) => own.some(({ counts }) => counts[fate] > 0));
  const parts = own.flatMap((row) =>
    looks.map(({ fate, title }, order) => ({
      bar: `${row.approach}, ${mistakeName(row)}`,
      order,
      count: row.counts[fate],
      look: title,
      labels: [`${title[0]}${row.counts[fate]}`],
    })),
  );
  return stackedBars(
    {
      description: 'What became of mistakes in configuration, by notation and kind of mistake',
      parts,
      looks,
      title: 'mutations',
      told: { bar: 'mistakes in', look: 'fate', count: 'mutations' },
      barPx: 18,
      stepPx: 26,
      namesPx: 0,
      legendColumns: widthPx < 420 ? 1 : 3,
    },
    mode,
    widthPx,
  );
}
