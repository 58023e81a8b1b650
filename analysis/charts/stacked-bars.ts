/** Counts as bars of coloured parts, each with a second sign in letters as far as there is room. */
import { type ChartSpec, chartConfig, INKS, LETTERS, type Mode } from './palette.ts';

/** One part of one bar. */
export interface StackedPart {
  /** The bar that it is a part of: its name at the axis. */
  readonly bar: string;
  /** Which part of the bar; parts stand in the order of their numbers. */
  readonly order: number;
  readonly count: number;
  /** Its entry of the legend. */
  readonly look: string;
  /** What may stand in it, the longest first: the first that fits does. */
  readonly labels: readonly string[];
}

/** An entry of the legend. */
export interface PartLook {
  readonly title: string;
  readonly colour: string;
  /** Letters that are read on the colour. */
  readonly letters: keyof typeof LETTERS;
}

/** What a chart of stacked bars shows. */
export interface StackedBars<P extends StackedPart> {
  readonly description: string;
  readonly parts: readonly P[];
  /** Bars from the top; absent: as they come. */
  readonly bars?: readonly string[];
  /** Entries of the legend in their order. */
  readonly looks: readonly PartLook[];
  /** Of the axis of counts. */
  readonly title: string;
  /** Fields of a part that a pointer shows, with their titles. */
  readonly told: Readonly<Partial<Record<keyof P & string, string>>>;
  /** Thickness of a bar and distance from one to the next. */
  readonly barPx: number;
  readonly stepPx: number;
  /** Room for names at the axis; 0: as much as they take. */
  readonly namesPx: number;
  readonly legendColumns: number;
  /** Stands below, where nothing else does. */
  readonly note?: string;
}

/** Width of a letter or figure of a label. */
const LETTER_PX = 7;

/** Bars of counts; the longest takes all of `widthPx`. */
export function stackedBars<P extends StackedPart>(
  bars: StackedBars<P>,
  mode: Mode,
  widthPx: number,
): ChartSpec {
  const { parts, looks, note = '' } = bars;
  const lengths = new Map<string, number>();
  for (const { bar, count } of parts) lengths.set(bar, (lengths.get(bar) ?? 0) + count);
  const most = Math.max(1, ...lengths.values());
  const values = parts.map(({ labels, ...part }) => ({
    ...part,
    // Filtered out, a label would pull those after it to its place.
    label: labels.find((label) => label.length * LETTER_PX <= (part.count / most) * widthPx) ?? '',
    letters: LETTERS[looks.find(({ title }) => title === part.look)?.letters ?? 'dark'],
  }));
  const x = {
    field: 'count',
    type: 'quantitative',
    title: bars.title,
    stack: 'zero',
    axis: { tickMinStep: 1, format: 'd' },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: bars.description,
    config: chartConfig(mode),
    ...(note === ''
      ? {}
      : { title: { text: note, orient: 'bottom', fontSize: 11, fontWeight: 400, color: INKS[mode].quiet } }),
    width: widthPx,
    height: { step: bars.stepPx },
    data: { values },
    encoding: {
      y: {
        field: 'bar',
        type: 'nominal',
        title: null,
        sort: bars.bars ?? null,
        axis: { labelLimit: bars.namesPx, labelColor: INKS[mode].text, labelFontSize: 12 },
      },
      x,
      order: { field: 'order', type: 'quantitative' },
    },
    layer: [
      {
        mark: { type: 'bar', height: bars.barPx, stroke: INKS[mode].paper, strokeWidth: 1 },
        encoding: {
          color: {
            field: 'look',
            type: 'nominal',
            title: null,
            scale: { domain: looks.map(({ title }) => title), range: looks.map(({ colour }) => colour) },
            legend: { orient: 'bottom', columns: bars.legendColumns },
          },
          tooltip: Object.entries(bars.told).map(([field, title]) => ({
            field,
            title,
            type: field === 'count' ? 'quantitative' : 'nominal',
          })),
        },
      },
      {
        mark: { type: 'text', fontSize: 11, fontWeight: 600 },
        encoding: {
          x: { ...x, bandPosition: 0.5 },
          detail: { field: 'order' },
          text: { field: 'label', type: 'nominal' },
          fill: { field: 'letters', type: 'nominal', scale: null, legend: null },
        },
      },
    ],
  };
}
