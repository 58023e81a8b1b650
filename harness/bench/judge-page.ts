/**
 * How long a reader waits for a report to open: from the navigation to the first square of the main figure, and to the last chart.
 * The peer is the floor of any page that carries as much: as many bytes, the same trials as a plain table, and nothing to be done.
 */
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import mustache from 'mustache';
import type { Browser } from 'playwright-core';
import { errorCode } from '../../results/errors.ts';
import type { ScheduledTrial } from '../campaign/schedule.ts';
import { findChromium } from '../setup/chromium.ts';
import { type BenchFigure, median } from './bench.ts';

/** What the project set itself for a report of 1,000 trials, whichever end of opening is meant. */
const LIMIT_MS = 2_000;

/** A page that is not there by then hangs. */
const WAIT_MS = 60_000;

/** Chromium without what it does besides showing a page; as root it has no sandbox, and opens nothing but our own pages. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** When a page showed its first part and all of it, ms from the navigation to it. */
export interface Opening {
  readonly firstMs: number;
  readonly wholeMs: number;
}

/** Both pages, opened one after the other. */
export type OpeningRound = Readonly<Record<keyof typeof PAGES, Opening>>;

/** What was measured, in which browser; or why nothing was. */
export type Openings =
  | { readonly browser: string; readonly rounds: readonly OpeningRound[] }
  | { readonly whyNot: string };

/** By page: what shows first, as a selector, and an expression of the page that holds once everything is shown. */
const PAGES = {
  report: {
    first: '#matrix-table button',
    // Charts are drawn one after the other; that of the first trial is asked for last, when its story is unpacked.
    whole: `document.querySelector('#timeline svg') !== null &&
      [...document.querySelectorAll('.chart[role=img]')].every((chart) => chart.querySelector('svg') !== null)`,
  },
  plain: { first: 'td', whole: 'true' },
} as const;

const PLAIN = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>trials</title></head><body><table>
{{#trials}}<tr><td>{{trialId}}</td><td>{{approach}}</td><td>{{fault}}</td><td>{{seed}}</td></tr>
{{/trials}}</table><script type="text/plain">{{filling}}</script></body></html>
`;

/**
 * Opens the report of a campaign and its peer by turns, each time in a browser that has seen neither. The first opening of all, which
 * pays for starting the browser, is not counted.
 * @param folder of the campaign, with its `report.html`; the peer is written beside it
 * @throws Error where a page is not whole in time
 */
export async function openReport(options: {
  readonly folder: string;
  readonly trials: readonly ScheduledTrial[];
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}): Promise<Openings> {
  const browser = await startBrowser();
  if (typeof browser === 'string') return { whyNot: browser };
  try {
    const files = {
      report: path.join(options.folder, 'report.html'),
      plain: path.join(options.folder, 'plain.html'),
    };
    await writeFile(files.plain, plainPage(options.trials, (await stat(files.report)).size));
    const timesOf = async (page: keyof typeof PAGES) => {
      options.signal.throwIfAborted();
      const times = await opened(browser, pathToFileURL(files[page]).href, PAGES[page]);
      const { firstMs, wholeMs } = times;
      options.say(`open ${page}: first part ${firstMs.toFixed(0)} ms, whole ${wholeMs.toFixed(0)} ms`);
      return times;
    };
    await timesOf('plain');
    const rounds: OpeningRound[] = [];
    for (let run = 0; run < options.runs; run += 1) {
      // Whoever comes second could profit from the first.
      const early = run % 2 === 0 ? await timesOf('plain') : undefined;
      const report = await timesOf('report');
      rounds.push({ report, plain: early ?? (await timesOf('plain')) });
    }
    return { browser: `Chromium ${browser.version()}`, rounds };
  } finally {
    await browser.close();
  }
}

/** The browser, or why there is none: the benchmark's other figures do not need one. */
async function startBrowser(): Promise<Browser | string> {
  const executablePath = process.env.UPFAULT_CHROMIUM ?? findChromium();
  if (executablePath === undefined) return 'no browser: no Chromium is on PATH';
  // A package for development: whoever only runs campaigns need not have it.
  const playwright = await import('playwright-core').catch((error: unknown) => {
    if (errorCode(error) === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
  if (playwright === undefined) return 'no browser: the package playwright-core is not installed';
  try {
    return await playwright.chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `no browser: ${executablePath} does not start: ${why}`;
  }
}

/** The trials as a table, filled up to a number of bytes with text that nobody reads. */
function plainPage(trials: readonly ScheduledTrial[], bytes: number): string {
  const lacking = bytes - Buffer.byteLength(mustache.render(PLAIN, { trials, filling: '' }));
  return mustache.render(PLAIN, { trials, filling: 'x'.repeat(Math.max(0, lacking)) });
}

async function opened(
  browser: Browser,
  address: string,
  { first, whole }: (typeof PAGES)[keyof typeof PAGES],
): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    // Asked before each frame, whose time counts from the navigation: what is there is painted in it.
    await page.addInitScript({
      content: `globalThis.opened = {};
        requestAnimationFrame(function look(atMs) {
          if (opened.firstMs === undefined && document.querySelector('${first}') !== null) opened.firstMs = atMs;
          const isWhole = opened.firstMs !== undefined && document.readyState === 'complete' && ${whole};
          if (isWhole) opened.wholeMs = atMs;
          else requestAnimationFrame(look);
        });`,
    });
    await page.goto(address, { timeout: WAIT_MS });
    await page.waitForFunction('opened.wholeMs !== undefined', undefined, { timeout: WAIT_MS, polling: 100 });
    return (await page.evaluate('opened')) as Opening;
  } finally {
    await context.close();
  }
}

/** Figures and what to know beside them; without a browser, only that. @param count trials of the report */
export function openingResult(
  openings: Openings,
  count: number,
): { readonly figures: readonly BenchFigure[]; readonly notes: readonly string[] } {
  if ('whyNot' in openings)
    return { figures: [], notes: [`how long the report takes to open was not measured: ${openings.whyNot}`] };
  const { rounds, browser } = openings;
  const figure = (name: string, of: (opening: Opening) => number): BenchFigure => {
    const own = rounds.map(({ report }) => of(report));
    return {
      figure: `open the report, ${name}, ${count} trials`,
      unit: 'ms',
      ours: median(own),
      least: Math.min(...own),
      most: Math.max(...own),
      peer: median(rounds.map(({ plain }) => of(plain))),
      limit: LIMIT_MS,
    };
  };
  return {
    figures: [
      figure('first square', ({ firstMs }) => firstMs),
      figure('last chart', ({ wholeMs }) => wholeMs),
    ],
    notes: [
      `opening: from the navigation, in ${browser}; its peer is a page of as many bytes with the same trials as a plain table: its first row, and all of it`,
    ],
  };
}
