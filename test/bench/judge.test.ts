import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { judgeCampaign } from '../../analysis/judge.ts';
import { benchTable } from '../../harness/bench/bench.ts';
import { JUDGE_SIZES, type JudgeRound, resultOf } from '../../harness/bench/judge.ts';
import { BENCH_CONTROLS, writeBenchCampaign } from '../../harness/bench/judge-campaign.ts';
import { openCampaign } from '../../results/store.ts';
import { campaignRequest } from '../campaign/request.ts';

const round = (seconds: number, peakMb: number): JudgeRound => ({
  parse: { seconds, cpuS: seconds, peakMb: 100 },
  judge: { seconds: 2 * seconds, cpuS: seconds, peakMb },
  report: { seconds: 3 * seconds, cpuS: 4 * seconds, peakMb: peakMb + 50 },
});

describe('bench judge', () => {
  const result = resultOf({
    limited: [round(1, 200), round(3, 220), round(2, 210)],
    large: [round(10, 900), round(30, 900), round(20, 900)],
  });
  const figure = (name: string) => result.figures.find((one) => one.figure === name);

  it('adds judge and report, and holds their median against the floor and the limits', () => {
    expect(figure('judge + report, 1000 trials')).to.deep.include({
      ...{ ours: 10, least: 5, most: 15, peer: 2, limit: 10 },
    });
    expect(figure('judge + report, CPU, 1000 trials')).to.deep.include({ ours: 10, peer: 2, limit: null });
    expect(figure('peak, 1000 trials')).to.deep.include({ ours: 260, peer: 100, limit: 400 });
    expect(benchTable(result)).to.contain('peer: the same files parsed by JSON.parse and csv-parse');
  });

  it('says whether the time grows in step with the trials', () => {
    const growth = (seconds: number) =>
      resultOf({ limited: [round(1, 1)], large: [round(seconds, 1)] }).figures.at(-1);
    const times = JUDGE_SIZES.large / JUDGE_SIZES.limited;
    expect(growth(times)?.ours).to.be.closeTo(1, 1e-9);
    expect(growth(times * 1.2)?.ours).to.be.above(growth(1)?.limit ?? Number.NaN);
  });

  it('judges a campaign like real ones: whole, with every control, and with labels', async () => {
    const root = await mkdtemp(join(tmpdir(), 'upfault-bench-judge-'));
    try {
      const count = 3 * BENCH_CONTROLS + 12;
      const request = campaignRequest({ faults: ['apache-port', 'wrong-privileges', 'config-nochange'] });
      await writeBenchCampaign(join(root, 'campaign'), request, count);
      const { trials, left, gates } = await judgeCampaign(await openCampaign(join(root, 'campaign')));
      expect(left).to.deep.equal({ interrupted: [], damaged: [], missing: [] });
      expect(trials).to.have.length(count);
      expect(trials.filter(({ record }) => record.fault.type === 0)).to.have.length(3 * BENCH_CONTROLS);
      const labels = trials.flatMap((trial) => trial.labels.map(({ decision }) => decision.label));
      expect(labels).to.include('yes').and.to.include('no');
      expect(gates.get('rolling-apache-port-1')).to.not.equal(undefined);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
