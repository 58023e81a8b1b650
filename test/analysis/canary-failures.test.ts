/** Series on which judges of canaries are known to fail: constant, empty, short, damaged, or with one reference far out. */
import { expect } from 'chai';
import type { JudgedTrial } from '../../analysis/judge.ts';
import type { Impact } from '../../analysis/rules.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { sideOf } from './compare/sides.ts';
import { controls, type Synthetic } from './synthetic.ts';

const FAULT = { approach: 'rolling', fault: 'f' };
const LATENCY = 'increased latency';
const THROUGHPUT = 'degraded throughput';

function judged(references: readonly Synthetic[], trial: Omit<Synthetic, 'id' | 'approach'>): JudgedTrial {
  const it = sideOf([...references, { id: 'it', ...FAULT, ...trial }]).trials.at(-1);
  if (it === undefined) throw new Error('no trial was judged');
  return it;
}

function decision(trial: JudgedTrial, impact: Impact) {
  const found = trial.labels.find((one) => one.impact === impact && one.contrast === 'fault');
  if (found === undefined) throw new Error(`no label ${impact}`);
  return found.decision;
}

/** Figures of the horizon that no series could have. */
function horizon(figures: Partial<NonNullable<TrialRecord['horizon']>>): Partial<TrialRecord> {
  const sound = {
    startMs: 16_000,
    seconds: 40,
    offered: 6000,
    ok: 6000,
    failed: {},
    p50Ms: 3,
    p95Ms: 6,
    p99Ms: 9,
  };
  return { horizon: { ...sound, ...figures } };
}

describe('series on which judges of canaries fail', () => {
  describe('all zero', () => {
    it('no reference fails a request: the effect alone decides', () => {
      const references = controls('rolling', 6, 1);
      for (const [failedShare, label] of [
        [0, 'no'],
        [0.0002, 'no'],
        [0.049, 'no'],
        [0.051, 'yes'],
      ] as const) {
        const decided = decision(judged(references, { failedShare }), THROUGHPUT);
        expect(decided.label, `${failedShare}`).to.equal(label);
      }
    });

    it('references that serve nothing are no measure, neither for a trial like them nor for a better one', () => {
      const dead = controls('rolling', 6, 1, { failedShare: 1 });
      for (const failedShare of [1, 0.99, 0]) {
        const decided = decision(judged(dead, { failedShare }), THROUGHPUT);
        expect(decided.label, `${failedShare}`).to.equal('inconclusive');
        expect(decided.reason).to.contain('references are nearly as bad as can be');
      }
    });

    it('a latency of zero is none', () => {
      const decided = decision(
        judged(controls('rolling', 6, 1), { record: horizon({ p50Ms: 0, p95Ms: 0 }) }),
        LATENCY,
      );
      expect(decided).to.deep.include({ label: 'inconclusive', figure: null });
    });
  });

  describe('mostly zero', () => {
    const share = [0, 0, 0, 0, 0.001, 0, 0.004, 0];
    const references = controls('rolling', 8, 1).map((one, index) => ({
      ...one,
      failedShare: share[index] ?? 0,
    }));

    it('a trial that fails as few requests is like them, one that fails a tenth is not', () => {
      expect(decision(judged(references, { failedShare: 0.004 }), THROUGHPUT).label).to.equal('no');
      expect(decision(judged(references, { failedShare: 0.1 }), THROUGHPUT).label).to.equal('yes');
    });
  });

  it('constant against constant is no difference, whatever rounding does', () => {
    for (const p95Ms of [6, 0.1 + 0.2, 1 / 3, 1e-9]) {
      const references = controls('rolling', 5, 1, { p50Ms: p95Ms, p95Ms });
      const decided = decision(judged(references, { p50Ms: p95Ms, p95Ms }), LATENCY);
      expect(decided.label, `${p95Ms} ms`).to.equal('no');
      expect(decided.reason).to.contain('references are constant');
    }
  });

  describe('one reference far out', () => {
    const far = controls('rolling', 8, 1).map((one, index) => (index === 3 ? { ...one, p95Ms: 60 } : one));

    it('labels no ordinary trial, and no control but the one', () => {
      const { trials } = sideOf([...far, { id: 'it', ...FAULT }]);
      const labelled = trials.filter((trial) => decision(trial, LATENCY).label === 'yes');
      expect(labelled.map(({ record }) => record.trialId)).to.deep.equal(['rolling-none-4']);
    });

    it('hides twice the latency, and says which one it was', () => {
      const decided = decision(judged(far, { p95Ms: 15 }), LATENCY);
      expect(decided.label).to.equal('no');
      expect(decided.reason).to.match(
        /one reference decides: without rolling-none-4 \(60\) the bound were \d/,
      );
      expect(decision(judged(controls('rolling', 8, 1), { p95Ms: 15 }), LATENCY).label).to.equal('yes');
    });

    it('is not blamed where the trial would be ordinary without it too', () => {
      expect(decision(judged(far, { p95Ms: 6.5 }), LATENCY).reason).to.not.contain('one reference decides');
    });
  });

  describe('missing', () => {
    it('a trial without a latency is undecided, never fine', () => {
      const decided = decision(
        judged(controls('rolling', 6, 1), { record: horizon({ p50Ms: null, p95Ms: null }) }),
        LATENCY,
      );
      expect(decided.label).to.equal('inconclusive');
    });

    it('references without one are left out, and counted', () => {
      const references = controls('rolling', 8, 1).map((one, index) =>
        index < 4 ? { ...one, record: horizon({ p50Ms: null, p95Ms: null }) } : one,
      );
      const decided = decision(judged(references, { p95Ms: 60 }), LATENCY);
      expect(decided.label).to.equal('inconclusive');
      expect(decided.reason).to.contain(
        '(4 more left out: overloaded or not measured), at least 5 are wanted',
      );
    });

    it('infinity is no latency', () => {
      const decided = decision(
        judged(controls('rolling', 6, 1), { record: horizon({ p95Ms: Number.POSITIVE_INFINITY }) }),
        LATENCY,
      );
      expect(decided.label).to.equal('inconclusive');
    });
  });

  describe('few points', () => {
    it('99 answers support no percentile, 100 do', () => {
      const label = (ok: number) =>
        decision(
          judged(controls('rolling', 6, 1), {
            record: horizon({ ok, failed: { 'error-status': 6000 - ok }, p95Ms: 60 }),
          }),
          LATENCY,
        ).label;
      expect([label(99), label(100)]).to.deep.equal(['inconclusive', 'yes']);
    });

    it('no, one and four references decide nothing of performance, five do', () => {
      const labels = [0, 1, 4, 5].map((count) => {
        const trial = judged(controls('rolling', count, 1), { p95Ms: 600, failedShare: 0.5 });
        return [decision(trial, LATENCY).label, decision(trial, THROUGHPUT).label];
      });
      const undecided = ['inconclusive', 'inconclusive'];
      expect(labels).to.deep.equal([undecided, undecided, undecided, ['yes', 'yes']]);
    });
  });

  it('an overloaded reference is left out, and its slowness excuses nothing', () => {
    const overloaded = {
      ...{ cpuPressureShare: 0.9, cpuBusyShare: 0.99, throttledShare: { ingress: 0 }, cpuSeconds: {} },
      ...{ lateStarts: 0, supervisorPeakRssMb: 1 },
    };
    const references = [
      ...controls('rolling', 6, 1),
      { id: 'slow', approach: 'rolling', p95Ms: 200, record: { machine: overloaded } },
    ];
    const decided = decision(judged(references, { p95Ms: 15 }), LATENCY);
    expect(decided.label).to.equal('yes');
    expect(decided.references).to.not.include('slow');
  });
});
