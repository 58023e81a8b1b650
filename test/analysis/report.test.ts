import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cellsOf } from '../../analysis/cells.ts';
import { textOf } from '../../analysis/charts/impact-matrix.ts';
import { timelineChart } from '../../analysis/charts/timeline.ts';
import { judgeCampaign } from '../../analysis/judge.ts';
import { timelineOf } from '../../analysis/report/page-types.ts';
import { pngOf } from '../../analysis/report/raster.ts';
import { reportData } from '../../analysis/report/report-data.ts';
import { leftOutOfContainment } from '../../analysis/report/summaries.ts';
import { Texts } from '../../analysis/report/texts.ts';
import { timelineData, trialData } from '../../analysis/report/trial-data.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { summaryText } from '../../analysis/summary.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, STOPPED_UPGRADE, writeSynthetic } from './synthetic.ts';

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
      ...controls('rolling', 5, 2),
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
    ]);
    const store = await openCampaign(folder);
    // Left by an earlier report, and by a user.
    await mkdir(join(folder, 'charts'));
    for (const name of ['timeline-gone.svg', 'overhead.png', 'mine.svg'])
      await writeFile(join(folder, 'charts', name), '');
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
    expect(charts.sort()).to.deep.equal([...files, 'mine.svg'].sort());
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
    expect(text).to.contain(
      'wrong-apache under rolling: 1 of 2 trials lost (1 interrupted); at worst, full outage 50 % to 100 %, degraded throughput 50 % to 100 %; others 0 % to 50 %',
    );
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
    expect(text).to.not.contain('too short');
  });

  it('says that windows are too short where upgrades without a fault do not end within them', async () => {
    const upgrade = { ...STOPPED_UPGRADE, outcome: 'stuck', gate: 'horizon' } as const;
    await writeSynthetic(folder, [
      ...controls('rolling', 5, 2),
      { id: 'late', approach: 'rolling', record: { upgrade } },
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', record: { upgrade } },
    ]);
    const text = summaryText(await judgeCampaign(await openCampaign(folder)));
    expect(text).to.contain(
      'The horizon of 40 s (--windows quick) is too short for this machine: 2 upgrades',
    );
  });

  it('knows a fault by any record of it, and says what became of trials that say nothing', async () => {
    const fault = { fault: 'apache-port', type: 3 };
    await writeSynthetic(folder, [
      ...controls('none', 2, 1),
      { id: 'it', approach: 'rolling', ...fault },
      { id: 'cut', approach: 'imago', ...fault, record: { sealed: false } },
      { id: 'gone', approach: 'canary', ...fault },
      { id: 'early', approach: 'rolling', fault: 'debug-on', record: { outcome: 'not-reached' } },
      { id: 'vain', approach: 'rolling', fault: 'debug-on', record: { outcome: 'not-injected' } },
    ]);
    await rm(join(folder, 'trials', 'gone'), { recursive: true });
    const judgement = await judgeCampaign(await openCampaign(folder));
    const cells = cellsOf(judgement).filter(({ fault: name }) => name === 'apache-port');
    expect(cells.map(({ approach, type, violation }) => [approach, type, violation])).to.deep.equal([
      ['canary', 3, 'spurious'],
      ['imago', 3, 'spurious'],
      ['rolling', 3, 'spurious'],
    ]);
    const data = reportData(judgement);
    const square = (name: string, approach: string) =>
      data.matrix.user.find((row) => row.fault === name && row.approach === approach) ??
      expect.fail(`no square ${name} ${approach}`);
    expect(textOf(square('debug-on', 'rolling'))).to.equal('not reached 1, lost 1');
    expect(textOf(square('apache-port', 'imago'))).to.equal('lost 1');
    expect(textOf(square('apache-port', 'canary')), 'a trial that was never begun').to.equal('lost 1');
    expect(square('debug-on', 'rolling').opens).to.equal(true);
    expect(square('apache-port', 'imago').opens, 'a trial without a story').to.equal(false);
    const worst = (name: string, approach: string) =>
      data.cells.find((cell) => cell.fault === name && cell.approach === approach)?.worstCase;
    expect(worst('debug-on', 'rolling')).to.equal('every impact 0 % to 100 %');
    expect(worst('apache-port', 'rolling'), 'a cell of which nothing was lost').to.equal('');
    expect(leftOutOfContainment(data.cells)).to.equal(
      'Not in the bars: 1 not injected, 1 never begun, 1 interrupted.',
    );
  });

  it('draws a step that hung up to the upgrade’s end, with a sign of its own', async () => {
    const upgrade = { ...STOPPED_UPGRADE, outcome: 'stuck', gate: 'horizon', endMs: 37_000 } as const;
    await writeSynthetic(folder, [
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', record: { upgrade } },
    ]);
    const store = await openCampaign(folder);
    const path = join(store.trialFolder('it'), 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    const isEnd = (line: string) => line.includes('"step-end"') && line.includes('web1/start');
    await writeFile(path, lines.filter((line) => !isEnd(line)).join('\n'));
    const texts = new Texts();
    const timeline = await timelineData(store.trialFolder('it'), await store.readTrial('it'), texts);
    const story = timelineOf(texts.all(), { id: 'it', timeline });
    expect(story.steps.at(-1)).to.include({ title: 'start Apache', outcome: 'unfinished', toS: 37 });
    expect(JSON.stringify(timelineChart(story, 'light', 600))).to.contain('"what":"unfinished","atS":37');
  });

  it('keeps the story of a trial of which evidence or logs cannot be read, and says so', async function () {
    this.timeout(30_000);
    await writeSynthetic(folder, [{ id: 'it', approach: 'rolling', fault: 'wrong-apache' }]);
    const store = await openCampaign(folder);
    const trial = store.trialFolder('it');
    await rm(join(trial, 'evidence', 'observe__wrong-apache__file.txt'));
    await mkdir(join(trial, 'evidence', 'observe__wrong-apache__file.txt'));
    await rm(join(trial, 'logs'), { recursive: true });
    await writeFile(join(trial, 'logs'), '');
    const judgement = await judgeCampaign(store);
    const { report } = await writeReport(store, judgement);
    const page = await readFile(report, 'utf8');
    expect(page.match(/it: evidence or logs could not be read: /g)).to.have.lengthOf(2);
    const judged = judgement.trials[0] ?? expect.fail('no trial was judged');
    const texts = new Texts();
    const story = await trialData(trial, judged, texts);
    const told = story.evidence.flatMap((evidence) => evidence.texts.map((index) => texts.all()[index]));
    expect(told[0]).to.match(/^observe\/wrong-apache\/file: evidence could not be read: .*EISDIR/);
    expect(story.unreadable).to.have.lengthOf(2);
  });

  it('draws how far faults got and how long requests were held', async function () {
    this.timeout(30_000);
    await writeSynthetic(folder, [
      ...controls('imago', 1, 1),
      { id: 'it', approach: 'imago', fault: 'file-missing' },
    ]);
    const store = await openCampaign(folder);
    const judgement = await judgeCampaign(store);
    await writeReport(store, judgement);
    const picture = (name: string) => readFile(join(folder, 'charts', `${name}.svg`), 'utf8');
    expect(await picture('containment')).to.contain('undecided');
    expect(await picture('quiescence'))
      .to.contain('terminate')
      .and.to.contain('switch');
    expect(await picture('timeline-it')).to.contain('held 20 ms');
    const { quiescences } = reportData(judgement);
    expect(new Set(quiescences.map(({ beside }) => beside))).to.deep.equal(new Set(['']));
    expect(new Set(quiescences.map(({ trialId, isUsual }) => `${trialId}: ${isUsual}`))).to.deep.equal(
      new Set(['imago-none-1: true', 'it: false']),
    );
  });

  it('shows quiescences of controls of another campaign beside its own', async () => {
    await writeSynthetic(folder, [...controls('imago', 1, 1)]);
    const judgement = await judgeCampaign(await openCampaign(folder));
    const [control] = judgement.trials.map(({ record }) => record);
    if (control === undefined) expect.fail('no trial');
    const busier = { ...control, ratePerSecond: 300 };
    const stopped = { ...busier, upgrade: { ...busier.upgrade, outcome: 'stopped' as const } };
    const data = reportData(judgement, { beside: [{ campaign: 'busier', records: [busier, stopped] }] });
    const told = data.quiescences.map(({ beside, ratePerSecond }) => `${beside} ${ratePerSecond}`);
    expect(told).to.deep.equal([' 150', ' 150', 'busier 300', 'busier 300']);
    expect(
      data.trials.map(({ id }) => id),
      'trials of the campaign alone',
    ).to.deep.equal(['imago-none-1']);
  });
});
