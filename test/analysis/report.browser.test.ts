import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MARKUP, ReportInBrowser, rowsOf } from './report-in-browser.ts';

describe('report in a browser', function () {
  this.timeout(60_000);
  let report: ReportInBrowser;

  before(async () => {
    report = await ReportInBrowser.start();
  });

  after(() => report?.stop());

  it('goes from a cell to its trial and draws the timeline', async () => {
    const page = await report.open(1280);
    await page.getByRole('link', { name: 'outage-1 O: full outage' }).click();
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
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('goes from a square of the main figure to a trial, and on to its files', async () => {
    const page = await report.open(1280);
    await page.getByRole('button', { name: 'apache-port under rolling, full outage: 1 of 1' }).click();
    await page.locator('.headline[data-trial="outage-1"]').waitFor();
    expect(page.url()).to.match(/#trial=outage-1$/);
    await page.getByText('Provocations, posture, sham confirmations, logs').click();
    const record = await page.getByRole('link', { name: 'trial.json' }).getAttribute('href');
    expect(existsSync(join(report.folder, record ?? ''))).to.equal(true);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('opens trials that say nothing of users as well, and says how many the bars leave out', async () => {
    const page = await report.open(1280);
    expect(await page.locator('#containment-text').textContent()).to.equal(
      'Not in the bars: 1 not injected.',
    );
    await page.getByRole('button', { name: 'debug-on under rolling: lost 1' }).click();
    await page.locator('.headline[data-trial="lost-1"]').waitFor();
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('says that an address names no trial of the report, and shows the first', async () => {
    const page = await report.open(1280);
    for (const id of ['nothing', '%']) {
      await page.evaluate(`location.hash = '#trial=${id}'`);
      await page.getByText(`No trial ${id} in this report`).waitFor();
      expect(await page.locator('#trial-headline').getAttribute('data-trial')).to.equal('open-1');
    }
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('profiles what became of mistakes in configuration, where trials say what they mutated', async () => {
    const page = await report.open(1280);
    const [head, ...rows] = await rowsOf(page, '#resilience-table');
    expect(head?.slice(0, 6)).to.deep.equal([
      ...['Mistakes in', 'Approach', 'Mutations', 'Caught at start', 'By a later gate', 'Felt by clients'],
    ]);
    expect(rows.map((row) => row.slice(0, 6))).to.deep.equal([
      ['apache: all mistakes', 'rolling', '1', '0', '0', '1'],
      ['apache: number or unit', 'rolling', '1', '0', '0', '1'],
    ]);
    expect(existsSync(join(report.folder, 'charts', 'resilience.svg'))).to.equal(true);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('sets both approaches side by side: how far faults got, quiescences, what was leased', async () => {
    const page = await report.open(1280);
    expect(await page.locator('#containment svg path').count()).to.be.above(2);
    expect(await rowsOf(page, '#containment-table')).to.deep.equal([
      ['How far', 'imago', 'rolling'],
      ['reached-users', '0', '2'],
      ['stopped-by:compare-engine', '1', '0'],
      ['inapplicable', '1', '0'],
    ]);
    expect(await rowsOf(page, '#quiescence-table')).to.deep.equal([
      ['Phase, load, data', 'Rows', 'Times', 'Median ms', 'Longest ms', 'Most waiting', 'Ended'],
      ['terminate, 150/s, 0.02', '163,285', '6', '21.5', '21.5', '4', 'released'],
      ['switch, 150/s, 0.02', '163,285', '6', '18.2', '18.2', '3', 'released'],
      ['terminate, 150/s, 0.02, other trials', '163,285', '1', '–', '21.5', '4', 'released'],
    ]);
    expect(await page.locator('#quiescence-text').textContent()).to.contain(
      'rolling: requests were never held',
    );
    const [, imago, rolling] = await rowsOf(page, '#cost-table');
    expect(imago).to.deep.equal(['imago', '6', '24.0', '24.0', '13.5', '700 of 2,816', '320']);
    expect(rolling).to.deep.equal(['rolling', '6', '24.0', '0.0', '0.0', '0', '0']);
    expect(await rowsOf(page, '#lease-table')).to.deep.equal([
      ['Approach', 'Faults that reached users', '95 % interval', 'Faults left out', 'Leased s', 'CPU s'],
      ['imago', '0 of 1', '0 % to 98 %', '1 not applicable', '24.0', '13.5'],
      [
        ...['rolling', '1 of 1', '3 % to 100 %', '1 undecided or lost, 1 not told of every approach'],
        ...['0.0', '0.0'],
      ],
    ]);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('shows transfer, quiescences, gates and the redirection of an Imago trial', async () => {
    const page = await report.open(1280);
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
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('shows markup in a record as text', async () => {
    const page = await report.open(1280);
    await page.locator('#trial-select').selectOption('open-1');
    await page.locator('.headline[data-trial="open-1"]').waitFor();
    expect(await page.locator('#trial-body').textContent()).to.contain(MARKUP);
    expect(await page.evaluate('window.broken')).to.equal(undefined);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });
});
