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

export type Mode = 'light' | 'dark';

/** Inks of a mode. */
export interface Ink {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly paper: string;
  /** Fill of a cell in which nothing was found. */
  readonly empty: string;
}

export const INKS: Readonly<Record<Mode, Ink>> = {
  light: { text: '#1d2329', quiet: '#5b6570', line: '#dfe3e7', paper: '#ffffff', empty: '#eef0f2' },
  dark: { text: '#e7eaed', quiet: '#9aa4ae', line: '#333a42', paper: '#171b20', empty: '#262c33' },
};

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
