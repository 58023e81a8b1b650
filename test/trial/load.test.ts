import { expect } from 'chai';
import fc from 'fast-check';
import { BUDGETED_WARM_UP_S, warmUpFor } from '../../harness/trial/load.ts';
import { CONNECTS_PER_SECOND, clientsFor, openingFor } from '../../harness/workload/workload.ts';
import { CLIENT_TIMEOUT_MS } from '../../results/series.ts';

describe('the opening of a load', () => {
  it('fits the quick windows at the standard load, and takes longer where more clients connect', () => {
    expect([60, 150, 300, 1_000].map((rate) => warmUpFor(rate, 3.5))).to.deep.equal([3.5, 3.5, 6.5, 20.5]);
  });

  it('is never shorter than the windows say', () => {
    expect(warmUpFor(150, 10)).to.equal(10);
  });

  it('lets every client connect before the budgets hold, and never too many in a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 4, max: 20 }), (rate, windowsS) => {
        const seconds = warmUpFor(rate, windowsS) - BUDGETED_WARM_UP_S;
        const opening = openingFor(rate, CLIENT_TIMEOUT_MS, seconds);
        expect(opening.ratePerSecond).to.be.at.most(CONNECTS_PER_SECOND);
        const connected = opening.ratePerSecond * opening.seconds;
        expect(connected).to.be.at.least(clientsFor(rate, CLIENT_TIMEOUT_MS));
      }),
    );
  });
});
