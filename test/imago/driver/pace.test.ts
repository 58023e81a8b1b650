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
    for (const p95Ms of [60, 60]) pace.read(p95Ms);
    expect(pace.duty).to.be.closeTo(0.3, 1e-9);
    expect(pace.pauseMs(30)).to.be.closeTo(70, 1e-9);
    for (const p95Ms of [6, 6]) pace.read(p95Ms);
    expect(pace.duty).to.be.closeTo(0.3, 1e-9);
    for (let reading = 0; reading < 40; reading += 1) pace.read(6);
    expect(pace.duty).to.equal(1);
  });

  it('does not take one bad second before it began for what clients are used to', () => {
    const pace = new Pace();
    for (const p95Ms of [6, 30, 7]) pace.read(p95Ms);
    pace.start();
    for (const p95Ms of [29, 28, 29]) pace.read(p95Ms);
    expect(pace.duty).to.be.lessThan(0.5);
  });

  it('passes over one reading that stands alone', () => {
    const pace = new Pace();
    for (const p95Ms of [6, 5, 7]) pace.read(p95Ms);
    pace.start();
    for (const p95Ms of [60, 6, 6, 60]) pace.read(p95Ms);
    expect(pace.duty).to.be.closeTo(0.9, 1e-9);
  });

  it('takes what differs between identical systems for nothing', () => {
    const pace = new Pace();
    pace.read(6);
    pace.start();
    pace.read(6 * 1.5 + 0.9);
    expect(pace.duty).to.be.greaterThan(0.5);
  });

  it('goes on at a crawl beside clients that are slow whatever it does', () => {
    const pace = new Pace();
    pace.read(6);
    pace.start();
    for (let reading = 0; reading < 100; reading += 1) pace.read(5_000);
    expect(pace.duty).to.equal(0.2);
  });

  it('refuses what is no latency', () => {
    for (const p95Ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Pace().read(p95Ms)).to.throw('a latency in milliseconds');
    }
  });
});
