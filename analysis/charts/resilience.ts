/** What became of mistakes in configuration, by notation and kind of mistake. */
import type { Fate, ResilienceRow } from '../resilience.ts';
import { type ChartSpec, chartConfig, INKS, LETTERS, type Mode } from './palette.ts';

/** How a fate is drawn. */
interface Look {
  readonly fate: Fate['fate'];
  /** Begins with the letter that stands in its bars, for readers who do not tell the colours apart. */
  readonly title: string;
  readonly colour: string;
  readonly letters: keyof typeof LETTERS;
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

/** Width of a letter or figure. */
const LETTER_PX = 7;

/** A bar an approach, notation and kind, as long as its number of mutations; the sums over all kinds stand in the table. */
export function resilienceChart(rows: readonly ResilienceRow[], mode: Mode, widthPx: number): ChartSpec {
  const own = rows.filter(({ kind }) => kind !== 'all');
  const most = Math.max(1, ...own.map(({ mutations }) => mutations));
  const looks = LOOKS.filter(({ fate }) => own.some(({ counts }) => counts[fate] > 0));
  const values = own.flatMap((row) =>
    looks.map(({ fate, title, letters }, order) => {
      const mutations = row.counts[fate];
      const label = `${title[0]}${mutations}`;
      return {
        ...{ name: `${row.approach}, ${mistakeName(row)}`, fate: title, order, mutations },
        label: label.length * LETTER_PX <= (mutations / most) * widthPx ? label : '',
        letters: LETTERS[letters],
      };
    }),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'What became of mistakes in configuration, by notation and kind of mistake',
    config: chartConfig(mode),
    width: widthPx,
    height: { step: 26 },
    data: { values },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        title: null,
        sort: null,
        axis: { labelLimit: 0, labelColor: INKS[mode].text, labelFontSize: 12 },
      },
      x: {
        field: 'mutations',
        type: 'quantitative',
        stack: 'zero',
        axis: { tickMinStep: 1, format: 'd' },
      },
      order: { field: 'order', type: 'quantitative' },
    },
    layer: [
      {
        mark: { type: 'bar', height: 18, stroke: INKS[mode].paper, strokeWidth: 1 },
        encoding: {
          color: {
            field: 'fate',
            type: 'nominal',
            title: null,
            scale: { domain: looks.map(({ title }) => title), range: looks.map(({ colour }) => colour) },
            legend: { orient: 'bottom', columns: widthPx < 420 ? 1 : 3 },
          },
          tooltip: [
            { field: 'name', type: 'nominal', title: 'mistakes in' },
            { field: 'fate', type: 'nominal' },
            { field: 'mutations', type: 'quantitative' },
          ],
        },
      },
      {
        mark: { type: 'text', fontSize: 11, fontWeight: 600 },
        encoding: {
          x: { field: 'mutations', type: 'quantitative', stack: 'zero', bandPosition: 0.5 },
          detail: { field: 'fate' },
          text: { field: 'label', type: 'nominal' },
          fill: { field: 'letters', type: 'nominal', scale: null, legend: null },
        },
      },
    ],
  };
}
