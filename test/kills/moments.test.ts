import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import { momentsOf, partsOf } from '../../harness/kills/moments.ts';
import { campaignRequest } from '../campaign/request.ts';

const { plan } = prepareTrial(campaignRequest(), {
  trialId: 'it',
  approach: 'imago',
  fault: 'none',
  seed: 1,
});
const seen = plan.upgrade.map(({ id }, index) => ({
  stepId: id,
  startMs: index * 10,
  endMs: index * 10 + 10,
}));

describe('moments of kills', () => {
  const parts = partsOf(plan, seen);

  it('lie in the four parts in which the driver is at work', () => {
    expect(parts.map(({ name, from }) => [name, from])).to.deep.equal([
      ['transfer', 'imago/start-egress'],
      ['termination', 'terminate/hold'],
      ['testing', 'test/start-tester'],
      ['switchover', 'switch/hold'],
    ]);
    expect(parts.map(({ lastedMs }) => lastedMs).slice(1)).to.deep.equal([50, 60, 50]);
  });

  it('are the same for the same seed, others for another, and within their part', () => {
    const moments = momentsOf(parts, 'driver', 60, 7);
    expect(momentsOf(parts, 'driver', 60, 7)).to.deep.equal(moments);
    expect(momentsOf(parts, 'driver', 60, 8)).to.not.deep.equal(moments);
    for (const part of parts) {
      const own = moments.filter((moment) => moment.part === part.name);
      expect(own).to.have.lengthOf(15);
      for (const { interrupt } of own) {
        const [, afterS = '0'] = /\+([\d.]+)$/.exec(interrupt) ?? [];
        expect(Number(afterS) * 1000).to.be.lessThan(part.lastedMs);
      }
    }
  });

  it('are refused where a part was not seen whole', () => {
    const cut = seen.filter(({ stepId }) => stepId !== 'switch/redirect');
    expect(() => partsOf(plan, cut)).to.throw(
      /switchover: switch\/hold to switch\/redirect was not seen whole/,
    );
  });
});
