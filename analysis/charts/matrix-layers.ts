/** How a square of the main figure is drawn, from its data: `strength`, `letters`, `short` and words in its place. */
import type { MatrixOptions } from './impact-matrix.ts';
import { type ChartSpec, IMPACT_COLOURS, INKS } from './palette.ts';

/** The layers of one panel, painted from the first to the last: what is read on a square comes after its colour. */
export function matrixLayers(options: MatrixOptions): ChartSpec[] {
  return [...paperLayers(options), ...wordLayers(options), ...shareLayers(options)];
}

/** Edge of what could not be decided. */
const DASHED = { filled: false, strokeDash: [2, 2], strokeWidth: 1 };

function sideOf({ stepPx }: MatrixOptions): number {
  return stepPx - 6;
}

function squareMark(options: MatrixOptions) {
  return { type: 'square', size: sideOf(options) ** 2, opacity: 1 };
}

/** What lies under the colours: a square where something was decided, an empty edge where nothing could be. */
function paperLayers(options: MatrixOptions): ChartSpec[] {
  const ink = INKS[options.mode];
  const square = squareMark(options);
  return [
    { transform: [{ filter: 'datum.decided > 0' }], mark: { ...square, color: ink.empty } },
    {
      transform: [{ filter: 'datum.decided == 0 && datum.inconclusive > 0' }],
      mark: { ...square, ...DASHED, stroke: ink.quiet },
    },
  ];
}

/** What stands in the place of squares. */
function wordLayers(options: MatrixOptions): ChartSpec[] {
  const text = { type: 'text', color: INKS[options.mode].quiet, fontSize: 10 };
  return [
    {
      transform: [{ filter: 'datum.decided == 0 && datum.inconclusive == 0' }],
      mark: text,
      encoding: { text: { field: 'absent', type: 'nominal' } },
    },
    {
      // Said once over all columns: it is the same of every impact.
      transform: [{ filter: "datum.untold != ''" }],
      mark: { ...text, align: 'left', dx: -sideOf(options) / 2 },
      encoding: { text: { field: 'untold', type: 'nominal' } },
    },
  ];
}

/** Colours by the share of trials, the edge of squares of which some trials are undecided, and the shares in figures. */
function shareLayers(options: MatrixOptions): ChartSpec[] {
  const { impacts } = options;
  const square = squareMark(options);
  const colour = {
    field: 'impact',
    type: 'nominal',
    legend: null,
    scale: { domain: impacts, range: impacts.map((impact) => IMPACT_COLOURS[impact]) },
  };
  const letters = { field: 'letters', type: 'nominal', scale: null, legend: null };
  return [
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
      mark: { ...square, ...DASHED },
      encoding: { stroke: letters },
    },
    {
      transform: [{ filter: 'datum.yes > 0' }],
      mark: { type: 'text', fontWeight: 600 },
      encoding: {
        text: { field: 'short', type: 'nominal' },
        size: { condition: { test: 'length(datum.short) > 3', value: 9 }, value: 10 },
        fill: letters,
      },
    },
  ];
}
