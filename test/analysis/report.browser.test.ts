import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { type Browser, chromium, type Page } from 'playwright-core';
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, SOUND_IMAGO, type Synthetic, writeSynthetic } from './synthetic.ts';

const MARKUP = '</script><script>window.broken = true</script><b>bold</b> <!-- {{title}}';

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
    id: 'open-1',
    approach: 'rolling',
    fault: 'apache-satisfy',
    type: 2,
    record: {
      outcomeReason: MARKUP,
      probes: [{ name: 'pages', taken: true, exposures: [`/admin ${MARKUP}`], reason: '' }],
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

describe('report in a browser', function () {
  this.timeout(60_000);
  let root: string;
  let address: string;
  let browser: Browser;
  const complaints: string[] = [];

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-report-'));
    await writeSynthetic(join(root, 'campaign'), TRIALS);
    const store = await openCampaign(join(root, 'campaign'));
    const { report } = await writeReport(store, await judgeCampaign(store));
    address = pathToFileURL(report).href;
    browser = await chromium.launch({
      executablePath: process.env.UPFAULT_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });

  after(async () => {
    await browser?.close();
    await rm(root, { recursive: true, force: true });
  });

  /** The report in a page of this width, every request but the file itself refused. */
  async function open(width: number): Promise<Page> {
    complaints.length = 0;
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    await page.locator('#matrix svg').waitFor();
    return page;
  }

  it('goes from a cell to its trial and draws the timeline', async () => {
    const page = await open(1280);
    await page.locator('#cell-table a', { hasText: 'outage-1' }).click();
    const headline = page.locator('.headline[data-trial="outage-1"]');
    await headline.waitFor();
    expect(await headline.textContent()).to.equal('apache-port under rolling: full outage');
    await page.locator('#timeline svg').waitFor();
    expect(await page.locator('#timeline svg path').count()).to.be.above(10);
    expect(await page.locator('#timeline').textContent())
      .to.contain('mid-upgrade')
      .and.to.contain('web1');
    expect(await page.locator('table.labels').textContent())
      .to.contain('outage_s')
      .and.to.contain('longest outage of a reference: 0 s');
    expect(await page.locator('tr.edited').count()).to.equal(1);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('goes from a square of the main figure to a trial', async () => {
    const page = await open(1280);
    // The outage is the only square of its colour.
    await page.locator('#matrix svg path[fill="#D55E00"]').first().click();
    await page.locator('.headline[data-trial="outage-1"]').waitFor();
    expect(page.url()).to.match(/#trial=outage-1$/);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('profiles what became of mistakes in configuration, where trials say what they mutated', async () => {
    const page = await open(1280);
    const [head, ...rows] = await rowsOf(page, '#resilience-table');
    expect(head?.slice(0, 6)).to.deep.equal([
      ...['Mistakes in', 'Approach', 'Mutations', 'Caught at start', 'By a later gate', 'Felt by clients'],
    ]);
    expect(rows.map((row) => row.slice(0, 6))).to.deep.equal([
      ['apache: all mistakes', 'rolling', '1', '0', '0', '1'],
      ['number or unit', 'rolling', '1', '0', '0', '1'],
    ]);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('sets both approaches side by side: how far faults got, quiescences, what was leased', async () => {
    const page = await open(1280);
    expect(await page.locator('#containment svg path').count()).to.be.above(2);
    expect(await rowsOf(page, '#containment-table')).to.deep.equal([
      ['How far', 'imago', 'rolling'],
      ['reached-users', '0', '2'],
      ['stopped-by:compare-engine', '1', '0'],
      ['inapplicable', '1', '0'],
    ]);
    expect(await rowsOf(page, '#quiescence-table')).to.deep.equal([
      ['Phase and load', 'Times', 'Median ms', 'Longest ms', 'Most waiting'],
      ['terminate, 150/s', '7', '21.5', '21.5', '4'],
      ['switch, 150/s', '6', '18.2', '18.2', '3'],
    ]);
    expect(await page.locator('#quiescence-text').textContent()).to.contain(
      'rolling: requests were never held',
    );
    const [, imago, rolling] = await rowsOf(page, '#cost-table');
    expect(imago).to.deep.equal(['imago', '6', '24.0', '24.0', '13.5', '700 of 2,816', '320']);
    expect(rolling).to.deep.equal(['rolling', '6', '24.0', '0.0', '0.0', '0', '0']);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('shows transfer, quiescences, gates and the redirection of an Imago trial', async () => {
    const page = await open(1280);
    await page.locator('#trial-select').selectOption('imago-none-1');
    await page.locator('.headline[data-trial="imago-none-1"]').waitFor();
    await page.locator('#timeline svg').waitFor();
    const text = await page.locator('#timeline').textContent();
    for (const part of [
      'rows/s',
      'paused %',
      'held 20 ms',
      'equal (76 rows compared)',
      'redirected',
      'new/web1',
    ])
      expect(text).to.contain(part);
    expect(await page.locator('#trial-body .figures').textContent()).to.contain('22 ms (terminate)');
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('filters cells, and switches contrast by keyboard', async () => {
    const page = await open(1280);
    await page.locator('#filter-text').fill('vulnerability');
    expect(await page.locator('#cell-table tbody tr:not(.group)').count()).to.equal(1);
    await page.locator('[data-contrast=fault]').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-contrast=fault][aria-pressed=true]').waitFor();
    expect(await page.locator('#contrast-text').textContent()).to.contain('what the fault added');
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('shows markup in a record as text', async () => {
    const page = await open(1280);
    await page.locator('#trial-select').selectOption('open-1');
    await page.locator('.headline[data-trial="open-1"]').waitFor();
    expect(await page.locator('#trial-body').textContent()).to.contain(MARKUP);
    expect(await page.evaluate('window.broken')).to.equal(undefined);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('fits a phone', async () => {
    const page = await open(375);
    const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(excess).to.equal(0);
    await page.locator('#timeline svg').waitFor();
    expect(complaints).to.deep.equal([]);
    await page.close();
  });
});

/** Texts of a table's cells, row by row. */
async function rowsOf(page: Page, table: string): Promise<string[][]> {
  const rows = await page.locator(`${table} tr`).all();
  return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
}
