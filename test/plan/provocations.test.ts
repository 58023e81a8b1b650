import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { CampaignRequest } from '../../harness/campaign/request.ts';
import { requestOf, type TrialOptions } from '../../harness/commands/trial-options.ts';
import { auction } from '../../scenarios/auction/scenario.ts';
import { campaignRequest } from '../campaign/request.ts';

const planOf = (over: Partial<CampaignRequest>, seed = 1) =>
  prepareTrial(campaignRequest(over), { trialId: 'trial', approach: 'rolling', fault: 'none', seed }).plan;
const namesOf = (set: 'quick' | 'all') =>
  auction.provocations.flatMap((one) => (set === 'all' || one.set === 'quick' ? [one.name] : []));

const OPTIONS: TrialOptions = {
  ...{ scenario: 'auction', seed: 1, windows: 'quick', reach: 'one', target: 'new', gates: 'native' },
  ...{ hardware: 'separate', hosts: 2, scale: 0.02, rate: 150, schema: 'expand-contract', onFailure: 'halt' },
  ...{ interrupt: undefined, provocations: undefined },
} as TrialOptions;
const asked = (over: Partial<TrialOptions>) =>
  requestOf({ ...OPTIONS, ...over }, { approaches: ['rolling'], faults: [], reps: 1, controls: 1, port: 0 });

describe('provocations of a plan', () => {
  it('are those of the set that was asked for, which the plan names', () => {
    for (const set of ['quick', 'all'] as const) {
      const plan = planOf({ provocations: set });
      expect(plan.provocationSet).to.equal(set);
      expect(plan.provocations).to.have.members(namesOf(set));
    }
    expect(planOf({ provocations: 'none' }).provocations).to.deep.equal([]);
    expect(namesOf('all').length).to.be.greaterThan(namesOf('quick').length);
  });

  it('come in an order that the seed decides', () => {
    expect(planOf({ provocations: 'all' }, 1)).to.deep.equal(planOf({ provocations: 'all' }, 1));
    expect(planOf({ provocations: 'all' }, 1).provocations).to.not.deep.equal(
      planOf({ provocations: 'all' }, 2).provocations,
    );
  });

  it('are the quick ones in short windows and all in longer ones, unless somebody says otherwise', () => {
    const sets = ['quick', 'unhurried', 'standard', 'long'].map((windows) => asked({ windows }).provocations);
    expect(sets).to.deep.equal(['quick', 'quick', 'all', 'all']);
    expect(asked({ windows: 'long', provocations: 'quick' }).provocations).to.equal('quick');
    expect(asked({ provocations: 'none' }).provocations).to.equal('none');
  });
});
