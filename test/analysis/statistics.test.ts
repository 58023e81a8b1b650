import { expect } from 'chai';
import fc from 'fast-check';
import {
  ARCSINE,
  adjustedTo,
  LOGARITHM,
  type Prediction,
  predictionMargin,
  spreadOf,
} from '../../analysis/statistics/prediction.ts';
import { exactShare } from '../../analysis/statistics/share.ts';
import { normal, uniform } from './synthetic.ts';

/** Of so many values around 0. */
function unitSpread(count: number, deviation: number): Prediction {
  return { count, mean: 0, deviation, freedom: count - 1, width: Math.sqrt(1 + 1 / count) };
}

describe('prediction interval', () => {
  it('agrees with a textbook example', () => {
    // Hahn and Meeker: n = 5, s = 1: t(0.975; 4) = 2.776, times sqrt(1.2).
    const margin = predictionMargin(unitSpread(5, 1), 0.025);
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
            ...unitSpread(count, 0),
            mean: value,
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
          const margin = (n: number, s: number) => predictionMargin(unitSpread(n, s), 0.01);
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

  describe('adjusted by a covariate', () => {
    it('agrees with a worked example', () => {
      // y on x = 1..5: slope 0.6, centre 4 at the mean; residual sum of squares 2.4, so s^2 = 0.8 with 3 degrees of freedom.
      const adjusted = adjustedTo([2, 4, 5, 4, 5], [1, 2, 3, 4, 5], 5);
      expect(adjusted?.spread.mean).to.be.closeTo(5.2, 1e-12);
      expect(adjusted?.spread).to.include({ count: 5, freedom: 3 });
      expect(adjusted?.spread.deviation).to.be.closeTo(Math.sqrt(0.8), 1e-12);
      expect(adjusted?.spread.width).to.be.closeTo(Math.sqrt(1 + 1 / 5 + 4 / 10), 1e-12);
      const moved = [4.4, 5.8, 6.2, 4.6, 5];
      for (const [index, value] of moved.entries())
        expect(adjusted?.values[index]).to.be.closeTo(value, 1e-12);
    });

    it('misses a new observation as often as it says, whether the covariate matters or not', () => {
      const z = normal(11);
      for (const slope of [0, 2]) {
        for (const count of [10, 20]) {
          const rounds = 20_000;
          let beyond = 0;
          for (let round = 0; round < rounds; round += 1) {
            const speeds = Array.from({ length: count + 1 }, () => z());
            const values = speeds.map((speed) => 10 + slope * speed + z());
            const at = speeds[count] ?? 0;
            const adjusted = adjustedTo(values.slice(0, count), speeds.slice(0, count), at);
            if (adjusted === null) throw new Error('the covariate varies');
            const { spread } = adjusted;
            if ((values[count] ?? 0) > spread.mean + predictionMargin(spread, 0.01)) beyond += 1;
          }
          expect(beyond / rounds, `slope ${slope}, ${count} references`).to.be.within(0.006, 0.014);
        }
      }
    });

    it('has nothing to go by where the covariate is the same for all, and refuses what is no pair', () => {
      expect(adjustedTo([1, 2, 3], [0.1 + 0.2, 0.3, 0.3], 4)).to.equal(null);
      expect(() => adjustedTo([1, 2], [1, 2], 1)).to.throw(RangeError, 'three or more');
      expect(() => adjustedTo([1, 2, 3], [1, 2], 1)).to.throw(RangeError);
      expect(() => adjustedTo([1, 2, 3], [1, 2, 4], Number.NaN)).to.throw(RangeError);
    });
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
