import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { judgeCampaign } from '../../analysis/judge.ts';
import { pngOf } from '../../analysis/report/raster.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { summaryText } from '../../analysis/summary.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, writeSynthetic } from './synthetic.ts';

describe('report', () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'upfault-report-')), 'campaign');
  });

  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  it('writes a page that asks for nothing, and charts as specification and picture', async function () {
    this.timeout(30_000);
    await writeSynthetic(folder, [
      ...controls('none', 5, 1),
      ...controls('rolling', 2, 2),
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
    ]);
    const store = await openCampaign(folder);
    const { report } = await writeReport(store, await judgeCampaign(store), ['rolling-none-2']);
    const page = await readFile(report, 'utf8');
    const markup = page.slice(0, page.indexOf('<script id="data"'));
    expect(markup)
      .to.not.match(/\s(src|href)="(?!data:|#)/)
      .and.to.not.contain('@import');
    expect(page.match(/<script[^>]*>/g)?.filter((tag) => tag.includes('src='))).to.deep.equal([]);
    const charts = await readdir(join(folder, 'charts'));
    const names = [
      'containment',
      'fault-kinds',
      'impact-by-fault-fault',
      'impact-by-fault-user',
      'leased-impact',
      'outage-latency',
      'primary-impact',
      'timeline-it',
      'timeline-none-none-1',
      'timeline-rolling-none-1',
      'timeline-rolling-none-2',
    ];
    const files = names.flatMap((name) => ['png', 'svg', 'vl.json'].map((kind) => `${name}.${kind}`));
    expect(charts.sort()).to.deep.equal(files.sort());
    const svg = await readFile(join(folder, 'charts', 'timeline-it.svg'), 'utf8');
    expect(svg).to.match(/^<svg/).and.to.contain('mid-upgrade').and.to.contain('web1');
    const png = await readFile(join(folder, 'charts', 'timeline-it.png'));
    expect(png.subarray(1, 4).toString()).to.equal('PNG');
    const [, width] = /width="(\d+)"/.exec(svg) ?? [];
    expect(png.readUInt32BE(16), 'pixels across').to.equal(2 * Number(width));
  });

  it('draws letters in pixels, with a font that comes along', async () => {
    const svg = (text: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" viewBox="0 0 60 20"><rect width="60" height="20" fill="white"/><text x="2" y="15" font-family="Nowhere, sans-serif" font-size="12">${text}</text></svg>`;
    const [blank, written] = await Promise.all([pngOf(svg('')), pngOf(svg('upfault'))]);
    expect(written.length, 'a picture with letters').to.be.above(blank.length + 200);
  });

  it('draws a campaign in which nothing was completed', async function () {
    this.timeout(30_000);
    const outcome = {
      outcome: 'harness-failed',
      outcomeReason: 'the engine went away',
      horizon: null,
      ledger: null,
    } as const;
    await writeSynthetic(folder, [{ id: 'it', approach: 'rolling', fault: 'wrong-apache', record: outcome }]);
    const store = await openCampaign(folder);
    const judgement = await judgeCampaign(store);
    await writeReport(store, judgement);
    expect(summaryText(judgement)).to.contain('it: harness-failed: the engine went away');
  });

  it('sums a campaign up in one line a cell, with false alarms, shams and losses', async () => {
    await writeSynthetic(folder, [
      ...controls('none', 6, 1),
      ...controls('rolling', 5, 2),
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
      { id: 'cut', approach: 'rolling', fault: 'wrong-apache', record: { sealed: false } },
    ]);
    const text = summaryText(await judgeCampaign(await openCampaign(folder)));
    expect(text).to.match(
      /^wrong-apache +1 +rolling +2 +completed +found +full outage +90\.00 % +6\.0 +4\.0 +reached-users$/m,
    );
    expect(text).to.contain('increased latency 0 of 6 (0-46 %; 5 undecided)');
    expect(text).to.contain('6 of each are wanted');
    expect(text).to.contain('cut: interrupted, not judged');
    expect(text).to.contain('Upgrades without a fault that did not go to their end: 0 of 5.');
  });

  it('tells of gates that stopped an upgrade without a fault', async () => {
    const upgrade = { finalState: 'old', gate: 'compare-engine', startMs: 16_000, endMs: 30_000 } as const;
    await writeSynthetic(folder, [
      ...controls('imago', 5, 2),
      { id: 'needless', approach: 'imago', record: { upgrade: { ...upgrade, outcome: 'rolled-back' } } },
    ]);
    const text = summaryText(await judgeCampaign(await openCampaign(folder)));
    expect(text).to.contain('their end: 1 of 6 (needless: rolled-back by compare-engine).');
  });

  it('draws how far faults got and how long requests were held', async function () {
    this.timeout(30_000);
    await writeSynthetic(folder, [
      ...controls('imago', 1, 1),
      { id: 'it', approach: 'imago', fault: 'file-missing' },
    ]);
    const store = await openCampaign(folder);
    await writeReport(store, await judgeCampaign(store));
    const picture = (name: string) => readFile(join(folder, 'charts', `${name}.svg`), 'utf8');
    expect(await picture('containment')).to.contain('undecided');
    expect(await picture('quiescence'))
      .to.contain('terminate')
      .and.to.contain('switch');
    expect(await picture('timeline-it')).to.contain('held 20 ms');
  });
});
