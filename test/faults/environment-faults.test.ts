import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { EditContext, Fault } from '../../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import type { Universe } from '../../harness/contract/topology.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { auction } from '../../scenarios/auction/scenario.ts';
import { campaignRequest } from '../campaign/request.ts';
import { ENVIRONMENT_OUTPUTS, type Sample } from './environment-outputs.ts';

type Name = keyof typeof ENVIRONMENT_OUTPUTS;

interface Asked {
  readonly approach?: ApproachName;
  readonly seed?: number;
  readonly target?: Universe;
  readonly control?: boolean;
}

const planOf = (
  name: Name,
  { approach = 'imago', seed = 3, target = 'new', control = false }: Asked = {},
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [name], target }), {
    ...{ trialId: 't', approach, seed },
    fault: control ? 'none' : name,
  }).plan;

const observationsOf = (plan: Plan): ObserveStep[] =>
  [...flatten(plan.upgrade), ...plan.observeAtEnd].filter((step) => step.kind === 'observe');

const readingsOf = (plan: Plan, sample: Sample): Reading[] =>
  observationsOf(plan).map((step) => ({
    ...{ stepId: step.id, fault: step.fault, universe: step.universe, host: step.host, atMs: 1 },
    result: typeof sample === 'function' ? sample(step.id) : sample,
  }));

const timelineOf = (plan: Plan): StepOutcome[] =>
  plan.upgrade.map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: at, endMs: at + 1, outcome: 'done' as const, reason: '' },
  }));

const editedSteps = (plan: Plan): Step[] => flatten(plan.upgrade).filter(({ edit }) => edit !== undefined);

/** Where the approaches of today have no step that the fault could meet. */
const NOWHERE: readonly Name[] = ['buffer-cold'];
const IN_PARALLEL_ONLY: readonly Name[] = ['disk-slow', 'replica-not-replaced'];

for (const name of (Object.keys(ENVIRONMENT_OUTPUTS) as Name[]).filter((one) => !NOWHERE.includes(one))) {
  const fault: Fault = faults[name];
  const { present, absent } = ENVIRONMENT_OUTPUTS[name];

  describe(`fault ${name} in a parallel universe`, () => {
    const plan = planOf(name);
    const control = planOf(name, { control: true });

    it('edits steps of the new universe and leaves all others as they are', () => {
      expect(plan.applicability).to.deep.equal({ applies: true });
      const before = new Map(flatten(control.upgrade).map((step) => [step.id, step]));
      const rest = flatten(plan.upgrade).filter(
        (step) => step.kind !== 'observe' && !plan.edited.includes(step.id),
      );
      for (const step of rest) expect(step, step.id).to.deep.equal(before.get(step.id));
      expect(rest.length).to.equal(
        flatten(control.upgrade).filter(({ id, kind }) => kind !== 'observe' && !plan.edited.includes(id))
          .length,
      );
      expect(editedSteps(plan)).to.not.be.empty;
      for (const { edit, ...step } of editedSteps(plan)) {
        expect(edit?.fault).to.equal(name);
        expect(step.universe).to.equal('new');
        expect(step).to.not.deep.equal(before.get(step.id));
      }
    });

    it('is looked for in the same places on controls', () => {
      expect(observationsOf(control)).to.deep.equal(observationsOf(plan));
      expect(observationsOf(plan)).to.not.be.empty;
    });

    it('is found where it is in effect, and not found on a control', () => {
      expect(fault.confirm(readingsOf(plan, present), timelineOf(plan)).verdict).to.equal('found');
      expect(fault.confirm(readingsOf(control, absent), timelineOf(control)).verdict).to.equal('not-found');
    });

    it('is not confirmed by what could not be read', () => {
      const lost = readingsOf(plan, { taken: false, reason: 'the host was gone' });
      expect(fault.confirm(lost, timelineOf(plan)).verdict).to.equal('unreadable');
      const broken = readingsOf(plan, { taken: true, exitCode: 2, stdout: '', stderr: 'no such file' });
      expect(fault.confirm(broken, timelineOf(plan)).verdict).to.equal('unreadable');
      expect(fault.confirm([], timelineOf(plan)).verdict).to.equal('unreadable');
    });

    it('counts as not injected when its edit had no effect', () => {
      const evidence = fault.confirm(readingsOf(plan, absent), timelineOf(plan));
      const injection = injectionOf(plan.edited, timelineOf(plan), [{ fault: name, evidence }]);
      expect(injection.outcome).to.equal('not-injected');
    });

    it('meets the live universe instead, or says why it cannot', () => {
      const mistaken = planOf(name, { target: 'old' });
      if (!mistaken.applicability.applies) expect(mistaken.applicability.reason).to.match(/.{30}/);
      else for (const step of editedSteps(mistaken)) expect(step.universe).to.equal('old');
    });
  });
}

describe('faults of broken environments in place', () => {
  for (const name of [...IN_PARALLEL_ONLY, ...NOWHERE]) {
    it(`${name} has nothing to break in a rolling upgrade, and says why`, () => {
      const { applicability } = planOf(name, { approach: 'rolling' });
      expect(applicability.applies ? '' : applicability.reason).to.match(new RegExp(`^${name}: .{30}`));
    });
  }

  it('keep a file of the old release before an installation and use it after', () => {
    for (const name of ['module-defective', 'node-addon-abi'] as const) {
      const plan = planOf(name, { approach: 'rolling' });
      const [keep, use] = plan.edited.map((id) => plan.upgrade.findIndex((step) => step.id === id));
      const host = editedSteps(plan).map((step) => ('host' in step ? step.host : ''))[0];
      const install = plan.upgrade.findIndex(({ id }) => id === `${host}/install`);
      expect(keep).to.be.below(install);
      expect(use).to.be.above(install);
    }
  });

  it('meet either tier, by the seed', () => {
    for (const name of [
      'disk-full',
      'entropy-blocked',
      'certificate-old',
      'protocol-mismatch',
      'path-missing',
    ] as const) {
      const tiers = new Set<string>();
      for (let seed = 1; seed <= 12; seed += 1)
        for (const id of planOf(name, { approach: 'rolling', seed }).edited)
          tiers.add(id.replace(/\d.*/, ''));
      expect(tiers.size, name).to.equal(2);
    }
  });
});

describe('fault protocol-mismatch', () => {
  const fault = faults['protocol-mismatch'];
  const taken = (exitCode: number) => ({ taken: true as const, exitCode, stdout: '', stderr: '' });

  it('is not found where both sides speak alike', () => {
    for (const exitCode of [0, 1])
      expect(fault.confirm(readingsOf(planOf('protocol-mismatch'), taken(exitCode)), []).verdict).to.equal(
        'not-found',
      );
  });

  it('is unreadable while one side is', () => {
    const oneSide = (stepId: string) =>
      stepId.includes('/speaks-') ? taken(0) : { taken: false as const, reason: 'gone' };
    expect(fault.confirm(readingsOf(planOf('protocol-mismatch'), oneSide), []).verdict).to.equal(
      'unreadable',
    );
  });
});

describe('fault buffer-cold', () => {
  it('omits the reading of the data after a database server was started anew', () => {
    const context = {
      universe: 'old',
      size: { hosts: 2, scale: 0.02 },
      hosts: (tier: string) =>
        auction
          .hosts({ hosts: 2, scale: 0.02 })
          .filter((host) => host.tier === tier)
          .map(({ name }) => name),
      releaseOf: () => 'new' as const,
      drained: () => false,
    } as const;
    const { start } = auction.recipe('db1', 'new', context);
    const observe: EditContext['observe'] = (label, host, observation) => ({
      ...{
        kind: 'observe',
        id: label,
        title: label,
        universe: 'old',
        host,
        fault: 'buffer-cold',
        observation,
      },
    });
    const result = faults['buffer-cold'].edit({
      ...({ steps: start, facts: auction.facts, hosts: context.hosts, observe } as unknown as EditContext),
    });
    const edited = result.applies ? result.steps.filter(({ edit }) => edit !== undefined) : [];
    expect(edited.map(({ id, kind }) => ({ id, kind }))).to.deep.equal([
      { id: 'db1/warm-buffers', kind: 'omitted' },
    ]);
    const { present, absent } = ENVIRONMENT_OUTPUTS['buffer-cold'];
    const reading = (taken: Reading['result']): Reading[] => [
      { stepId: 'buffers', fault: 'buffer-cold', universe: 'old', host: 'db1', atMs: 1, result: taken },
    ];
    expect(faults['buffer-cold'].confirm(reading(present), []).verdict).to.equal('found');
    expect(faults['buffer-cold'].confirm(reading(absent), []).verdict).to.equal('not-found');
    expect(faults['buffer-cold'].confirm([], []).verdict).to.equal('unreadable');
  });
});
