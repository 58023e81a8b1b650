import { expect } from 'chai';
import { MIN_REFERENCES } from '../../analysis/rules.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { decisionOf, judgedOf } from './judged.ts';
import { controls, provocationRecord, SOUND_LEDGER, STOPPED_UPGRADE, type Synthetic } from './synthetic.ts';

const IT = { id: 'it', approach: 'rolling', fault: 'file-missing', type: 1 } as const;
const USERS = controls('none', 6, 1);

/** Controls of the rolling upgrade with these 95th percentiles. */
const withP95 = (...all: number[]): Synthetic[] =>
  all.map((p95Ms, index) => ({ id: `rolling-none-${index + 1}`, approach: 'rolling', p95Ms }));

describe('what is no evidence of absence', () => {
  describe('of latency, against references that vary', () => {
    const latency = (references: readonly Synthetic[], p95Ms: number) =>
      decisionOf(judgedOf([...USERS, ...references, { ...IT, p95Ms }], 'it'), 'increased latency', 'fault');
    const varied = withP95(20, 30, 45, 70, 40, 25);

    it('is an effect that matters, worse than every reference, and within their limit', () => {
      expect(latency(varied, 39).label).to.equal('no');
      const between = latency(varied, 100);
      expect(between).to.include({ label: 'inconclusive', figure: 100 });
      expect(between.reason).to.include('worse than every reference');
      expect(between.bound).to.be.above(100);
      expect(latency(varied, 400).label).to.equal('yes');
    });

    it('is absence where a reference is as bad, which is named', () => {
      const asBad = latency(varied, 69);
      expect(asBad.label).to.equal('no');
      expect(asBad.reason).to.include('as bad in rolling-none-4 (70)');
    });

    it('is any effect that matters where no latency could be labelled, for clients wait no longer', () => {
      const wild = withP95(20, 2000, 50, 900, 100);
      const decision = latency(wild, 1500);
      expect(decision.label).to.equal('inconclusive');
      expect(decision.bound).to.be.above(5000);
      expect(decision.reason).to.include('none could be labelled');
      expect(latency(wild, 30).label).to.equal('no');
      expect(latency(withP95(4500, 4600, 4400, 4500, 4550), 4700).reason).to.include('worse cannot be told');
    });
  });

  it('is an outage not seen where nobody asked', () => {
    const horizon = { ok: 3000, offered: 3000 };
    const sound = judgedOf([...USERS, { ...IT }], 'it');
    const record = {
      horizon: { ...(sound.record.horizon as NonNullable<TrialRecord['horizon']>), ...horizon },
    };
    const cut = decisionOf(judgedOf([...USERS, { ...IT, record }], 'it'), 'full outage', 'user');
    expect(cut.label).to.equal('inconclusive');
    expect(cut.reason).to.include('3000 of 6000 requests of the horizon were offered');
    expect(decisionOf(sound, 'full outage', 'user').label).to.equal('no');
  });

  describe('of whose an exposure or a latent error is', () => {
    const stopped = { upgrade: STOPPED_UPGRADE };
    const failing = { provocations: [provocationRecord('restart-db', false)] };
    const held = { provocations: [provocationRecord('restart-db', true)] };
    const users = controls('none', 6, 1, { record: held });
    const judged = (record: Partial<TrialRecord>, references: readonly Synthetic[]) =>
      judgedOf([...users, ...references, { ...IT, record: { ...failing, ...record } }], 'it');

    it('is the fault of a state in which no sound upgrade ends', () => {
      const trial = judged(stopped, controls('rolling', MIN_REFERENCES, 2, { record: held }));
      expect(trial).to.include({ containment: 'reached-users' });
      expect(trial.impactsOfFault).to.deep.equal(['latent error']);
    });

    it('is unknown where controls are too few to say so', () => {
      for (const count of [0, 1, MIN_REFERENCES - 1]) {
        const trial = judged(stopped, controls('rolling', count, 2, { record: held }));
        expect(trial.containment, `${count} controls`).to.equal('undecided');
        expect(trial.impactsUnknown).to.include('latent error');
        expect(trial.impactsOfFault).to.not.include('latent error');
      }
    });

    it('is unknown where sound upgrades end so, and too few of them tell', () => {
      const few = controls('rolling', MIN_REFERENCES - 1, 2, { record: held });
      expect(judged({}, few).impactsUnknown).to.deep.include('latent error');
      const enough = controls('rolling', MIN_REFERENCES, 2, { record: held });
      expect(judged({}, enough).impactsOfFault).to.deep.equal(['latent error']);
    });

    it('is unknown where the upgrade was merely not done when the horizon ended', () => {
      const upgrade = { ...STOPPED_UPGRADE, outcome: 'stuck', gate: 'horizon' } as const;
      const trial = judged({ upgrade }, controls('rolling', 6, 2, { record: held }));
      expect(trial.containment).to.equal('unfinished');
      expect(trial.impactsOfFault).to.deep.equal([]);
      const lost = { ...SOUND_LEDGER, lost: 1, foundOnce: 519 };
      const ledger = { afterHorizon: lost, afterProvocations: lost };
      const harmed = judged({ upgrade, ledger }, controls('rolling', 6, 2, { record: held }));
      expect(harmed.containment).to.equal('reached-users');
      expect(harmed.impactsOfFault).to.deep.equal(['data loss']);
    });
  });

  it('in the user contrast is nothing to the fault where the fault contrast denies it', () => {
    const slow = { p95Ms: 12 };
    const few = [...controls('none', 2, 1), ...controls('rolling', 6, 2, slow)];
    const trial = judgedOf([...few, { ...IT, ...slow }], 'it');
    expect(decisionOf(trial, 'increased latency', 'user').label).to.equal('inconclusive');
    expect(decisionOf(trial, 'increased latency', 'fault').label).to.equal('no');
    expect(trial).to.include({ containment: 'not-activated' });
    expect(trial.impactsUnknown).to.deep.equal([]);
  });
});
