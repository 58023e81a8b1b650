/** The main figure: which impacts followed which fault under which approach, grouped by type of fault. */
import {
  type ChartSpec,
  chartConfig,
  IMPACT_COLOURS,
  IMPACT_LETTERS,
  INKS,
  LETTERS,
  type Mode,
  strengthOf,
} from './palette.ts';

/** One square. */
export interface MatrixRow {
  readonly type: number;
  readonly fault: string;
  readonly approach: string;
  readonly impact: string;
  readonly yes: number;
  readonly decided: number;
  readonly inconclusive: number;
  /** The approach has no such step; absent or false elsewhere. */
  readonly inapplicable?: boolean;
  /** What a reader sees on hovering: the exact interval, what was lost. */
  readonly note: string;
}

/** The fault model's four types; 0 holds the controls. */
export const TYPE_TITLES: Readonly<Record<number, string>> = {
  0: 'Controls: no fault planted',
  1: 'Type 1: simple configuration or procedural errors',
  2: 'Type 2: semantic configuration errors',
  3: 'Type 3: broken environmental dependencies',
  4: 'Type 4: data-access errors',
  5: 'Positive controls: harm of a known size, no fault planted',
};

export interface MatrixOptions {
  readonly mode: Mode;
  readonly impacts: readonly string[];
  readonly approaches: readonly string[];
  /** Pixels of a square and its gap. */
  readonly stepPx: number;
  /** Pixels of the names at the left. */
  readonly namesPx: number;
}

/** A square is filled by the share of trials labelled `yes`; an outline says that nothing could be decided. */
export function impactMatrix(rows: readonly MatrixRow[], options: MatrixOptions): ChartSpec {
  const types = [...new Set(rows.map((row) => row.type))].sort((a, b) => a - b);
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'Impacts by fault and approach, grouped by type of fault',
    config: chartConfig(options.mode),
    spacing: 22,
    vconcat: types.map((type, index) => ({
      title: TYPE_TITLES[type] ?? 'Type unknown',
      // Columns stand one below the other only if the slanted names above them do not count.
      bounds: 'flush',
      spacing: 44,
      hconcat: options.approaches.map((approach, column) =>
        panel(complete(rows, type, approach, options.impacts), options, {
          approach,
          names: column === 0,
          header: index === 0,
        }),
      ),
    })),
  };
}

/** Rows of one panel: the same faults in the same order under each approach, also those that were not tried. */
function complete(
  rows: readonly MatrixRow[],
  type: number,
  approach: string,
  impacts: readonly string[],
): MatrixRow[] {
  const ofType = rows.filter((row) => row.type === type);
  const faults = [...new Set(ofType.map((row) => row.fault))];
  const empty = { type, approach, yes: 0, decided: 0, inconclusive: 0, note: '' };
  return faults.flatMap((fault) =>
    impacts.map(
      (impact) =>
        ofType.find((row) => row.fault === fault && row.approach === approach && row.impact === impact) ?? {
          ...empty,
          fault,
          impact,
        },
    ),
  );
}

interface Panel {
  readonly approach: string;
  readonly names: boolean;
  readonly header: boolean;
}

function panel(
  rows: readonly MatrixRow[],
  options: MatrixOptions,
  { approach, names, header }: Panel,
): ChartSpec {
  const ink = INKS[options.mode];
  const size = options.stepPx - 6;
  const x = {
    field: 'impact',
    type: 'nominal',
    sort: options.impacts,
    scale: { domain: options.impacts },
    title: header ? approach : null,
    axis: {
      orient: 'top',
      labels: header,
      labelAngle: -40,
      labelLimit: 0,
      titleFontSize: 13,
      titleFontWeight: 600,
      titleColor: ink.text,
      titleAnchor: 'start',
      minExtent: header ? 78 : 0,
    },
  };
  const y = {
    field: 'fault',
    type: 'nominal',
    title: null,
    sort: [...new Set(rows.map((row) => row.fault))],
    scale: { domain: [...new Set(rows.map((row) => row.fault))] },
    axis: names
      ? {
          // Without a canvas the width of a text is estimated, and too wide.
          labelLimit: 0,
          minExtent: options.namesPx,
          maxExtent: options.namesPx,
          labelColor: ink.text,
          labelFontSize: 12,
        }
      : { labels: false },
  };
  const square = { type: 'square', size: size * size, opacity: 1 };
  const colour = {
    field: 'impact',
    type: 'nominal',
    legend: null,
    scale: { domain: options.impacts, range: options.impacts.map((impact) => IMPACT_COLOURS[impact]) },
  };
  const tooltip = ['fault', 'approach', 'impact', 'label', 'note'].map((field) => ({
    field,
    type: 'nominal',
  }));
  return {
    data: {
      values: rows.map((row) => ({
        ...row,
        strength: row.decided === 0 ? 0 : strengthOf(row.yes / row.decided) / 100,
        letters: lettersOf(row, ink.text),
        label: textOf(row),
        absent: row.inapplicable === true ? 'n/a' : '–',
      })),
    },
    width: { step: options.stepPx },
    height: { step: options.stepPx },
    encoding: { x, y, tooltip },
    layer: [
      { transform: [{ filter: 'datum.decided > 0' }], mark: { ...square, color: ink.empty } },
      {
        transform: [{ filter: 'datum.decided == 0 && datum.inconclusive > 0' }],
        mark: { ...square, filled: false, stroke: ink.quiet, strokeDash: [2, 2], strokeWidth: 1 },
      },
      {
        transform: [{ filter: 'datum.decided == 0 && datum.inconclusive == 0' }],
        mark: { type: 'text', color: ink.quiet, fontSize: 10 },
        encoding: { text: { field: 'absent', type: 'nominal' } },
      },
      {
        transform: [{ filter: 'datum.yes > 0' }],
        mark: square,
        encoding: {
          color: colour,
          opacity: { field: 'strength', type: 'quantitative', legend: null, scale: null },
        },
      },
      {
        transform: [{ filter: 'datum.yes > 0' }],
        mark: { type: 'text', fontSize: 10, fontWeight: 600 },
        encoding: {
          text: { field: 'short', type: 'nominal' },
          fill: { field: 'letters', type: 'nominal', scale: null, legend: null },
        },
      },
    ],
    transform: [{ calculate: "datum.yes + '/' + datum.decided", as: 'short' }],
  };
}

/** What is read on a square: full ones have their colour, others are mostly paper. */
function lettersOf({ yes, decided, impact }: MatrixRow, text: string): string {
  return yes === decided ? LETTERS[IMPACT_LETTERS[impact] ?? 'dark'] : text;
}

/** A square in words. */
export function textOf(row: MatrixRow): string {
  if (row.decided > 0) return `${row.yes} of ${row.decided}`;
  if (row.inapplicable === true) return 'inapplicable: the approach has no such step';
  return row.inconclusive > 0 ? 'inconclusive' : 'no trial';
}
