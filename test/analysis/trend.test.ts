import { expect } from 'chai';
import fc from 'fast-check';
import { trendSlope, trendTest } from '../../analysis/statistics/trend.ts';
import { normal, uniform } from './synthetic.ts';

/** Every order of the values. */
function orders(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, index) =>
    orders(values.filter((_, other) => other !== index)).map((rest) => [value, ...rest]),
  );
}

function score(series: readonly (readonly number[])[]): number {
  return series.reduce(
    (sum, values) =>
      sum +
      values.reduce(
        (all, value, index) =>
          all + values.slice(0, index).reduce((one, earlier) => one + Math.sign(value - earlier), 0),
        0,
      ),
    0,
  );
}

/** Two-sided p by trying every order of each series. */
function byEnumeration(series: readonly (readonly number[])[]): number {
  const seen = Math.abs(score(series));
  const all = series.reduce<number[][][]>(
    (sums, values) => sums.flatMap((before) => orders(values).map((order) => [...before, order])),
    [[]],
  );
  return all.filter((one) => Math.abs(score(one)) >= seen).length / all.length;
}

describe('trend over series', () => {
  it('agrees with published chances', () => {
    // Kendall, "Rank Correlation Methods", table 1, one side: n = 5, S = 10: 0.0083; n = 8, S = 16: 0.031, S = 20: 0.0071.
    expect(trendTest([[1, 2, 3, 4, 5]]).p).to.be.closeTo(2 * 0.0083, 1e-4);
    expect(trendTest([[3, 2, 1, 6, 5, 4, 7, 8]]).p).to.be.closeTo(2 * 0.031, 1e-3);
    expect(trendTest([[7, 8, 5, 6, 3, 4, 1, 2]]).p).to.be.closeTo(2 * 0.0071, 1e-4);
  });

  it('is what counting every order gives, with ties and over several series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        (series) => {
          expect(trendTest(series).p).to.be.closeTo(byEnumeration(series), 1e-9);
        },
      ),
      { numRuns: 60 },
    );
    expect(trendTest([[3, 1, 2, 2, 5, 0, 3]]).p).to.be.closeTo(byEnumeration([[3, 1, 2, 2, 5, 0, 3]]), 1e-9);
  });

  it('cannot pass where nothing varies, nothing is there, or one value is alone', () => {
    for (const series of [[], [[]], [[1]], [[2, 2, 2, 2, 2, 2]], [[1], [2], [3]]])
      expect(trendTest(series)).to.deep.equal({ p: 1, smallestP: 1 });
  });

  it('passes by chance as often as it says, exactly and with the normal distribution', () => {
    const draw = uniform(11);
    for (const lengths of [[6, 6, 6], [60], [45, 5]]) {
      const rounds = 2000;
      let passed = 0;
      for (let round = 0; round < rounds; round += 1) {
        const series = lengths.map((length) => Array.from({ length }, () => Math.floor(10 * draw())));
        if (trendTest(series).p <= 0.05) passed += 1;
      }
      expect(passed / rounds, lengths.join()).to.be.within(0.03, 0.06);
    }
  });

  it('goes over from exact to normal without a step', () => {
    const z = normal(3);
    const long = Array.from({ length: 41 }, (_, index) => z() + index / 25);
    const [exact, approximate] = [trendTest([long.slice(0, 40)]).p, trendTest([long.slice(0, 40), long]).p];
    const normalOne = trendTest([long]).p;
    expect(exact).to.be.within(normalOne / 3, normalOne * 3);
    expect(approximate).to.be.below(exact);
  });

  it('cannot be fooled by the levels of the series', () => {
    const z = normal(9);
    const series = [1, 100, 10_000].map((level) => Array.from({ length: 12 }, () => level * (1 + 0.1 * z())));
    expect(trendTest(series).p).to.be.above(0.05);
  });

  it('has the middle slope, whatever one value does', () => {
    const line = [0, 1, 2, 3, 4, 5].map((at) => ({ at, value: 3 * at }));
    expect(trendSlope([line])).to.be.closeTo(3, 1e-12);
    expect(trendSlope([line.map((point) => (point.at === 2 ? { at: 2, value: 1e6 } : point))])).to.be.closeTo(
      3,
      1e-9,
    );
    expect(trendSlope([[{ at: 1, value: 2 }], []])).to.equal(null);
    expect(
      trendSlope([
        [
          { at: 1, value: 2 },
          { at: 1, value: 3 },
        ],
      ]),
    ).to.equal(null);
  });
});
