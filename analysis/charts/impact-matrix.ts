/** The main figure: which impacts followed which fault under which approach, grouped by type of fault. */
import { matrixLayers } from './matrix-layers.ts';
import {
  type ChartSpec,
  chartConfig,
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
  /** Trials of the cell that say nothing of users: they never reached the changed step, or were lost, be it that they were never begun. */
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

/** How the figure is laid out. It is drawn for files alone; the page makes a table of the same rows. */
export interface MatrixOptions {
  readonly mode: Mode;
  /** Columns under each approach, and which approaches, from the left. */
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
    type,
    approach,
    yes: 0,
    decided: 0,
    inconclusive: 0,
    notReached: 0,
    lost: 0,
    opens: false,
    note: '',
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

/** One approach's part of one type. */
interface Panel {
  readonly approach: string;
  /** Whether faults are named at its left, and the approach and the impacts above. */
  readonly names: boolean;
  readonly header: boolean;
}

function panel(rows: readonly MatrixRow[], options: MatrixOptions, of: Panel): ChartSpec {
  const tooltip = ['fault', 'approach', 'impact', 'label', 'note'].map((field) => ({
    field,
    type: 'nominal',
  }));
  return {
    data: { values: rows.map((row) => squareOf(row, options)) },
    width: { step: options.stepPx },
    height: { step: options.stepPx },
    encoding: { x: impactAxis(options, of), y: faultAxis(rows, options, of), tooltip },
    layer: matrixLayers(options),
  };
}

/** A row with what its square shows: how strong its colour is, and what is written on it or in its place. */
function squareOf(row: MatrixRow, { mode, impacts }: MatrixOptions) {
  return {
    ...row,
    strength: row.decided === 0 ? 0 : strengthOf(row.yes / row.decided) / 100,
    letters: lettersOf(row, INKS[mode].text),
    label: textOf(row),
    short: shareText(row.yes, row.decided),
    absent: row.inapplicable === true ? 'n/a' : untoldText(row) === '' ? '–' : '',
    untold: row.impact === impacts[0] ? untoldText(row) : '',
  };
}

function impactAxis({ mode, impacts }: MatrixOptions, { approach, header }: Panel): ChartSpec {
  return {
    field: 'impact',
    type: 'nominal',
    sort: impacts,
    scale: { domain: impacts },
    title: header ? approach : null,
    axis: {
      orient: 'top',
      labels: header,
      labelAngle: -40,
      labelLimit: 0,
      titleFontSize: 13,
      titleFontWeight: 600,
      titleColor: INKS[mode].text,
      titleAnchor: 'start',
      minExtent: header ? 78 : 0,
    },
  };
}

function faultAxis(
  rows: readonly MatrixRow[],
  { mode, namesPx }: MatrixOptions,
  { names }: Panel,
): ChartSpec {
  const faults = [...new Set(rows.map((row) => row.fault))];
  return {
    field: 'fault',
    type: 'nominal',
    title: null,
    sort: faults,
    scale: { domain: faults },
    axis: names
      ? {
          // Without a canvas the width of a text is estimated, and too wide.
          labelLimit: 0,
          minExtent: namesPx,
          maxExtent: namesPx,
          labelColor: INKS[mode].text,
          labelFontSize: 12,
        }
      : { labels: false },
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
