import { expect } from 'chai';
import { outageSeconds } from '../../analysis/outage.ts';
import { uniform } from './synthetic.ts';

const SPAN = { startMs: 5000, seconds: 60 };

/** Bins of the span and of 5 s on either side; each request is served with the probability of its bin. */
function bins(perBin: number, served: (secondInSpan: number) => number, seed = 1) {
  const draw = uniform(seed);
  return Array.from({ length: 700 }, (_, index) => {
    const chance = served((index * 100 - SPAN.startMs) / 1000);
    const ok = Array.from({ length: perBin }, () => (draw() < chance ? 1 : 0)).filter(Boolean).length;
    return { start_ms: index * 100, offered: perBin, ok };
  });
}

describe('outage', () => {
  it('measures a stretch without service to 100 ms', () => {
    const dark = (second: number) => (second >= 20 && second < 25.3 ? 0 : 1);
    expect(outageSeconds(bins(15, dark), SPAN, 150)).to.equal(5.3);
  });

  it('adds up stretches, and counts only what lies in the horizon', () => {
    const dark = (second: number) => (second < 2 || (second >= 30 && second < 31.5) ? 0 : 1);
    expect(outageSeconds(bins(15, dark), SPAN, 150)).to.equal(3.5);
  });

  it('does not count a lone empty bin, nor gaps shorter than a second', () => {
    const dark = (second: number) => (Math.floor(second * 10) % 20 < 8 ? 0 : 1);
    expect(outageSeconds(bins(15, dark), SPAN, 150)).to.equal(0);
  });

  it('sees an outage in which one request in fifty still succeeds', () => {
    const dark = (second: number) => (second >= 20 && second < 30 ? 0.02 : 1);
    expect(outageSeconds(bins(15, dark), SPAN, 150)).to.be.within(9, 10.5);
  });

  it('does not take heavy losses for an outage, at high and at low rates', () => {
    for (const seed of [1, 2, 3]) {
      expect(
        outageSeconds(
          bins(15, () => 0.2, seed),
          SPAN,
          150,
        ),
      ).to.equal(0);
      expect(
        outageSeconds(
          bins(1, () => 0.5, seed),
          SPAN,
          10,
        ),
      ).to.equal(0);
    }
  });

  it('counts whole windows where most bins have no request', () => {
    const sparse = bins(0, () => 0).map((bin, index) => ({ ...bin, offered: index % 10 === 0 ? 1 : 0 }));
    expect(outageSeconds(sparse, SPAN, 1)).to.equal(60);
  });

  it('widens its windows at low rates, and still sees an outage', () => {
    const dark = (second: number) => (second >= 20 && second < 30 ? 0 : 1);
    expect(outageSeconds(bins(1, dark), SPAN, 10)).to.be.within(9.9, 10.2);
  });

  it('knows nothing where nothing was recorded, and finds no outage where nothing was offered', () => {
    expect(outageSeconds([], SPAN, 150)).to.equal(null);
    expect(
      outageSeconds(
        bins(0, () => 1),
        SPAN,
        150,
      ),
    ).to.equal(0);
  });
});
