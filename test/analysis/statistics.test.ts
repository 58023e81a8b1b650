import { expect } from 'chai';
import fc from 'fast-check';
import { ARCSINE, LOGARITHM, predictionMargin, spreadOf } from '../../analysis/statistics/prediction.ts';
import { exactShare } from '../../analysis/statistics/share.ts';
import { normal, uniform } from './synthetic.ts';

describe('prediction interval', () => {
  it('agrees with a textbook example', () => {
    // Hahn and Meeker: n = 5, s = 1: t(0.975; 4) = 2.776, times sqrt(1.2).
    const margin = predictionMargin({ count: 5, mean: 0, deviation: 1 }, 0.025);
    expect(margin).to.be.closeTo(2.776 * Math.sqrt(1.2), 0.001);
  });

  it('misses a new observation about as often as it says, for few and many references', () => {
    const z = normal(7);
    for (const count of [5, 8, 20]) {
      const rounds = 20_000;
      let beyond = 0;
      for (let round = 0; round < rounds; round += 1) {
        const spread = spreadOf(Array.from({ length: count }, () => 10 + 2 * z()));
        if (10 + 2 * z() > spread.mean + predictionMargin(spread, 0.01)) beyond += 1;
      }
      expect(beyond / rounds, `${count} references`).to.be.within(0.006, 0.014);
    }
  });

  it('has no width for constant references, whatever rounding does', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.integer({ min: 2, max: 40 }),
        (value, count) => {
          expect(spreadOf(new Array<number>(count).fill(value))).to.deep.equal({
            count,
            mean: value,
            deviation: 0,
          });
        },
      ),
    );
  });

  it('grows with spread and shrinks with references', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 50 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (count, deviation) => {
          const margin = (n: number, s: number) =>
            predictionMargin({ count: n, mean: 0, deviation: s }, 0.01);
          expect(margin(count + 1, deviation)).to.be.below(margin(count, deviation));
          expect(margin(count, deviation * 2)).to.be.above(margin(count, deviation));
        },
      ),
    );
  });

  it('refuses series that have no spread', () => {
    expect(() => spreadOf([1])).to.throw(RangeError, 'two or more');
    expect(() => spreadOf([1, Number.NaN, 2])).to.throw(RangeError);
  });

  it('comes back from its scales', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        expect(ARCSINE.from(ARCSINE.to(share))).to.be.closeTo(share, 1e-9);
        expect(LOGARITHM.from(LOGARITHM.to(share + 0.1))).to.be.closeTo(share + 0.1, 1e-9);
      }),
    );
  });
});

describe('exact share', () => {
  it('agrees with published limits', () => {
    // 0 of 10: upper limit 1 - 0.025^(1/10); 5 of 10: 0.187 to 0.813.
    expect(exactShare(0, 10)).to.deep.include({ k: 0, n: 10, low: 0 });
    expect(exactShare(0, 10).high).to.be.closeTo(1 - 0.025 ** 0.1, 1e-6);
    expect(exactShare(5, 10).low).to.be.closeTo(0.1871, 1e-4);
    expect(exactShare(5, 10).high).to.be.closeTo(0.8129, 1e-4);
    expect(exactShare(0, 0)).to.deep.equal({ k: 0, n: 0, low: 0, high: 1 });
  });

  it('covers at least as often as it says', () => {
    const draw = uniform(3);
    for (const truth of [0.05, 0.5, 0.9]) {
      let covered = 0;
      for (let round = 0; round < 1000; round += 1) {
        const k = Array.from({ length: 12 }, draw).filter((value) => value < truth).length;
        const { low, high } = exactShare(k, 12);
        if (low <= truth && truth <= high) covered += 1;
      }
      expect(covered / 1000, `share ${truth}`).to.be.at.least(0.935);
    }
  });

  it('refuses what is no share', () => {
    expect(() => exactShare(3, 2)).to.throw(RangeError, '0 <= k <= n');
    expect(() => exactShare(0.5, 2)).to.throw(RangeError);
  });
});
