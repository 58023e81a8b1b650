import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { claimsOf } from '../../analysis/claims/claims.ts';
import { falseAlarmsOf } from '../../analysis/false-alarms.ts';
import { type Judgement, judgeCampaign } from '../../analysis/judge.ts';
import { faultKinds } from '../../analysis/report/fault-kinds.ts';
import { reportData } from '../../analysis/report/report-data.ts';
import { containmentRows, harmRows, primaryRows } from '../../analysis/report/summaries.ts';
import { sensitivityLines, sensitivityOf } from '../../analysis/sensitivity.ts';
import { exactShare } from '../../analysis/statistics/share.ts';
import { summaryText } from '../../analysis/summary.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { judgementJson } from '../../harness/commands/judge.ts';
import { type CampaignStore, openCampaign } from '../../results/store.ts';
import { controls, type Synthetic, writeSynthetic } from './synthetic.ts';

const SIZES = { latency: ['2x', 2], errors: ['10%', 0.1], outage: ['5s', 5] } as const;

/** A positive control in which users felt what `felt` says, whatever was done to them. */
function positive(id: string, kind: keyof typeof SIZES, felt: Partial<Synthetic>): Synthetic {
  const [text, size] = SIZES[kind];
  const disturbance = { kind, size, atMs: 16_000, forS: kind === 'outage' ? 5 : 40, counted: null };
  return {
    ...{ id, approach: 'none', fault: `positive@${kind}:${text}`, type: 5 },
    ...felt,
    record: { disturbance, plan: [], ...felt.record },
  };
}

const TWICE = { p50Ms: 5.6, p95Ms: 12 };

describe('sensitivity to positive controls', () => {
  let folder: string;
  let store: CampaignStore;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'upfault-sensitivity-')), 'campaign');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  async function judge(trials: readonly Synthetic[]): Promise<Judgement> {
    await writeSynthetic(folder, trials);
    store = await openCampaign(folder);
    return judgeCampaign(store);
  }
  const rowsOf = (judgement: Judgement, contrast = 'fault') =>
    sensitivityOf(judgement)
      .filter((row) => row.contrast === contrast)
      .map(({ fault, impact, share: { k, n }, inconclusive, lost }) => [
        ...[fault, impact, k, n, inconclusive, lost],
      ]);

  it('counts those that are labelled with the harm that was done, and misses all others', async () => {
    const judgement = await judge([
      ...controls('none', 6, 11),
      positive('latency-1', 'latency', TWICE),
      positive('latency-2', 'latency', {}),
      positive('latency-3', 'latency', { outageS: 5 }),
      positive('errors-1', 'errors', { failedShare: 0.1 }),
      positive('outage-1', 'outage', { outageS: 5 }),
      positive('outage-2', 'outage', { outageS: 5 }),
      positive('outage-3', 'outage', { outageS: 2 }),
    ]);
    const rows = [
      ['positive@errors:10%', 'degraded throughput', 1, 1, 0, 0],
      ['positive@latency:2x', 'increased latency', 1, 3, 0, 0],
      ['positive@outage:5s', 'full outage', 2, 3, 0, 0],
    ];
    expect(rowsOf(judgement)).to.deep.equal(rows);
    expect(rowsOf(judgement, 'user')).to.deep.equal(rows);
    expect(sensitivityLines(judgement)[1]?.text).to.equal('1 of 3, 1 to 91 %');
  });

  it('misses what could not be decided, and leaves out where the harm was not done', async () => {
    const notDone = { outcome: 'not-injected', outcomeReason: 'not-found: 0 of 3 requests refused' } as const;
    const judgement = await judge([
      ...controls('none', 4, 11),
      positive('latency-1', 'latency', TWICE),
      positive('outage-1', 'outage', { outageS: 5 }),
      positive('outage-0', 'outage', { record: { outcome: 'harness-failed', horizon: null } }),
      positive('outage-2', 'outage', { outageS: 5, record: { ...notDone } }),
    ]);
    expect(rowsOf(judgement)).to.deep.equal([
      ['positive@latency:2x', 'increased latency', 0, 1, 1, 0],
      ['positive@outage:5s', 'full outage', 0, 1, 1, 2],
    ]);
    expect(sensitivityLines(judgement).map(({ text }) => text)).to.deep.equal([
      '0 of 1, 0 to 98 %; 1 undecided',
      '0 of 1, 0 to 98 %; 1 undecided; 2 lost',
    ]);
  });

  it('takes no positive control for a reference, a control or a fault', async () => {
    const disturbed = [
      ...Array.from({ length: 5 }, (_, index) => positive(`latency-${index}`, 'latency', TWICE)),
      positive('outage-1', 'outage', { outageS: 9 }),
    ];
    const judgement = await judge([
      ...controls('none', 6, 11),
      ...disturbed,
      { id: 'it', approach: 'rolling', fault: 'wrong-apache', ...TWICE, outageS: 4 },
    ]);
    const disturbedIds = disturbed.map(({ id }) => id);
    const used = judgement.trials.flatMap(({ labels }) =>
      labels.flatMap((label) => label.decision.references),
    );
    expect(used.filter((id) => disturbedIds.includes(id))).to.deep.equal([]);
    const labelled = judgement.trials.find(({ record }) => record.trialId === 'it');
    expect(labelled?.impacts).to.include.members(['full outage', 'increased latency']);
    for (const { share, undecided } of falseAlarmsOf(judgement.trials))
      expect(share.n + undecided).to.equal(6);
    const judged = judgement.trials.filter(({ record }) => disturbedIds.includes(record.trialId));
    for (const { containment, impactsOfFault } of judged)
      expect({ containment, impactsOfFault }).to.deep.equal({ containment: '', impactsOfFault: [] });
    expect(JSON.stringify(claimsOf(judgement.trials))).to.not.match(/latency-|outage-1/);
    const { matrix, trials, cells } = reportData(judgement);
    const figures = [
      matrix,
      primaryRows(trials),
      containmentRows(trials),
      harmRows(trials),
      faultKinds(trials),
    ];
    expect(JSON.stringify(figures)).to.not.match(/positive@|"type":5/);
    expect(cells.map(({ fault }) => fault)).to.include('positive@latency:2x');
  });

  it('is printed, in the JSON, in the report’s data and in a table, and in none without positive controls', async () => {
    const judgement = await judge([
      ...controls('none', 6, 11),
      positive('errors-1', 'errors', { failedShare: 0.1 }),
    ]);
    const line = 'positive@errors:10% under none, degraded throughput: 1 of 1, 3 to 100 %';
    expect(summaryText(judgement)).to.contain(
      `Positive controls labelled with the harm that was done (95 % interval): ${line}.`,
    );
    const files = await writeJudgement(store, judgement);
    const table = await readFile(join(folder, 'sensitivity.csv'), 'utf8');
    expect(files).to.include(join(folder, 'sensitivity.csv'));
    expect(table).to.equal(
      [
        'fault,approach,variant,contrast,impact,labelled,trials,share,low,high,inconclusive,lost',
        'positive@errors:10%,none,,fault,degraded throughput,1,1,1,0.025,1,0,0',
        'positive@errors:10%,none,,user,degraded throughput,1,1,1,0.025,1,0,0',
        '',
      ].join('\n'),
    );
    const [row] = JSON.parse(judgementJson(judgement, files)).sensitivity;
    expect(row).to.include({
      ...{ fault: 'positive@errors:10%', approach: 'none', variant: '' },
      k: 1,
      n: 1,
    });
    expect(row).to.include({ contrast: 'fault', impact: 'degraded throughput', inconclusive: 0, lost: 0 });
    expect([row.low, row.high]).to.deep.equal([exactShare(1, 1).low, 1]);
    expect(reportData(judgement).sensitivity).to.have.length(1);
    const without = { ...judgement, trials: judgement.trials.slice(1, 2) };
    expect(sensitivityOf({ ...without, campaign: { ...judgement.campaign, schedule: [] } })).to.deep.equal(
      [],
    );
  });
});
