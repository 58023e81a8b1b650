/** A synthetic campaign's report in Chromium, for the tests of the page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { CHROMIUM_ARGUMENTS } from '../../harness/bench/judge-page.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, SOUND_IMAGO, type Synthetic, writeSynthetic } from './synthetic.ts';

/** What a page would take for its own, were it not shown as text. */
export const MARKUP = '</script><script>window.broken = true</script><b>bold</b> <!-- {{title}}';

const TRIALS: readonly Synthetic[] = [
  ...controls('none', 6, 11),
  ...controls('rolling', 6, 22),
  ...controls('imago', 6, 33),
  {
    id: 'stopped-1',
    approach: 'imago',
    fault: 'apache-port',
    type: 3,
    record: {
      imago: { ...SOUND_IMAGO, quiescences: SOUND_IMAGO.quiescences.slice(0, 1) },
      upgrade: {
        outcome: 'rolled-back',
        finalState: 'old',
        gate: 'compare-engine',
        startMs: 16_000,
        endMs: 30_000,
      },
    },
  },
  {
    id: 'absent-1',
    approach: 'imago',
    fault: 'apache-satisfy',
    type: 2,
    record: { outcome: 'not-applicable', outcomeReason: 'no such step', imago: null, leased: null },
  },
  {
    id: 'outage-1',
    approach: 'rolling',
    fault: 'apache-port',
    type: 3,
    outageS: 6,
    record: {
      fault: {
        name: 'apache-port',
        type: 3,
        violation: 'spurious',
        dependency: 'port conflicts',
        provenance: 'upfault',
        details: { 'apache-port': { format: 'apache', kind: 'number' } },
      },
    },
  },
  {
    id: 'lost-1',
    approach: 'rolling',
    fault: 'debug-on',
    record: { outcome: 'not-injected', outcomeReason: 'no evidence of debug-on' },
  },
  {
    id: 'open-1',
    approach: 'rolling',
    fault: 'apache-satisfy',
    type: 2,
    record: {
      outcomeReason: MARKUP,
      probes: [
        { name: 'open-ports', taken: true, exposures: ['web tcp/443', `/admin ${MARKUP}`], reason: '' },
      ],
      evidence: [
        {
          fault: 'apache-satisfy',
          verdict: 'found',
          summary: MARKUP,
          stepIds: ['observe/apache-satisfy/page'],
        },
      ],
    },
  },
];

/** The report and the browser that it is opened in. */
export class ReportInBrowser {
  /** The campaign's folder. */
  readonly folder: string;
  /** Errors, warnings and requests since a page was opened; a sound page has none. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #address: string;

  private constructor(folder: string, report: string, browser: Browser) {
    this.folder = folder;
    this.#address = pathToFileURL(report).href;
    this.#browser = browser;
  }

  /** Writes the campaign and its report, and starts the browser. */
  static async start(): Promise<ReportInBrowser> {
    const folder = join(await mkdtemp(join(tmpdir(), 'upfault-report-')), 'campaign');
    await writeSynthetic(folder, TRIALS);
    const store = await openCampaign(folder);
    const { report } = await writeReport(store, await judgeCampaign(store));
    const browser = await chromium.launch({
      executablePath: process.env.UPFAULT_CHROMIUM ?? '/usr/bin/chromium',
      args: [...CHROMIUM_ARGUMENTS],
    });
    return new ReportInBrowser(folder, report, browser);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await rm(join(this.folder, '..'), { recursive: true, force: true });
  }

  /** The report in a page of this width; what it asks for besides itself is a complaint. */
  async open(width: number): Promise<Page> {
    this.complaints.length = 0;
    const page = await this.#browser.newPage({ viewport: { width, height: 900 } });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) this.complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(this.#address);
    await page.locator('#matrix-table button').first().waitFor();
    return page;
  }
}

/** Texts of a table's cells, row by row. */
export async function rowsOf(page: Page, table: string): Promise<string[][]> {
  const rows = await page.locator(`${table} tr`).all();
  return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
}
