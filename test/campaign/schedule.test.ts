import { expect } from 'chai';
import { prepareTrial, variantsOf } from '../../harness/campaign/prepare.ts';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import { campaignRequest } from './request.ts';

const request = campaignRequest({
  scenario: 'any',
  faults: ['one', 'two+three'],
  reps: 3,
  seed: 11,
});

/** Faults with one edit only. */
const invariable = () => undefined;

describe('schedule', () => {
  const trials = scheduleOf(request, invariable);
  const count = (approach: string, fault: string) =>
    trials.filter((trial) => trial.approach === approach && trial.fault === fault).length;

  it('has the controls of each approach, those of none, and every repetition of every fault', () => {
    expect(count('none', 'none')).to.equal(5);
    expect(count('rolling', 'none')).to.equal(5);
    expect(count('rolling', 'one')).to.equal(3);
    expect(count('rolling', 'two+three')).to.equal(3);
    expect(trials).to.have.lengthOf(16);
  });

  it('has as many trials without an upgrade as asked for, the first of those that it would have', () => {
    const without = (over: object) =>
      scheduleOf({ ...request, ...over }, invariable).filter(({ approach }) => approach === 'none');
    expect(without({ baselines: 0 })).to.deep.equal([]);
    expect(without({ baselines: 2 }).map(({ seed }) => seed)).to.have.members(
      without({ controls: 2 }).map(({ seed }) => seed),
    );
    expect(without({ baselines: 7 })).to.have.lengthOf(7);
  });

  it('has controls alone where no repetition is asked for, and they look for the faults', () => {
    const asked = campaignRequest({ faults: ['apache-port'], reps: 0, controls: 2 });
    const alone = scheduleOf(asked, invariable);
    expect(alone.map(({ fault }) => fault)).to.deep.equal(['none', 'none', 'none', 'none']);
    const upgrading = alone.filter(({ approach }) => approach !== 'none');
    expect(upgrading.map((trial) => prepareTrial(asked, trial).plan.shams)).to.deep.equal([
      ['apache-port'],
      ['apache-port'],
    ]);
  });

  it('is the same for the same seed and another for another', () => {
    expect(scheduleOf(request, invariable)).to.deep.equal(trials);
    expect(scheduleOf({ ...request, seed: 12 }, invariable)).to.not.deep.equal(trials);
  });

  it('interleaves controls with faults', () => {
    const kinds = trials.map(({ fault }) => (fault === 'none' ? 'control' : 'fault')).join(' ');
    expect(kinds).to.match(/control.*fault.*control.*fault/);
  });

  it('has trials with and without what an approach can do without, with the same seeds', () => {
    const both = scheduleOf(
      campaignRequest({
        ...{ approaches: ['rolling', 'imago'], controls: 1 },
        ...{ ingress: ['interceptor', 'direct'], mirroring: ['on', 'off'] },
      }),
      invariable,
    );
    expect(both.map(({ trialId }) => trialId).sort()).to.deep.equal([
      'imago-control-1',
      'imago-off-control-1',
      'none-control-1',
      'none-direct-control-1',
      'rolling-control-1',
      'rolling-direct-control-1',
    ]);
    expect(new Set(both.map(({ seed }) => seed)).size).to.equal(1);
    expect(both.filter(({ ingress }) => ingress === 'direct')).to.have.lengthOf(2);
    expect(both.find(({ mirroring }) => mirroring === 'off')?.approach).to.equal('imago');
  });

  it('gives a repetition the same seed under every approach, and ids that name a folder', () => {
    const seedOf = (approach: string) =>
      trials.find((trial) => trial.approach === approach && trial.trialId.endsWith('control-2'))?.seed;
    expect(seedOf('none')).to.equal(seedOf('rolling'));
    expect(new Set(trials.map(({ trialId }) => trialId)).size).to.equal(trials.length);
    for (const { trialId } of trials) expect(trialId).to.match(/^[a-z0-9-]+$/);
  });

  it('has no two repetitions with the same edit, as long as there are others', () => {
    const drawn = scheduleOf(
      { ...request, approaches: ['rolling', 'imago'], reps: 4 },
      ({ approach, seed }) => String(approach === 'rolling' ? seed % 5 : seed),
    ).filter(({ approach, fault }) => approach === 'rolling' && fault === 'one');
    expect(new Set(drawn.map(({ seed }) => seed % 5)).size).to.equal(4);
    const few = scheduleOf({ ...request, reps: 4 }, ({ seed }) => String(seed % 3));
    expect(few.filter(({ fault }) => fault === 'one')).to.have.lengthOf(4);
  });

  it('gives each repetition of a fault that varies another variant', () => {
    const campaign = campaignRequest({ approaches: ['rolling', 'imago'], faults: ['config-typo'], reps: 25 });
    const trials = scheduleOf(campaign, variantsOf(campaign)).filter(({ fault }) => fault !== 'none');
    for (const approach of campaign.approaches) {
      const seeds = trials.filter((trial) => trial.approach === approach);
      const mutations = seeds.map((trial) =>
        JSON.stringify(prepareTrial(campaign, trial).plan.fault.details),
      );
      expect(new Set(mutations).size, approach).to.equal(25);
    }
  });
});
