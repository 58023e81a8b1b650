/** How far faults got under each approach: the share of trials by what held them up. */
import type { ChartSpec, Mode } from './palette.ts';
import { type PartLook, stackedBars } from './stacked-bars.ts';

/** Trials of one approach with one word. */
export interface ContainmentRow {
  readonly approach: string;
  /** As in `trials.csv`, such as `stopped-by:health`. */
  readonly containment: string;
  readonly trials: number;
}

/** From the worst to the best, then what says nothing about users. Okabe and Ito's colours; greys at both ends of knowledge. */
const LOOKS: readonly PartLook[] = [
  { title: 'reached-users', colour: '#D55E00', letters: 'dark' },
  { title: 'undecided', colour: '#7D868F', letters: 'dark' },
  { title: 'unfinished', colour: '#E69F00', letters: 'dark' },
  { title: 'not-activated', colour: '#F0E442', letters: 'dark' },
  { title: 'redundancy', colour: '#009E73', letters: 'dark' },
  { title: 'discarded', colour: '#56B4E9', letters: 'dark' },
  { title: 'stopped-by', colour: '#0072B2', letters: 'light' },
  { title: 'not-reached', colour: '#CC79A7', letters: 'dark' },
  { title: 'inapplicable', colour: '#C9CED4', letters: 'dark' },
];

/** The part of a word that colours stand for: `stopped-by:health` -> `stopped-by`. */
function containmentGroup(containment: string): string {
  return containment.split(':')[0] ?? containment;
}

/** Words of a campaign in the order in which they are shown, gates by name. */
export function containmentOrder(rows: readonly ContainmentRow[]): string[] {
  const groups = LOOKS.map(({ title }) => title);
  const rank = (word: string) => groups.indexOf(containmentGroup(word));
  const words = [...new Set(rows.map((row) => row.containment))];
  return words.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
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
  const parts = rows.map(({ approach, containment, trials }) => {
    const word = containment.replace(/^stopped-by:/, '');
    return {
      bar: approach,
      order: order.indexOf(containment),
      count: trials,
      containment,
      look: containmentGroup(containment),
      labels: [trials === 1 ? word : `${word} ${trials}`, String(trials)],
    };
  });
  return stackedBars(
    {
      description: 'How far faults got, by approach',
      parts,
      bars: approaches,
      looks: LOOKS.filter(({ title }) => parts.some(({ look }) => look === title)),
      title: 'trials with a fault',
      told: { bar: 'approach', containment: 'containment', count: 'trials' },
      barPx: 26,
      stepPx: 38,
      namesPx: 110,
      legendColumns: widthPx < 420 ? 2 : 4,
      note,
    },
    mode,
    widthPx,
  );
}
