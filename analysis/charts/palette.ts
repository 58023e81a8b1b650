/** Colours of the charts and the page: Okabe and Ito's set, which stays apart for colour-blind readers. */

/** Colour of each impact, and of what is none. */
export const IMPACT_COLOURS: Readonly<Record<string, string>> = {
  'data loss': '#CC79A7',
  'full outage': '#D55E00',
  'security vulnerability': '#0072B2',
  'degraded throughput': '#E69F00',
  'increased latency': '#56B4E9',
  'latent error': '#009E73',
  none: '#B9BFC6',
  inconclusive: '#7D868F',
};

/** On paper or on a screen, or in the page, whose style sheet says what each ink is, so that nothing is drawn again when it changes. */
export type Mode = 'light' | 'dark' | 'page';

/** Inks of a mode. */
export interface Ink {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly paper: string;
  /** Fill of a cell in which nothing was found. */
  readonly empty: string;
}

/** Inks by mode. Those of `page` are the style sheet's own, whose values are the inks of `light` and `dark`. */
export const INKS: Readonly<Record<Mode, Ink>> = {
  light: { text: '#1d2329', quiet: '#5b6570', line: '#dfe3e7', paper: '#ffffff', empty: '#eef0f2' },
  dark: { text: '#e7eaed', quiet: '#9aa4ae', line: '#333a42', paper: '#171b20', empty: '#262c33' },
  page: {
    text: 'var(--text)',
    quiet: 'var(--quiet)',
    line: 'var(--line)',
    paper: 'var(--paper)',
    empty: 'var(--empty)',
  },
};

/** Inks that only the page has. */
export const PAGE_INKS = {
  light: {
    ground: '#f6f7f8',
    accent: '#0063a0',
    yes: '#b04a00',
    good: '#00724f',
    mark: '#fbf0f6',
    markEdge: '#b4578b',
  },
  dark: {
    ground: '#101317',
    accent: '#6cbcf0',
    yes: '#ff9a4d',
    good: '#4fd0a5',
    mark: '#2e2029',
    markEdge: '#cc79a7',
  },
} as const;

/** Letters on a full colour of the palette: the darkest and the lightest. */
export const LETTERS = { dark: '#101418', light: '#ffffff' } as const;

/** Which letters are read on each impact's colour. */
export const IMPACT_LETTERS: Readonly<Record<string, keyof typeof LETTERS>> = {
  'data loss': 'dark',
  'full outage': 'dark',
  'security vulnerability': 'light',
  'degraded throughput': 'dark',
  'increased latency': 'dark',
  'latent error': 'dark',
};

/** Percent of an impact's colour in a square in which `share` of the trials have it; the rest is paper. */
export function strengthOf(share: number): number {
  return share >= 1 ? 100 : Math.round(15 + 35 * share);
}

/** A Vega-Lite specification; the library's own type takes minutes of checking and says no more. */
export type ChartSpec = Readonly<Record<string, unknown>>;

/** Fonts and inks of every chart. */
export function chartConfig(mode: Mode): ChartSpec {
  const ink = INKS[mode];
  const font = 'Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  return {
    background: 'transparent',
    font,
    view: { stroke: null },
    axis: {
      labelColor: ink.quiet,
      titleColor: ink.quiet,
      titleFontWeight: 500,
      gridColor: ink.line,
      domain: false,
      ticks: false,
      labelPadding: 6,
      labelFontSize: 11,
      titleFontSize: 11,
    },
    legend: {
      labelColor: ink.text,
      titleColor: ink.quiet,
      labelFontSize: 11,
      titleFontSize: 11,
      symbolType: 'square',
      labelLimit: 0,
    },
    title: { color: ink.text, anchor: 'start', fontSize: 12, fontWeight: 600, offset: 6 },
    text: { color: ink.text },
  };
}
