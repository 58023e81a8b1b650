/** Frequency of types and violations among the faults that were tried. */
import { type ChartSpec, chartConfig, INKS, type Mode } from './palette.ts';

/** Faults of one type that violate the procedure in one way. */
export interface FaultKindRow {
  readonly type: number;
  readonly violation: string;
  readonly faults: number;
  readonly trials: number;
}

/** A circle a pair, as large as its number of faults, with the number in it. */
export function faultKindsChart(rows: readonly FaultKindRow[], mode: Mode, widthPx: number): ChartSpec {
  const ink = INKS[mode];
  const most = Math.max(1, ...rows.map(({ faults }) => faults));
  const x = {
    field: 'violation',
    type: 'nominal',
    title: 'violation',
    axis: { labelAngle: 0, orient: 'top' },
  };
  const y = {
    field: 'typeName',
    type: 'nominal',
    title: null,
    axis: { labelColor: ink.text, labelFontSize: 12 },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Number of faults tried, by type and violation',
    config: chartConfig(mode),
    width: widthPx,
    height: { step: 46 },
    data: { values: rows.map((row) => ({ ...row, typeName: `type ${row.type}` })) },
    layer: [
      {
        mark: { type: 'circle', color: ink.line, opacity: 1 },
        encoding: {
          x,
          y,
          size: {
            field: 'faults',
            type: 'quantitative',
            legend: null,
            scale: { domain: [0, most], range: [0, 1400] },
          },
          tooltip: [
            { field: 'typeName', type: 'nominal', title: 'type' },
            { field: 'violation', type: 'nominal' },
            { field: 'faults', type: 'quantitative' },
            { field: 'trials', type: 'quantitative' },
          ],
        },
      },
      {
        mark: { type: 'text', fontSize: 12, fontWeight: 600, color: ink.text },
        encoding: { x, y, text: { field: 'faults', type: 'quantitative' } },
      },
    ],
  };
}
