import { expect } from 'chai';
import fc from 'fast-check';
import { contrastMargin } from '../../analysis/statistics/contrast.ts';
import { exactIncrease, signTest } from '../../analysis/statistics/exact.ts';
import { correctedExact } from '../../analysis/statistics/family.ts';

const stratum = (baseK: number, baseN: number, nextK: number, nextN: number) => ({
  base: { k: baseK, n: baseN },
  next: { k: nextK, n: nextN },
});

describe('exact tests', () => {
  it('are Fisher’s with one stratum', () => {
    // R: fisher.test(matrix(c(3, 1, 1, 3), 2), alternative = 'greater'): the lady tasting tea.
    expect(exactIncrease([stratum(1, 4, 3, 4)]).p).to.be.closeTo(17 / 70, 1e-12);
    expect(exactIncrease([stratum(0, 5, 5, 5)])).to.deep.include({ p: 1 / 252 });
  });

  it('are McNemar’s with pairs of single trials', () => {
    const pairs = [...Array(7).fill(stratum(0, 1, 1, 1)), stratum(1, 1, 0, 1), stratum(1, 1, 1, 1)];
    expect(exactIncrease(pairs).p).to.be.closeTo(signTest(7, 8).p, 1e-12);
    expect(signTest(7, 8).p).to.be.closeTo(9 / 256, 1e-12);
    expect(signTest(8, 8)).to.deep.equal({ p: 1 / 256, smallestP: 1 / 256 });
    expect(signTest(0, 0)).to.deep.equal({ p: 1, smallestP: 1 });
  });

  it('never alarm more often than they say, whatever the chance of the event', () => {
    const binomial = (n: number, k: number, chance: number) => {
      let ways = 1;
      for (let i = 0; i < k; i += 1) ways = (ways * (n - i)) / (i + 1);
      return ways * chance ** k * (1 - chance) ** (n - k);
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.005, 0.05, 0.2),
        (m, n, chance, alpha) => {
          let alarm = 0;
          for (let i = 0; i <= m; i += 1)
            for (let j = 0; j <= n; j += 1)
              if (exactIncrease([stratum(i, m, j, n)]).p <= alpha)
                alarm += binomial(m, i, chance) * binomial(n, j, chance);
          return alarm <= alpha + 1e-9;
        },
      ),
    );
  });

  it('say what could have been seen', () => {
    expect(exactIncrease([]).smallestP).to.equal(1);
    expect(exactIncrease([stratum(0, 0, 2, 3)]).smallestP).to.equal(1);
    expect(exactIncrease([stratum(2, 5, 1, 5)]).smallestP).to.be.closeTo(10 / 120, 1e-12);
    expect(() => exactIncrease([stratum(3, 2, 0, 1)])).to.throw(RangeError);
  });
});

describe('families of tests', () => {
  it('are corrected only for tests that could have passed', () => {
    const hopeless = Array(50).fill({ p: 1, smallestP: 0.5 });
    expect(correctedExact([{ p: 0.004, smallestP: 0.004 }, ...hopeless], 0.005)[0]).to.equal(0.004);
    const able = Array(4).fill({ p: 0.5, smallestP: 0.0001 });
    expect(correctedExact([{ p: 0.001, smallestP: 0.0001 }, ...able], 0.005)[0]).to.be.closeTo(0.005, 1e-12);
    expect(correctedExact([], 0.05)).to.deep.equal([]);
  });
});

describe('differences of means', () => {
  it('are Welch’s with two groups', () => {
    const a = { count: 5, mean: 0, deviation: 1 };
    const b = { count: 5, mean: 0, deviation: 1 };
    // qt(0.95, 8) * sqrt(2 / 5)
    expect(contrastMargin([a, b], 0.05)).to.be.closeTo(1.859548 * Math.sqrt(0.4), 1e-5);
    // One group alone varies: its own degrees of freedom count; qt(0.95, 4) * sqrt(1 / 5)
    expect(contrastMargin([a, { ...b, deviation: 0 }], 0.05)).to.be.closeTo(2.131847 * Math.sqrt(0.2), 1e-5);
    expect(
      contrastMargin(
        [
          { ...a, deviation: 0 },
          { ...b, deviation: 0 },
        ],
        0.05,
      ),
    ).to.equal(0);
    expect(() => contrastMargin([{ ...a, count: 1 }], 0.05)).to.throw(RangeError);
  });
});
