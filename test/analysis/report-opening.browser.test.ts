/** How long a report takes to open, as the benchmark of judging measures it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { openingResult, openReport } from '../../harness/bench/judge-page.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, writeSynthetic } from './synthetic.ts';

describe('opening a report', function () {
  this.timeout(60_000);

  it('is measured in a browser to the first square and the last chart, beside a plain page', async () => {
    const root = await mkdtemp(join(tmpdir(), 'upfault-opening-'));
    try {
      const folder = join(root, 'campaign');
      await writeSynthetic(folder, [
        ...controls('none', 2, 1),
        { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
      ]);
      const store = await openCampaign(folder);
      await writeReport(store, await judgeCampaign(store));
      const openings = await openReport({
        folder,
        trials: [{ trialId: 'it', approach: 'rolling', fault: 'wrong-apache', seed: 1 }],
        runs: 2,
        signal: new AbortController().signal,
        say: () => undefined,
      });
      if ('whyNot' in openings) expect.fail(openings.whyNot);
      expect(openings.browser).to.match(/^Chromium \d+/);
      expect(openings.rounds).to.have.length(2);
      for (const { report, plain } of openings.rounds) {
        expect(report.firstMs).to.be.above(0).and.at.most(report.wholeMs);
        expect(plain.firstMs).to.be.above(0).and.at.most(plain.wholeMs);
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('is told as medians beside those of the plain page, or why it was not measured', () => {
    const round = (ms: number) => ({
      report: { firstMs: ms, wholeMs: 4 * ms },
      plain: { firstMs: ms / 2, wholeMs: ms },
    });
    const rounds = [round(100), round(300), round(200)];
    const { figures, notes } = openingResult({ browser: 'Chromium 1', rounds }, 1_000);
    expect(figures.map(({ figure }) => figure)).to.deep.equal([
      'open the report, first square, 1000 trials',
      'open the report, last chart, 1000 trials',
    ]);
    expect(figures[1]).to.include({
      unit: 'ms',
      ours: 800,
      least: 400,
      most: 1_200,
      peer: 200,
      limit: 2_000,
    });
    expect(notes[0]).to.contain('Chromium 1');
    expect(openingResult({ whyNot: 'no browser: none' }, 1_000)).to.deep.equal({
      figures: [],
      notes: ['how long the report takes to open was not measured: no browser: none'],
    });
  });
});
