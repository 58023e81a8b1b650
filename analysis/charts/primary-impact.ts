/** Overview: the most severe impact of each trial, by type of fault and approach. */
import { TYPE_TITLES } from './impact-matrix.ts';
import {
  type ChartSpec,
  chartConfig,
  IMPACT_COLOURS,
  IMPACT_LETTERS,
  INKS,
  LETTERS,
  type Mode,
} from './palette.ts';

/** Trials with one primary impact. */
export interface PrimaryRow {
  readonly type: number;
  readonly approach: string;
  readonly primary: string;
  readonly trials: number;
}

/** Short names, for readers who do not tell the colours apart; a trial without an impact has none. */
export const INITIALS: Readonly<Record<string, string>> = {
  'data loss': 'D',
  'full outage': 'O',
  'security vulnerability': 'V',
  'degraded throughput': 'T',
  'increased latency': 'L',
  'latent error': 'E',
  inconclusive: '?',
};

/** Width of a letter or figure. */
const LETTER_PX = 7;

/** The first letter of what it is, and the number, as far as there is room. */
function labelOf({ primary, trials }: PrimaryRow, roomPx: number): string {
  const initial = INITIALS[primary] ?? '';
  const label = `${initial}${trials}`;
  if (label.length * LETTER_PX <= roomPx) return label;
  return LETTER_PX <= roomPx ? initial : '';
}

/** An impact as the legend names it: with the letter that stands in its bars. */
function legendName(primary: string): string {
  const initial = INITIALS[primary];
  return initial === undefined ? primary : `${initial}  ${primary}`;
}

/** Bars of counts; a bar's length is the number of completed trials. */
export function primaryImpactChart(
  rows: readonly PrimaryRow[],
  impacts: readonly string[],
  mode: Mode,
  widthPx: number,
): ChartSpec {
  const order = [...impacts, 'inconclusive', 'none'];
  const groups = new Map<string, number>();
  for (const row of rows) groups.set(groupOf(row), (groups.get(groupOf(row)) ?? 0) + row.trials);
  const most = Math.max(1, ...groups.values());
  const values = rows.map((row) => ({
    ...row,
    group: groupOf(row),
    named: legendName(row.primary),
    order: order.indexOf(row.primary),
    label: labelOf(row, (row.trials / most) * widthPx),
    letters: LETTERS[IMPACT_LETTERS[row.primary] ?? 'dark'],
  }));
  const present = order.filter((primary) => rows.some((row) => row.primary === primary));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Most severe impact of each completed trial, by type of fault and approach',
    config: chartConfig(mode),
    width: widthPx,
    height: { step: 26 },
    data: { values },
    encoding: {
      y: {
        field: 'group',
        type: 'nominal',
        title: null,
        sort: null,
        axis: { labelLimit: 150, labelColor: INKS[mode].text, labelFontSize: 12 },
      },
      x: {
        field: 'trials',
        type: 'quantitative',
        title: 'completed trials',
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
            field: 'named',
            type: 'nominal',
            title: null,
            scale: {
              domain: present.map(legendName),
              range: present.map((primary) => IMPACT_COLOURS[primary]),
            },
            legend: { orient: 'bottom', columns: widthPx < 420 ? 1 : 3 },
          },
          tooltip: [
            { field: 'typeTitle', type: 'nominal', title: 'type' },
            { field: 'approach', type: 'nominal' },
            { field: 'primary', type: 'nominal', title: 'most severe' },
            { field: 'trials', type: 'quantitative' },
          ],
        },
      },
      {
        mark: { type: 'text', fontSize: 11, fontWeight: 600 },
        encoding: {
          x: { field: 'trials', type: 'quantitative', stack: 'zero', bandPosition: 0.5 },
          detail: { field: 'primary' },
          text: { field: 'label', type: 'nominal' },
          fill: { field: 'letters', type: 'nominal', scale: null, legend: null },
        },
      },
    ],
    transform: [
      { lookup: 'type', from: { data: { values: typeTitles() }, key: 'type', fields: ['typeTitle'] } },
    ],
  };
}

function groupOf(row: PrimaryRow): string {
  return `${row.type === 0 ? 'control' : `type ${row.type}`}, ${row.approach}`;
}

function typeTitles(): { type: number; typeTitle: string }[] {
  return Object.entries(TYPE_TITLES).map(([type, typeTitle]) => ({ type: Number(type), typeTitle }));
}
