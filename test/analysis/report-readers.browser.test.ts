/** The page for all its readers: filters, keyboard, screen readers, paper, phones. */
import { expect } from 'chai';
import { ReportInBrowser, rowsOf } from './report-in-browser.ts';

/** What has the focus, by its id or words. */
const FOCUSED =
  "((e) => e.classList.contains('square') ? 'square ' + e.ariaLabel : e.id || e.textContent)(document.activeElement)";

/** Tables without a head. */
const HEADLESS = `[...document.querySelectorAll('table')]
  .filter((table) => table.querySelector('thead th[scope=col]') === null)
  .map((table) => table.id || table.outerHTML.slice(0, 120))`;

/** Controls without a name. */
const NAMELESS = `[...document.querySelectorAll('button, a, select, input, [role=region]')]
  .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.closest('label')?.textContent.trim()))
  .map((e) => e.outerHTML.slice(0, 120))`;

/** Boxes that may scroll, and that the tab key does not come to or that are not named. */
const UNREACHED = `[...document.querySelectorAll('.scroll, .plan-box')]
  .filter((e) => !(e.tabIndex === 0 && e.getAttribute('role') === 'region' && (e.ariaLabel || e.getAttribute('aria-labelledby'))))
  .map((e) => e.outerHTML.slice(0, 120))`;

describe('report for all readers', function () {
  this.timeout(60_000);
  let report: ReportInBrowser;

  before(async () => {
    report = await ReportInBrowser.start();
  });

  after(() => report?.stop());

  it('filters the figures and the cells alike, and says how many are left', async () => {
    const page = await report.open(1280);
    await page.locator('#filter-impact').selectOption('security vulnerability');
    expect(await page.locator('#filter-count').textContent()).to.equal('1 of 8 cells');
    expect(await page.locator('#cell-table tbody tr:not(.group)').count()).to.equal(1);
    expect(await page.locator('#matrix-table tbody tr:not(.type) th').allTextContents()).to.deep.equal([
      'apache-satisfy',
    ]);
    expect(await rowsOf(page, '#primary-table')).to.deep.equal([
      ['Trials', 'security vulnerability'],
      ['type 2, rolling', '1'],
    ]);
    expect(await page.locator('#kinds-caveat').textContent()).to.contain('every pair has 1 fault');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.locator('#filter-approach').selectOption('imago');
    await page.getByText('3 of 8 cells').waitFor();
    expect(await page.locator('#matrix-table .approach').allTextContents()).to.deep.equal(['imago']);
    await page.locator('#filter-text').fill('port conflicts');
    await page.getByText('0 of 8 cells').waitFor();
    expect(await page.locator('#matrix-table').textContent()).to.contain('No cell matches');
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('is walked through by keyboard: filters, contrast, one stop for the squares, which arrows go through', async () => {
    const page = await report.open(1280);
    const stops: string[] = [];
    for (let press = 0; press < 25; press += 1) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(FOCUSED));
    }
    const squares = stops.filter((stop) => stop.startsWith('square'));
    expect(stops[0]).to.equal('Skip to the table of cells');
    expect(stops.indexOf('filter-approach')).to.be.below(stops.indexOf('Felt by users'));
    expect(squares).to.deep.equal(['square no upgrade under imago, data loss: 0 of 6']);
    await page.getByRole('button', { name: 'no upgrade under imago, data loss' }).focus();
    for (const key of ['ArrowDown', 'End', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
    expect(await page.evaluate(FOCUSED)).to.contain('no upgrade under rolling, increased latency');
    await page.getByRole('button', { name: 'debug-on under rolling: lost 1' }).focus();
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(FOCUSED)).to.contain('no fault under rolling, data loss');
    await page.locator('[data-contrast=fault]').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-contrast=fault][aria-pressed=true]').waitFor();
    expect(await page.locator('#contrast-text').textContent()).to.contain('what the fault added');
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('turns from trial to trial in the list of trials without leaving it, and reads the headline alone', async () => {
    const page = await report.open(1280);
    await page.locator('.headline[data-trial="open-1"]').waitFor();
    await page.locator('#trial-select').focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('.headline[data-trial="stopped-1"]').waitFor();
    expect(await page.evaluate(FOCUSED)).to.equal('trial-select');
    expect(page.url()).to.match(/#trial=stopped-1$/);
    expect(await page.locator('#trial [role=status]').textContent()).to.match(/^apache-port under imago: /);
    expect(await page.locator('#trial [aria-live]').count()).to.equal(0);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('says of every chart in words what it shows, and has its numbers in a table', async () => {
    const page = await report.open(1280);
    await page.locator('#trial-select').selectOption('outage-1');
    await page.locator('.headline[data-trial="outage-1"]').waitFor();
    await page.locator('#timeline svg').waitFor();
    const charts = await page.locator('.chart').evaluateAll((boxes) =>
      boxes.map((box) => ({
        role: box.getAttribute('role'),
        label: box.getAttribute('aria-label') ?? '',
        numbers: box.getAttribute('aria-details') ?? '',
        isDrawn: box.querySelector('svg[aria-hidden=true]') !== null,
      })),
    );
    expect(charts).to.have.lengthOf.above(8);
    await page.getByText('The timeline in numbers').click();
    for (const { role, label, numbers, isDrawn } of charts) {
      expect([role, isDrawn], label).to.deep.equal(['img', true]);
      expect(label).to.match(/^(Bars|Points|Timeline).{20}/);
      const rows = page.locator(`#${numbers} tr`);
      expect(await rows.count(), `rows of #${numbers}: ${label}`).to.be.above(1);
    }
    const second = await page.locator('#timeline-numbers table').first().locator('tr').nth(27).textContent();
    expect(second).to.equal('26mid-upgrade1500150–');
    await page.close();
  });

  it('lets every box that scrolls be reached by keyboard, also those of a trial', async () => {
    const page = await report.open(1280);
    await page.locator('#trial-select').selectOption('open-1');
    await page.locator('.headline[data-trial="open-1"]').waitFor();
    await page.getByText('The timeline in numbers').click();
    await page.getByRole('region', { name: 'By second' }).waitFor();
    expect(await page.locator('#trial .scroll, #trial .plan-box').count()).to.be.above(5);
    expect(await page.evaluate(UNREACHED)).to.deep.equal([]);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });

  it('names every control, and every cell of the main figure by its row and column', async () => {
    const page = await report.open(1280);
    await page.locator('#timeline svg').waitFor();
    const nameless = await page.evaluate(NAMELESS);
    expect(nameless).to.deep.equal([]);
    expect(await page.evaluate(HEADLESS)).to.deep.equal([]);
    const heads = await page
      .locator('#matrix-table thead th')
      .evaluateAll((all) => all.map((th) => th.getAttribute('scope')));
    expect(new Set(heads)).to.deep.equal(new Set(['col', 'colgroup']));
    await page.close();
  });

  it('prints on light paper whatever the screen, without filters, no chart wider than the page', async () => {
    const page = await report.open(1280);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.locator('#timeline svg').waitFor();
    await page.setViewportSize({ width: 700, height: 900 });
    expect(await page.locator('#filters').isVisible()).to.equal(false);
    const ink = await page.evaluate("getComputedStyle(document.querySelector('#timeline svg text')).fill");
    expect(ink).to.equal('rgb(91, 101, 112)');
    const wide = await page
      .locator('.chart svg')
      .evaluateAll((charts) => charts.filter((chart) => chart.getBoundingClientRect().width > 700).length);
    expect(wide).to.equal(0);
    await page.close();
  });

  it('fits a phone', async () => {
    const page = await report.open(375);
    await page.locator('#timeline svg').waitFor();
    const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(excess).to.equal(0);
    expect(report.complaints).to.deep.equal([]);
    await page.close();
  });
});
