import { expect } from 'chai';
import fc from 'fast-check';
import { labelledChance, labelledShift, normalCdf } from '../../analysis/statistics/power.ts';
import { predictionMargin, spreadOf } from '../../analysis/statistics/prediction.ts';
import { normal } from './synthetic.ts';

const WITHOUT_THRESHOLD = Number.NEGATIVE_INFINITY;

describe('chance of a label', () => {
  it('is the false-alarm rate for a trial that does not differ', () => {
    for (const count of [2, 3, 5, 20, 200])
      for (const alpha of [0.0025, 0.05])
        expect(
          labelledChance({ count, deviation: 0.13, threshold: WITHOUT_THRESHOLD, alpha }, 0),
          `${count} references`,
        ).to.be.closeTo(alpha, 2e-5);
  });

  it('is what simulated trials show, with and without a threshold', () => {
    const z = normal(5);
    for (const { count, threshold, shift } of [
      { count: 5, threshold: WITHOUT_THRESHOLD, shift: 5 },
      { count: 5, threshold: 4, shift: 5 },
      { count: 20, threshold: 1, shift: 3.5 },
    ]) {
      const rounds = 20_000;
      let labelled = 0;
      for (let round = 0; round < rounds; round += 1) {
        const spread = spreadOf(Array.from({ length: count }, () => z()));
        const limit = Math.max(predictionMargin(spread, 0.01), threshold);
        if (shift + z() >= spread.mean + limit) labelled += 1;
      }
      const chance = labelledChance({ count, deviation: 1, threshold, alpha: 0.01 }, shift);
      expect(labelled / rounds, `${count} references`).to.be.closeTo(chance, 0.015);
    }
  });

  it('is a step at the threshold where nothing varies', () => {
    const constant = { count: 5, deviation: 0, threshold: 0.2, alpha: 0.0025 };
    expect([0.19, 0.2].map((shift) => labelledChance(constant, shift))).to.deep.equal([0, 1]);
    expect(labelledShift(constant, 0.9)).to.equal(0.2);
  });

  it('grows with the effect and with the references, and comes back from its inverse', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 60 }),
        fc.double({ min: 0.02, max: 0.6, noNaN: true }),
        fc.double({ min: 0.2, max: 0.98, noNaN: true }),
        (count, deviation, chance) => {
          const instrument = { count, deviation, threshold: 0.2, alpha: 0.0025 };
          const shift = labelledShift(instrument, chance);
          expect(labelledChance(instrument, shift)).to.be.closeTo(chance, 0.005);
          expect(labelledShift(instrument, chance + 0.01)).to.be.at.least(shift);
          // More references see smaller effects, unless the threshold alone decides.
          expect(labelledShift({ ...instrument, count: count + 1 }, 0.9)).to.be.at.most(
            labelledShift(instrument, 0.9) + deviation / 500,
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses a single reference', () => {
    expect(() => labelledChance({ count: 1, deviation: 1, threshold: 0, alpha: 0.01 }, 1)).to.throw(
      RangeError,
      'two or more',
    );
  });

  it('knows the normal distribution', () => {
    for (const [z, p] of [
      [0, 0.5],
      [1.959964, 0.975],
      [-2.575829, 0.005],
    ] as const)
      expect(normalCdf(z)).to.be.closeTo(p, 1e-6);
  });
});
