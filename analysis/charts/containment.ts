/** How far faults got under each approach: the share of trials by what held them up. */
import { type ChartSpec, chartConfig, INKS, LETTERS, type Mode } from './palette.ts';

/** Trials of one approach with one word. */
export interface ContainmentRow {
  readonly approach: string;
  /** As in `trials.csv`, such as `stopped-by:health`. */
  readonly containment: string;
  readonly trials: number;
}

/** From the worst to the best, then what says nothing about users. Okabe and Ito's colours; greys at both ends of knowledge. */
const GROUPS: Readonly<Record<string, string>> = {
  'reached-users': '#D55E00',
  undecided: '#7D868F',
  'not-activated': '#F0E442',
  redundancy: '#009E73',
  discarded: '#56B4E9',
  'stopped-by': '#0072B2',
  'not-reached': '#CC79A7',
  inapplicable: '#C9CED4',
};

/** Groups whose colour wants white letters. */
const DARK_GROUPS = "datum.group === 'stopped-by'";

/** The part of a word that colours stand for: `stopped-by:health` -> `stopped-by`. */
export function containmentGroup(containment: string): string {
  return containment.split(':')[0] ?? containment;
}

/** Words of a campaign in the order in which they are shown, gates by name. */
export function containmentOrder(rows: readonly ContainmentRow[]): string[] {
  const groups = Object.keys(GROUPS);
  const rank = (word: string) => groups.indexOf(containmentGroup(word));
  const words = [...new Set(rows.map((row) => row.containment))];
  return words.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Width of a letter of a label, with room at its sides. */
const LETTER_PX = 6.8;

/** Word and number as far as there is room. */
function labelOf({ containment, trials }: ContainmentRow, roomPx: number): string {
  const word = containment.replace(/^stopped-by:/, '');
  const label = trials === 1 ? word : `${word} ${trials}`;
  if (label.length * LETTER_PX <= roomPx) return label;
  return LETTER_PX * 2 <= roomPx ? String(trials) : '';
}

/**
 * One bar an approach; a bar's length is its number of trials with a fault. Each part names its word where it fits.
 * @param note stands below, where nothing else does
 */
export function containmentChart(
  rows: readonly ContainmentRow[],
  approaches: readonly string[],
  mode: Mode,
  widthPx: number,
  note = '',
): ChartSpec {
  const order = containmentOrder(rows);
  const most = Math.max(1, ...approaches.map((approach) => total(rows, approach)));
  const values = rows.map((row) => ({
    ...row,
    group: containmentGroup(row.containment),
    order: order.indexOf(row.containment),
    // Filtered out, a label would pull those after it to its place.
    label: labelOf(row, (row.trials / most) * widthPx),
  }));
  const present = Object.keys(GROUPS).filter((group) => values.some((row) => row.group === group));
  const y = {
    field: 'approach',
    type: 'nominal',
    title: null,
    sort: approaches,
    axis: { labelLimit: 110, labelColor: INKS[mode].text, labelFontSize: 12 },
  };
  const x = {
    field: 'trials',
    type: 'quantitative',
    title: 'trials with a fault',
    stack: 'zero',
    axis: { tickMinStep: 1, format: 'd' },
  };
  const stackOrder = { field: 'order', type: 'quantitative' };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'How far faults got, by approach',
    config: chartConfig(mode),
    ...(note === ''
      ? {}
      : { title: { text: note, orient: 'bottom', fontSize: 11, fontWeight: 400, color: INKS[mode].quiet } }),
    width: widthPx,
    height: { step: 38 },
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 26, stroke: INKS[mode].paper, strokeWidth: 1.5 },
        encoding: {
          y,
          x,
          order: stackOrder,
          color: {
            field: 'group',
            type: 'nominal',
            title: null,
            scale: { domain: present, range: present.map((group) => GROUPS[group]) },
            legend: { orient: 'bottom', columns: widthPx < 420 ? 2 : 4 },
          },
          tooltip: [
            { field: 'approach', type: 'nominal' },
            { field: 'containment', type: 'nominal' },
            { field: 'trials', type: 'quantitative' },
          ],
        },
      },
      {
        mark: { type: 'text', fontSize: 11, fontWeight: 600 },
        encoding: {
          y,
          x: { ...x, bandPosition: 0.5 },
          order: stackOrder,
          detail: { field: 'containment' },
          text: { field: 'label', type: 'nominal' },
          color: {
            condition: { test: DARK_GROUPS, value: LETTERS.light },
            value: LETTERS.dark,
          },
        },
      },
    ],
  };
}

function total(rows: readonly ContainmentRow[], approach: string): number {
  return rows.filter((row) => row.approach === approach).reduce((sum, row) => sum + row.trials, 0);
}
