import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { expect } from 'chai';
import { ALPHA, P95 } from '../../analysis/impact/performance-rules.ts';
import { FALSE_ALARM_BUDGET } from '../../analysis/rules.ts';
import { labelledChance } from '../../analysis/statistics/power.ts';
import { exactShare } from '../../analysis/statistics/share.ts';
import { NOISE, SOUND } from './oracle.ts';
import { ORACLE_REFERENCES, type OracleHarm, theOracle, UNSTEADY_SHARE } from './oracle-runs.ts';

/** Chance on either side with which a right rate is taken for a wrong one. */
const TAIL = 0.0005;

describe('judgement of simulated trials', function () {
  this.timeout(120_000);

  function harm(name: string): OracleHarm {
    const found = theOracle().harms.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no simulated trial ${name}`);
    return found;
  }

  function share(name: string, references: number): number {
    return (harm(name).labelled.get(references) ?? 0) / theOracle().rounds;
  }

  /** The number of labels is one that a chance from `least` to `most` gives. */
  function expectChance(name: string, references: number, least: number, most = least): void {
    const { rounds } = theOracle();
    const k = harm(name).labelled.get(references) ?? 0;
    const context = `${name}, ${references} controls: ${k} of ${rounds}, chance ${least} to ${most}`;
    expect(binomialCdf(k, rounds, least), `too few: ${context}`).to.be.above(TAIL);
    expect(1 - binomialCdf(k - 1, rounds, most), `too many: ${context}`).to.be.above(TAIL);
  }

  for (const references of ORACLE_REFERENCES) {
    describe(`against ${references} controls`, () => {
      it('labels latency as often as the prediction interval promises', () => {
        const threshold = Math.log(P95.limit(SOUND.p95Ms) / SOUND.p95Ms);
        const instrument = { count: references, deviation: NOISE.p95, threshold, alpha: ALPHA };
        for (const [name, factor] of [
          ['p95 x 1.25 (borderline)', 1.25],
          ['p95 x 1.5', 1.5],
          ['p95 x 2', 2],
          ['p95 x 3', 3],
        ] as const) {
          const chance = labelledChance(instrument, Math.log(factor));
          // The median may raise a false alarm of its own beside it.
          expectChance(name, references, chance, Math.min(1, chance + ALPHA));
        }
      });

      it('labels what needs no references for its size always, and never what is too small', () => {
        for (const name of [
          '10 % of requests fail',
          '5 s without service',
          'one write lost',
          'one port more open',
          'a provocation fails',
        ])
          expect(share(name, references), name).to.equal(1);
        for (const name of ['2 % of requests fail', '2 s without service'])
          expect(share(name, references), name).to.equal(0);
        expect(share('7 % of requests fail', references)).to.be.at.least(0.995);
      });

      it('is undecided between yes and no where harm lies on the threshold', () => {
        for (const name of ['5 % of requests fail (borderline)', '3 s without service (borderline)'])
          expect(share(name, references), name).to.be.within(0.4, 0.65);
      });

      it('sees one harm beside others', () => {
        const name = '5 s without service, p95 x 3 and a write lost: the latency';
        expect(share(name, references)).to.be.at.least(share('p95 x 3', references) - 0.03);
      });

      it('excuses what controls show too, as often as one of them does', () => {
        expectChance('one write lost, where controls lose none or one', references, 0.5 ** references);
        const flaky = 'a provocation fails that one trial in ten fails anyway';
        expectChance(flaky, references, (1 - UNSTEADY_SHARE) ** references);
      });

      it('raises false alarms within its budget where latencies vary evenly', () => {
        for (const { noise, counts } of theOracle().alarms.slice(0, 3)) {
          const { k, n } = counts.get(references) ?? { k: 0, n: 0 };
          expect(exactShare(k, n).high, `${noise}: ${k} of ${n}`).to.be.below(FALSE_ALARM_BUDGET);
        }
      });
    });
  }

  it('labels twice the latency in at least 95 of 100 trials with twenty controls, in half of them with five', () => {
    expect(share('p95 x 2', 20)).to.be.at.least(0.95);
    expect(share('p50 and p95 x 2', 20)).to.be.at.least(0.95);
    expect(share('p95 x 2', 5)).to.be.within(0.4, 0.7);
  });

  it('alarms more often than its budget where some trials are slow for no reason', () => {
    const tailed = theOracle().alarms.at(-1)?.counts.get(20) ?? { k: 0, n: 0 };
    expect(exactShare(tailed.k, tailed.n).high).to.be.within(FALSE_ALARM_BUDGET, 0.03);
  });
});
