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
  /** Trials of the cell that were begun and say nothing of users: they never reached the changed step, or were lost. */
  readonly notReached: number;
  readonly lost: number;
  /** Whether any trial of the cell has a story. */
  readonly opens: boolean;
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

/** A square is filled by the share of decided trials labelled `yes`; a dashed edge says that others could not be decided. */
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
  const empty = {
    ...{ type, approach, yes: 0, decided: 0, inconclusive: 0 },
    ...{ notReached: 0, lost: 0, opens: false, note: '' },
  };
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
        short: shareText(row.yes, row.decided),
        absent: row.inapplicable === true ? 'n/a' : untoldText(row) === '' ? '–' : '',
        untold: row.impact === options.impacts[0] ? untoldText(row) : '',
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
        // Said once over all columns: it is the same of every impact.
        transform: [{ filter: "datum.untold != ''" }],
        mark: { type: 'text', color: ink.quiet, fontSize: 10, align: 'left', dx: -size / 2 },
        encoding: { text: { field: 'untold', type: 'nominal' } },
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
        transform: [{ filter: 'datum.decided > 0 && datum.inconclusive > 0' }],
        mark: { ...square, filled: false, strokeDash: [2, 2], strokeWidth: 1 },
        encoding: { stroke: { field: 'letters', type: 'nominal', scale: null, legend: null } },
      },
      {
        transform: [{ filter: 'datum.yes > 0' }],
        mark: { type: 'text', fontWeight: 600 },
        encoding: {
          text: { field: 'short', type: 'nominal' },
          size: { condition: { test: 'length(datum.short) > 3', value: 9 }, value: 10 },
          fill: { field: 'letters', type: 'nominal', scale: null, legend: null },
        },
      },
    ],
  };
}

/** What is read on a square: full ones have their colour, others are mostly paper. */
function lettersOf({ yes, decided, impact }: MatrixRow, text: string): string {
  return yes === decided ? LETTERS[IMPACT_LETTERS[impact] ?? 'dark'] : text;
}

/** A square in words. */
export function textOf(row: MatrixRow): string {
  const undecided = row.inconclusive > 0 ? `; ${row.inconclusive} undecided` : '';
  if (row.decided > 0) return `${row.yes} of ${row.decided}${undecided}`;
  if (row.inconclusive > 0) return 'inconclusive';
  if (row.inapplicable === true) return 'inapplicable: the approach has no such step';
  return untoldText(row) || 'no trial';
}

/** What became of a cell's trials where none of them says anything of users; empty elsewhere. */
export function untoldText({ decided, inconclusive, inapplicable, notReached, lost }: MatrixRow): string {
  if (decided > 0 || inconclusive > 0 || inapplicable === true) return '';
  const parts = [notReached > 0 ? `not reached ${notReached}` : '', lost > 0 ? `lost ${lost}` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

/** From so many trials a share is written in percent: two numbers would not fit. */
const PERCENT_FROM = 10;

/** A share as a square has room for it; what is neither none nor all is never rounded to one of them. */
export function shareText(yes: number, decided: number): string {
  if (decided < PERCENT_FROM) return `${yes}/${decided}`;
  const percent = Math.round((100 * yes) / decided);
  if (percent === 0 && yes > 0) return '<1%';
  return percent === 100 && yes < decided ? '>99%' : `${percent}%`;
}
