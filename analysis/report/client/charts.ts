/** Draws charts in the page, one after the other so that the page stays ready for its reader, and again when its width changes. */
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
  /** What it shows, for those who do not see it. */
  readonly label: string;
  /** Id of the element that has the same numbers as a table. */
  readonly numbers: string;
  /** Its specification for the room there is. */
  readonly spec: (mode: Mode, widthPx: number) => ChartSpec;
  readonly onClick?: (datum: unknown) => void;
}

const drawn = new Map<HTMLElement, { chart: Chart; embedded?: Embedded }>();
const waiting = new Set<HTMLElement>();
let isDrawing = false;

/** Draws a chart in place of the one before it, when its turn comes; asked for twice, it is drawn once. */
export function draw(chart: Chart): void {
  const { target } = chart;
  describe(chart);
  const earlier = drawn.get(target)?.embedded;
  drawn.set(target, earlier === undefined ? { chart } : { chart, embedded: earlier });
  waiting.add(target);
  void drawWaiting();
}

/** Says in place of a chart that the filters leave nothing for it. */
export function drawNothing(target: HTMLElement): void {
  waiting.delete(target);
  forget(target);
  for (const attribute of ['role', 'aria-label', 'aria-details']) target.removeAttribute(attribute);
  target.replaceChildren('No trial that passes the filters has anything to show here.');
}

function describe({ target, label, numbers }: Chart): void {
  target.setAttribute('role', 'img');
  target.setAttribute('aria-label', label);
  target.setAttribute('aria-details', numbers);
}

async function drawWaiting(): Promise<void> {
  if (isDrawing) return;
  isDrawing = true;
  await pageIsWhole();
  for (const target of waiting) {
    waiting.delete(target);
    // One chart that fails leaves the others.
    if (target.isConnected) await drawNow(target).catch((error) => target.replaceChildren(String(error)));
    else forget(target);
    await new Promise((resolve) => setTimeout(resolve));
  }
  isDrawing = false;
}

/** The libraries come after the page's own script, so that its tables need not wait for them. */
function pageIsWhole(): Promise<unknown> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => addEventListener('DOMContentLoaded', resolve, { once: true }));
}

async function drawNow(target: HTMLElement): Promise<void> {
  const entry = drawn.get(target);
  if (entry === undefined) return;
  entry.embedded?.view.finalize();
  const embedded = await vegaEmbed(target, entry.chart.spec('page', target.clientWidth), {
    actions: false,
    renderer: 'svg',
    tooltip: { theme: 'page' },
    // Hundreds of marks, each announced, say less than the label and the table.
    config: { aria: false },
  });
  entry.embedded = embedded;
  // The library has a role and a label of its own for what it draws into.
  describe(entry.chart);
  target.querySelector('svg')?.setAttribute('aria-hidden', 'true');
  const { onClick } = entry.chart;
  if (onClick !== undefined) {
    embedded.view.addEventListener('click', (_event, item) => {
      if (item?.datum !== undefined) onClick(item.datum);
    });
  }
}

function forget(target: HTMLElement): void {
  drawn.get(target)?.embedded?.view.finalize();
  drawn.delete(target);
}

/** Keeps every chart as wide as the page. Colours are the style sheet's. */
export function redrawOnChange(): void {
  let width = innerWidth;
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener('resize', () => {
    // A phone's address bar changes the height alone.
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const { chart } of [...drawn.values()]) draw(chart);
    }, 150);
  });
}
