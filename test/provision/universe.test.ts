import { expect } from 'chai';
import { layOut } from '../../harness/provision/universe.ts';
import { auction } from '../../scenarios/auction/scenario.ts';

describe('the machines of a universe', () => {
  const size = { hosts: 2, scale: 0.02 };
  const coresFor = (ratePerSecond?: number): Record<string, number> => {
    const { specs } = layOut({
      ...{ scenario: auction, size, universe: 'old', network: { name: 'n', prefix: '10.0.0' }, labels: {} },
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    });
    return Object.fromEntries(Object.values(specs).map(({ name, cpus }) => [name, cpus]));
  };
  const standard = Object.fromEntries(auction.hosts(size).map(({ name, cpus }) => [name, cpus]));

  it('have the scenario’s budgets under its standard load, and under a lower one', () => {
    for (const rate of [undefined, 60, auction.standardRate])
      expect(coresFor(rate), String(rate)).to.deep.equal(standard);
  });

  it('have budgets that grow with a higher load, all by the same factor', () => {
    const grown = coresFor(3 * auction.standardRate);
    for (const [host, cores] of Object.entries(standard))
      expect(grown[host], host).to.be.closeTo(3 * cores, 1e-9);
  });
});
