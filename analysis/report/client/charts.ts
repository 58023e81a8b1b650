/** Draws charts in the page, again when its width or the colour scheme changes. */
import type { ChartSpec, Mode } from '../../charts/palette.ts';

/** What the embedded library gives. */
interface Embedded {
  readonly view: {
    addEventListener(type: 'click', handler: (event: Event, item?: { datum?: unknown }) => void): void;
    finalize(): void;
  };
}

declare const vegaEmbed: (target: HTMLElement, spec: ChartSpec, options: object) => Promise<Embedded>;

/** A chart and where it goes. */
export interface Chart {
  readonly target: HTMLElement;
  /** Its specification for the room there is. */
  readonly spec: (mode: Mode, widthPx: number) => ChartSpec;
  readonly onClick?: (datum: unknown) => void;
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const drawn = new Map<HTMLElement, { chart: Chart; embedded?: Embedded }>();

/** Draws a chart in place of the one before it. */
export async function draw(chart: Chart): Promise<void> {
  drawn.get(chart.target)?.embedded?.view.finalize();
  const entry: { chart: Chart; embedded?: Embedded } = { chart };
  drawn.set(chart.target, entry);
  const mode = dark.matches ? 'dark' : 'light';
  const spec = chart.spec(mode, chart.target.clientWidth);
  const embedded = await vegaEmbed(chart.target, spec, {
    actions: false,
    renderer: 'svg',
    tooltip: { theme: mode },
  });
  entry.embedded = embedded;
  const { onClick } = chart;
  if (onClick !== undefined) {
    embedded.view.addEventListener('click', (_event, item) => {
      if (item?.datum !== undefined) onClick(item.datum);
    });
  }
}

/** Keeps every chart as wide as the page, and in its colours. */
export function redrawOnChange(): void {
  const all = () => {
    for (const { chart } of [...drawn.values()]) void draw(chart);
  };
  dark.addEventListener('change', all);
  let width = innerWidth;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  addEventListener('resize', () => {
    // A phone's address bar changes the height alone.
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(all, 150);
  });
}
