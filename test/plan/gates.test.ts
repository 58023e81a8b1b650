import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Gates, Plan } from '../../harness/contract/plan.ts';
import type { Step } from '../../harness/contract/step.ts';
import { renderPlan } from '../../harness/plan/plan.ts';
import { flatten, planText } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';

const ALL_GATES = ['none', 'health', 'same', 'native'] as const;

const planOf = (approach: 'rolling' | 'imago', gates: Gates, fault = 'none'): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], gates, faults: fault === 'none' ? [] : [fault] }), {
    ...{ trialId: 't', approach, fault, seed: 1 },
  }).plan;

/** What may stop the upgrade: its health checks, walks, and Imago's own tests. */
const isGate = (step: Step): boolean =>
  step.kind === 'check' ||
  step.kind === 'walk' ||
  (step.kind === 'imago' && ['compare', 'integration', 'verdict'].includes(step.action.do));

const gatesOf = (plan: Plan) => flatten([...plan.upgrade, ...plan.rollback]).filter(isGate);
const namesOf = (steps: readonly Step[]) =>
  new Set(steps.map((step) => (step.kind === 'imago' ? step.action.do : step.kind)));

describe('mirroring', () => {
  it('off takes from imago what compares live answers, and nothing else; other approaches have none', () => {
    const planWith = (approach: 'rolling' | 'imago', mirroring: 'on' | 'off') =>
      prepareTrial(campaignRequest(), {
        ...{ trialId: 't', approach, fault: 'none', seed: 1 },
        ...(mirroring === 'off' ? { mirroring } : {}),
      }).plan;
    const [on, off] = [planWith('imago', 'on'), planWith('imago', 'off')];
    const taken = on.upgrade.filter(({ id }) => !off.upgrade.some((step) => step.id === id));
    expect(taken.map(({ id }) => id)).to.deep.equal([
      'test/start-comparison',
      'test/verdict',
      'test/stop-comparison',
    ]);
    expect(off.upgrade).to.have.lengthOf(on.upgrade.length - 3);
    expect(planWith('rolling', 'off').upgrade).to.deep.equal(planWith('rolling', 'on').upgrade);
  });
});

/** Faults that leave out, or do in another order, what is not there with these gates. */
const OF_GATES: Readonly<Record<'rolling' | 'imago', Readonly<Record<Gates, readonly string[]>>>> = {
  rolling: { native: [], same: [], health: [], none: ['enable-before-check'] },
  imago: {
    native: [],
    same: ['comparison-omitted'],
    health: ['comparison-omitted', 'switch-before-drain'],
    none: ['comparison-omitted', 'switch-before-drain'],
  },
};

describe('gates', () => {
  for (const approach of ['rolling', 'imago'] as const) {
    it(`none leaves nothing in ${approach} that could stop it but its steps`, () => {
      expect(gatesOf(planOf(approach, 'none'))).to.deep.equal([]);
    });

    it(`health leaves health checks in ${approach}, those that it has anyway`, () => {
      const checks = gatesOf(planOf(approach, 'native')).filter(({ kind }) => kind === 'check');
      expect(checks).to.not.be.empty;
      expect(gatesOf(planOf(approach, 'health'))).to.deep.equal(checks);
    });

    it(`take nothing from ${approach} but tests, and add nothing but walks`, () => {
      const native = flatten(planOf(approach, 'native').upgrade);
      const others = ['start-tester', 'start-comparison', 'stop-comparison', 'reconcile'];
      const isTest = (step: Step) =>
        isGate(step) || (step.kind === 'imago' && others.includes(step.action.do));
      for (const gates of ALL_GATES) {
        const plan = planOf(approach, gates);
        expect(plan.gates).to.equal(gates);
        const rest = flatten(plan.upgrade).filter((step) => !isTest(step));
        expect(rest, gates).to.deep.equal(native.filter((step) => !isTest(step)));
      }
    });

    it(`same is a plan of ${approach} that reads as it did`, () => {
      const golden = fileURLToPath(new URL(`../golden/${approach}-none-gates-same.txt`, import.meta.url));
      const text = planText(planOf(approach, 'same').upgrade);
      if (process.env.UPFAULT_WRITE_GOLDEN === '1') writeFileSync(golden, text);
      expect(text).to.equal(readFileSync(golden, 'utf8'));
    });
  }

  it('same makes one and the same walk through drained hosts in place and through the parallel universe', () => {
    const rolling = planOf('rolling', 'same');
    const walks = flatten(rolling.upgrade).flatMap((step) => (step.kind === 'walk' ? [step] : []));
    expect(walks.map(({ host }) => host)).to.deep.equal(['web1', 'web2', 'lb2', 'lb1']);
    const imago = planOf('imago', 'same');
    expect(namesOf(gatesOf(imago))).to.deep.equal(new Set(['check', 'integration']));
    const [integration] = imago.upgrade.flatMap((step) =>
      step.kind === 'imago' && step.action.do === 'integration' ? [step.action] : [],
    );
    expect(integration?.exchanges).to.not.be.empty;
    for (const walk of walks) expect(walk.exchanges).to.deep.equal(integration?.exchanges);
  });

  it('same walks through a host only while clients do not reach it', () => {
    const { upgrade } = planOf('rolling', 'same');
    const at = (id: string) => upgrade.findIndex((step) => step.id === id);
    for (const web of ['web1', 'web2']) {
      expect(at(`${web}/check-walk`))
        .to.be.greaterThan(at(`${web}/drain`))
        .and.lessThan(at(`${web}/enable`));
      expect(at(`${web}/drain`)).to.be.at.least(0);
    }
    expect(at('lb2/check-walk')).to.be.greaterThan(0).and.lessThan(at('lb2/take-entry'));
    expect(at('lb1/check-walk')).to.be.greaterThan(at('lb1/release-entry'));
  });

  for (const approach of ['rolling', 'imago'] as const)
    it(`leave every fault that ${approach} can have, but those of gates, with something to look at`, () => {
      const names = Object.keys(faults);
      const native = names.filter((name) => planOf(approach, 'native', name).applicability.applies);
      expect(native.length).to.be.greaterThan(names.length / 2);
      for (const gates of ALL_GATES)
        for (const name of names) {
          const { applicability, upgrade, observeAtEnd } = planOf(approach, gates, name);
          const looks = [...flatten(upgrade), ...observeAtEnd].filter(({ kind }) => kind === 'observe');
          const applies = native.includes(name) && !OF_GATES[approach][gates].includes(name);
          expect(applicability.applies, `${approach} ${gates} ${name}`).to.equal(applies);
          if (applicability.applies) expect(looks, `${approach} ${gates} ${name}`).to.not.be.empty;
          else expect(applicability.reason).to.match(new RegExp(`^${name}: .{20}`));
        }
    });

  it('that are not asked for are the native ones, also in campaigns that were begun without the choice', () => {
    const { gates, target, ...before } = campaignRequest();
    expect([gates, target]).to.deep.equal(['native', 'new']);
    expect(campaignRequest(before)).to.deep.equal(campaignRequest());
    expect(renderPlan(planOf('imago', 'native'))).to.contain('"gates": "native"');
  });
});
