import { expect } from 'chai';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import { campaignRequest } from './request.ts';

const request = campaignRequest({
  scenario: 'any',
  faults: ['one', 'two+three'],
  reps: 3,
  seed: 11,
});

describe('schedule', () => {
  const trials = scheduleOf(request);
  const count = (approach: string, fault: string) =>
    trials.filter((trial) => trial.approach === approach && trial.fault === fault).length;

  it('has the controls of each approach, those of none, and every repetition of every fault', () => {
    expect(count('none', 'none')).to.equal(5);
    expect(count('rolling', 'none')).to.equal(5);
    expect(count('rolling', 'one')).to.equal(3);
    expect(count('rolling', 'two+three')).to.equal(3);
    expect(trials).to.have.lengthOf(16);
  });

  it('is the same for the same seed and another for another', () => {
    expect(scheduleOf(request)).to.deep.equal(trials);
    expect(scheduleOf({ ...request, seed: 12 })).to.not.deep.equal(trials);
  });

  it('interleaves controls with faults', () => {
    const kinds = trials.map(({ fault }) => (fault === 'none' ? 'control' : 'fault')).join(' ');
    expect(kinds).to.match(/control.*fault.*control.*fault/);
  });

  it('gives a repetition the same seed under every approach, and ids that name a folder', () => {
    const seedOf = (approach: string) =>
      trials.find((trial) => trial.approach === approach && trial.trialId.endsWith('control-2'))?.seed;
    expect(seedOf('none')).to.equal(seedOf('rolling'));
    expect(new Set(trials.map(({ trialId }) => trialId)).size).to.equal(trials.length);
    for (const { trialId } of trials) expect(trialId).to.match(/^[a-z0-9-]+$/);
  });
});
