import { expect } from 'chai';
import { Pace } from '../../../harness/imago/driver/pace.ts';

describe('driver: pace', () => {
  it('never pauses where nobody is there to be disturbed', () => {
    const pace = new Pace();
    pace.start();
    expect(pace.duty).to.equal(1);
    expect(pace.pauseMs(40)).to.equal(0);
  });

  it('backs off by half while clients wait longer than before, and comes back step by step', () => {
    const pace = new Pace();
    for (const p95Ms of [6, 5, 7]) pace.read(p95Ms);
    pace.start();
    expect(pace.referenceMs).to.equal(6);
    expect(pace.duty).to.equal(0.5);
    // The median of the last three is still one of before.
    pace.read(60);
    expect(pace.duty).to.be.closeTo(0.7, 1e-9);
    pace.read(60);
    expect(pace.duty).to.be.closeTo(0.35, 1e-9);
    expect(pace.pauseMs(35)).to.be.closeTo(65, 1e-9);
    for (const p95Ms of [6, 6]) pace.read(p95Ms);
    expect(pace.duty).to.be.closeTo(1 / 3 + 0.2, 1e-9);
    for (let reading = 0; reading < 40; reading += 1) pace.read(6);
    expect(pace.duty).to.equal(1);
  });

  it('does not take one bad second before it began for what clients are used to', () => {
    const pace = new Pace();
    for (const p95Ms of [6, 90, 7]) pace.read(p95Ms);
    pace.start();
    for (const p95Ms of [89, 88, 89]) pace.read(p95Ms);
    expect(pace.duty).to.be.lessThan(0.5);
  });

  it('passes over one reading that stands alone', () => {
    const pace = new Pace();
    for (const p95Ms of [6, 5, 7]) pace.read(p95Ms);
    pace.start();
    for (const p95Ms of [60, 6, 6, 60]) pace.read(p95Ms);
    expect(pace.duty).to.equal(1);
  });

  it('goes on while clients wait longer by what nobody feels', () => {
    const pace = new Pace();
    pace.read(6);
    pace.start();
    pace.read(6 * 2 + 19);
    expect(pace.duty).to.be.greaterThan(0.5);
  });

  it('goes on at a crawl beside clients that are slow whatever it does', () => {
    const pace = new Pace();
    pace.read(6);
    pace.start();
    for (let reading = 0; reading < 100; reading += 1) pace.read(5_000);
    expect(pace.duty).to.equal(1 / 3);
  });

  it('refuses what is no latency', () => {
    for (const p95Ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Pace().read(p95Ms)).to.throw('a latency in milliseconds');
    }
  });
});
