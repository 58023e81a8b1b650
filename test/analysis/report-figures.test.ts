import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { outageLatencyChart } from '../../analysis/charts/outage-latency.ts';
import { reduceTrial } from '../../analysis/figures.ts';
import { judgeTrials } from '../../analysis/judge.ts';
import type { ReportTrial, TrialBlock } from '../../analysis/report/data.ts';
import { faultKinds } from '../../analysis/report/fault-kinds.ts';
import { leaseImpactOf } from '../../analysis/report/lease-impact.ts';
import {
  containmentRows,
  harmRows,
  primaryRows,
  type TrialSummary,
} from '../../analysis/report/summaries.ts';
import { BLOCK_TRIALS, TrialBlocks } from '../../analysis/report/trial-blocks.ts';
import { controls, type Synthetic, syntheticBins, syntheticRecord } from './synthetic.ts';

const SOUND: TrialSummary = {
  ...{
    id: 'it',
    fault: 'x',
    type: 1,
    role: 'fault',
    violation: 'omitted',
    approach: 'rolling',
    variant: '',
    outcome: 'completed',
  },
  ...{ primary: 'none', impacts: [], impactsOfFault: [], containment: 'not-activated', outageS: 0, p95Ms: 6 },
};
const trial = (more: Partial<TrialSummary>): TrialSummary => ({ ...SOUND, ...more });

describe('types and violations', () => {
  it('counts faults once, and of their trials those that tell whether users were reached', () => {
    const { cells } = faultKinds([
      trial({ containment: 'reached-users' }),
      trial({ containment: 'discarded' }),
      trial({ fault: 'y', containment: 'undecided' }),
      trial({ fault: 'z', type: 3, violation: 'spurious', containment: 'inapplicable' }),
      trial({ fault: 'none', type: 0, role: 'control', violation: 'none', containment: '' }),
    ]);
    const told = cells.map((cell) => [
      cell.type,
      cell.violation,
      cell.faults,
      cell.trials,
      cell.decided,
      cell.reached,
    ]);
    expect(told).to.deep.equal([
      [1, 'omitted', 2, 3, 2, 1],
      [1, 'spurious', 0, 0, 0, 0],
      [3, 'omitted', 0, 0, 0, 0],
      [3, 'spurious', 1, 1, 0, 0],
    ]);
  });

  it('says whether they are crossed evenly', () => {
    const uneven = [trial({}), trial({ fault: 'y' }), trial({ fault: 'z', type: 2, violation: 'inverted' })];
    expect(faultKinds(uneven).caveat)
      .to.contain('not crossed evenly: a pair has 0 to 2 faults')
      .and.to.contain('2 of 4 pairs have no fault');
    const even = [1, 2].flatMap((type) =>
      ['omitted', 'inverted'].map((violation) => trial({ fault: `${type}${violation}`, type, violation })),
    );
    expect(faultKinds(even).caveat).to.equal(
      'Types and violations are crossed evenly: every pair has 1 fault.',
    );
  });
});

describe('figures of the report', () => {
  it('count completed trials by severity, and trials that tell by how far the fault got', () => {
    const trials = [
      trial({ primary: 'full outage', containment: 'reached-users' }),
      trial({ primary: 'full outage', containment: 'reached-users' }),
      trial({ fault: 'slow', type: 5, role: 'positive control', primary: 'increased latency' }),
      trial({ outcome: 'harness-failed', primary: '', containment: '' }),
      trial({ fault: 'none', type: 0, role: 'control', approach: 'none', containment: '' }),
    ];
    expect(primaryRows(trials)).to.deep.equal([
      { type: 0, approach: 'none', primary: 'none', trials: 1 },
      { type: 1, approach: 'rolling', primary: 'full outage', trials: 2 },
    ]);
    expect(containmentRows(trials)).to.deep.equal([
      { approach: 'rolling', containment: 'reached-users', trials: 2 },
    ]);
    expect(harmRows(trials).map(({ fault }) => fault)).to.deep.equal(['x', 'x', 'no upgrade']);
  });

  it('span the same axes where charts of several types are asked to', () => {
    const rows = harmRows([trial({ outageS: 21 }), trial({ type: 2, outageS: 1 })]);
    const options = { mode: 'light', approaches: ['rolling'], widthPx: 600, namesPx: 100 } as const;
    const domains = (spec: object) =>
      [...JSON.stringify(spec).matchAll(/"scale":\{"domain":(\[[^\]]*\])/g)].map(([, d]) => d);
    const apart = outageLatencyChart(rows.slice(1), options);
    const together = outageLatencyChart(rows.slice(1), { ...options, span: rows });
    expect(domains(apart)).to.include('[0,8]');
    expect(domains(together)).to.include('[0,24]').and.to.not.include('[0,8]');
  });

  it('hold leased machines against the share of faults that reached users', () => {
    const trials: Synthetic[] = [
      ...controls('none', 5, 1),
      ...controls('imago', 5, 2),
      { id: 'felt', approach: 'imago', fault: 'wrong-apache', outageS: 6 },
      { id: 'not', approach: 'imago', fault: 'wrong-apache' },
      { id: 'lost', approach: 'imago', fault: 'wrong-apache', record: { outcome: 'harness-failed' } },
    ];
    const judged = judgeTrials(
      trials.map((one) => {
        const record = syntheticRecord(one);
        return { record, figures: reduceTrial(record, syntheticBins(one)) };
      }),
    );
    const row = leaseImpactOf('imago', judged);
    expect(row).to.deep.include({ approach: 'imago', decided: 2, reached: 1, leasedS: 24, cpuSeconds: 13.5 });
    expect([row.low, row.high].map((share) => share.toFixed(3))).to.deep.equal(['0.013', '0.987']);
    expect(leaseImpactOf('canary', judged)).to.deep.include({
      decided: 0,
      low: 0,
      high: 1,
      cpuSeconds: null,
    });
  });
});

describe('packed trials', () => {
  it('are found at their places, with the texts of their own block', async () => {
    const blocks = new TrialBlocks();
    for (let index = 0; index <= BLOCK_TRIALS; index += 1)
      await blocks.add(
        async (texts) => ({ id: `t${index}`, reason: texts.index(`reason ${index}`) }) as ReportTrial,
      );
    const packed = await blocks.all();
    const unpacked = packed.map(
      (text) => JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as TrialBlock,
    );
    expect(unpacked.map(({ trials }) => trials.length)).to.deep.equal([BLOCK_TRIALS, 1]);
    const [first] = unpacked[1]?.trials ?? [];
    expect(first?.id).to.equal(`t${BLOCK_TRIALS}`);
    expect(unpacked[1]?.texts[first?.reason ?? -1]).to.equal(`reason ${BLOCK_TRIALS}`);
  });
});
