/** Overview: the most severe impact of each trial, by type of fault and approach. */
import { TYPE_TITLES } from './impact-matrix.ts';
import { type ChartSpec, chartConfig, IMPACT_COLOURS, INKS, type Mode } from './palette.ts';

/** Trials with one primary impact. */
export interface PrimaryRow {
  readonly type: number;
  readonly approach: string;
  readonly primary: string;
  readonly trials: number;
}

/** Bars of counts; a bar's length is the number of completed trials. */
export function primaryImpactChart(
  rows: readonly PrimaryRow[],
  impacts: readonly string[],
  mode: Mode,
  widthPx: number,
): ChartSpec {
  const order = [...impacts, 'inconclusive', 'none'];
  const values = rows.map((row) => ({ ...row, group: groupOf(row), order: order.indexOf(row.primary) }));
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
        mark: { type: 'bar', height: 16, stroke: INKS[mode].paper, strokeWidth: 1 },
        encoding: {
          color: {
            field: 'primary',
            type: 'nominal',
            title: null,
            scale: { domain: present, range: present.map((primary) => IMPACT_COLOURS[primary]) },
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
