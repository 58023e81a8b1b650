import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { impactMatrix, type MatrixRow, shareText, textOf } from '../../analysis/charts/impact-matrix.ts';
import { outageLatencyChart } from '../../analysis/charts/outage-latency.ts';
import { reduceTrial } from '../../analysis/figures.ts';
import { judgeTrials } from '../../analysis/judge.ts';
import { faultKinds } from '../../analysis/report/fault-kinds.ts';
import { leaseImpacts } from '../../analysis/report/lease-impact.ts';
import type { ReportTrial, TrialBlock } from '../../analysis/report/page-types.ts';
import {
  containmentRows,
  harmRows,
  primaryRows,
  type TrialSummary,
} from '../../analysis/report/summaries.ts';
import { BLOCK_TRIALS, TrialBlocks } from '../../analysis/report/trial-blocks.ts';
import { controls, type Synthetic, syntheticBins, syntheticRecord } from './synthetic.ts';

const SOUND: TrialSummary = {
  id: 'it',
  fault: 'x',
  type: 1,
  role: 'fault',
  violation: 'omitted',
  approach: 'rolling',
  variant: '',
  outcome: 'completed',
  primary: 'none',
  impacts: [],
  impactsOfFault: [],
  containment: 'not-activated',
  outageS: 0,
  p95Ms: 6,
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

  it('takes compositions for a kind of their own', () => {
    const { types, violations, compositions } = faultKinds([
      trial({}),
      trial({ fault: 'x+y', violation: 'omitted+incorrect', containment: 'reached-users' }),
      trial({ fault: 'x+y', violation: 'omitted+incorrect', containment: 'undecided' }),
    ]);
    expect({ types, violations }).to.deep.equal({ types: [1], violations: ['omitted'] });
    expect(compositions).to.deep.equal({ faults: 1, trials: 2, decided: 1, reached: 1 });
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

  it('hold leased machines against the share of faults that reached users, of those that every approach tells of', () => {
    const trials: Synthetic[] = [
      ...controls('none', 5, 1),
      ...controls('imago', 5, 2),
      ...controls('rolling', 5, 3),
      { id: 'felt', approach: 'imago', fault: 'wrong-apache', outageS: 6 },
      { id: 'again', approach: 'imago', fault: 'wrong-apache' },
      { id: 'not', approach: 'imago', fault: 'apache-port' },
      { id: 'alone', approach: 'imago', fault: 'wrong-universe', outageS: 6 },
      { id: 'lost', approach: 'imago', fault: 'debug-on', record: { outcome: 'harness-failed' } },
      { id: 'in-place-1', approach: 'rolling', fault: 'wrong-apache', outageS: 6 },
      { id: 'in-place-2', approach: 'rolling', fault: 'apache-port', outageS: 6 },
      { id: 'absent', approach: 'rolling', fault: 'wrong-universe', record: { outcome: 'not-applicable' } },
    ];
    const judged = judgeTrials(
      trials.map((one) => {
        const record = syntheticRecord(one);
        return { record, figures: reduceTrial(record, syntheticBins(one)) };
      }),
    );
    const [imago, rolling, ...others] = leaseImpacts(['imago', 'rolling', 'canary'], judged);
    expect(imago).to.include({ approach: 'imago', faults: 2, reached: 1, leasedS: 24, cpuSeconds: 13.5 });
    expect(imago?.leftOut).to.equal('1 undecided or lost, 1 not told of every approach');
    expect([imago?.low, imago?.high].map((share) => share?.toFixed(3))).to.deep.equal(['0.013', '0.987']);
    expect(rolling).to.include({ faults: 2, reached: 2, leftOut: '1 not applicable', cpuSeconds: 0 });
    expect(others, 'an approach that tells of no fault').to.deep.equal([]);
  });
});

describe('squares of the main figure', () => {
  const SQUARE: MatrixRow = {
    type: 1,
    fault: 'x',
    approach: 'rolling',
    impact: 'full outage',
    yes: 0,
    decided: 1,
    inconclusive: 0,
    notReached: 0,
    lost: 0,
    opens: true,
    note: '',
  };

  it('tell trials that could not be decided', () => {
    expect(textOf({ ...SQUARE, inconclusive: 5 })).to.equal('0 of 1; 5 undecided');
    expect(textOf(SQUARE)).to.equal('0 of 1');
    const options = { approaches: ['rolling'], impacts: ['full outage'], stepPx: 30, namesPx: 100 };
    const drawn = JSON.stringify(impactMatrix([SQUARE], { ...options, mode: 'light' }));
    expect(drawn).to.match(/"datum.decided > 0 && datum.inconclusive > 0"}\],"mark":\{[^}]*"strokeDash"/);
  });

  it('never round some to none or to all', () => {
    const texts = [
      shareText(1, 2),
      ...[0, 1, 500, 998, 999].map((yes) => shareText(yes, 999)),
      shareText(10, 10),
    ];
    expect(texts).to.deep.equal(['1/2', '0%', '<1%', '50%', '>99%', '100%', '100%']);
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
