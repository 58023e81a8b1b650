import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import { requestOf, usualOptions } from '../../harness/commands/trial-options.ts';
import { disturbanceNamed, parseDisturbance, positiveName } from '../../harness/plan/disturbances.ts';
import { renderPlan } from '../../harness/plan/plan.ts';
import { draftRecord } from '../../harness/trial/draft.ts';
import { campaignRequest } from '../campaign/request.ts';

const planned = (fault: string, over: Parameters<typeof campaignRequest>[0] = {}, seed = 7) =>
  prepareTrial(campaignRequest({ positiveControls: 1, ...over }), {
    ...{ trialId: 'it', approach: 'none', fault, seed },
  });

describe('positive controls', () => {
  for (const [text, kind, size] of [
    ['latency:2x', 'latency', 2],
    ['latency:1.5x', 'latency', 1.5],
    ['errors:10%', 'errors', 0.1],
    ['outage:5s', 'outage', 5],
    ['outage:0.5s', 'outage', 0.5],
  ] as const)
    it(`are asked for as ${text}`, () => {
      expect(parseDisturbance(text)).to.deep.equal({ kind, size });
      expect(disturbanceNamed(positiveName(text))).to.deep.equal({ kind, size });
    });

  for (const text of [
    ...['', 'latency', 'latency:2', 'latency:1x', 'latency:11x', 'latency:2s', 'errors:100%', 'errors:0%'],
    ...['errors:0.1', 'outage:0s', 'outage:-1s', 'outage:5', 'toString:5s', 'positive@outage:5s'],
  ])
    it(`are not asked for as "${text}"`, () => expect(parseDisturbance(text)).to.equal(undefined));

  it('are planned in the place of a fault, with no step changed', () => {
    const control = JSON.parse(renderPlan(planned('none', { positiveControls: 0 }).plan));
    for (const [name, disturbance] of [
      ['positive@latency:2x', { kind: 'latency', size: 2, atS: 0, forS: 22 }],
      ['positive@errors:10%', { kind: 'errors', size: 0.1, atS: 0, forS: 22 }],
      ['positive@outage:5s', { kind: 'outage', size: 5, atS: 2.5, forS: 5 }],
    ] as const) {
      const { plan, planted, shams } = planned(name);
      const fault = { name, type: 5, violation: 'none', dependency: 'none', provenance: 'upfault' };
      expect(JSON.parse(renderPlan(plan))).to.deep.equal({ ...control, fault, disturbance });
      expect(planted.map((one) => one.name)).to.deep.equal([name]);
      expect(shams).to.deep.equal([]);
      const { kind, size, forS } = disturbance;
      const draft = draftRecord('it', 'campaign', plan, { wallMs: 0, monotonicNs: '0' });
      expect(draft).to.deep.include({ fault, disturbance: { kind, size, forS, atMs: null, counted: null } });
    }
  });

  it('have their outage at a moment that the seed draws, whole within the horizon', () => {
    const begins = Array.from({ length: 200 }, (_, seed) => {
      const { disturbance } = planned('positive@outage:5s', {}, seed).plan;
      expect(disturbance?.atS).to.be.within(1, 22 - 5 - 1);
      return disturbance?.atS;
    });
    expect(new Set(begins).size).to.be.above(50);
    expect(Math.min(...(begins as number[]))).to.be.below(2);
    expect(Math.max(...(begins as number[]))).to.be.above(15);
    expect(planned('positive@outage:20s').plan.disturbance).to.include({ atS: 1, forS: 20 });
    expect(() => planned('positive@outage:21s')).to.throw(
      'plan: positive@outage:21s: windows quick have a horizon of 22 s, in which an outage of at most 20 s is seen whole',
    );
  });

  it('are looked for on controls, and where there are none of them on none', () => {
    const names = ['positive@errors:10%', 'positive@outage:5s'];
    const asked = { disturbances: ['errors:10%', 'outage:5s', 'errors:10%'], faults: ['start-omitted'] };
    const { plan, planted, shams } = planned('none', asked);
    expect(plan.shams).to.deep.equal(names);
    expect(plan.disturbance).to.equal(undefined);
    expect(planted).to.deep.equal([]);
    expect(shams.map(({ name }) => name)).to.deep.equal(names);
    expect(planned('none', { ...asked, positiveControls: 0 }).plan.shams).to.deep.equal([]);
    const direct = { trialId: 'it', approach: 'none', fault: 'none', seed: 1, ingress: 'direct' } as const;
    const request = campaignRequest({ positiveControls: 1 });
    expect(prepareTrial(request, direct).plan.shams).to.deep.equal([]);
    const rolling = { trialId: 'it', approach: 'rolling', fault: 'none', seed: 1 } as const;
    const upgrade = prepareTrial(campaignRequest({ positiveControls: 1, ...asked }), rolling);
    expect(upgrade.plan.shams).to.deep.equal(['start-omitted', ...names]);
  });

  it('are scheduled under each approach that is named, with seeds of their own, and change no other trial', () => {
    const asked = {
      ...{ approaches: ['none', 'rolling'] as ['none', 'rolling'], faults: ['start-omitted'], controls: 3 },
      ingress: ['interceptor', 'direct'] as ['interceptor', 'direct'],
    };
    const without = scheduleOf(campaignRequest(asked), () => undefined);
    const trials = scheduleOf(campaignRequest({ ...asked, positiveControls: 2 }), () => undefined);
    const positive = trials.filter(({ fault }) => fault.startsWith('positive@'));
    const ids = ['latency-2x', 'errors-10', 'outage-5s', 'outage-3s'].flatMap((kind) =>
      asked.approaches.flatMap((approach) => [1, 2].map((index) => `${approach}-positive-${kind}-${index}`)),
    );
    expect(positive.map(({ trialId }) => trialId)).to.have.members(ids);
    expect(new Set(positive.map(({ seed }) => seed)).size).to.equal(8);
    const byId = (all: typeof trials) =>
      all.filter((trial) => !positive.includes(trial)).sort((a, b) => (a.trialId < b.trialId ? -1 : 1));
    expect(byId(trials)).to.deep.equal(byId(without));
  });

  it('are refused by the option that asked for them', () => {
    const rest = { approaches: ['none'], faults: [], reps: 1, controls: 0, port: 0 };
    expect(() => requestOf(usualOptions(), { ...rest, disturbances: ['errors:10'] })).to.throw(
      /^--disturb \["errors:10"\]: allowed are latency:TIMESx .*, errors:SHARE% .*, outage:SECONDSs$/,
    );
    expect(() => requestOf(usualOptions(), { ...rest, positiveControls: -1 })).to.throw(
      /^--positive-controls -1: /,
    );
  });
});
