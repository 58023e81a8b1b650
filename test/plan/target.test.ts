import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { EditContext, Fault } from '../../harness/contract/fault.ts';
import type { ApproachName } from '../../harness/contract/plan.ts';
import type { ExecStep, ObserveStep, Step } from '../../harness/contract/step.ts';
import type { Universe } from '../../harness/contract/topology.ts';
import { makePlan } from '../../harness/plan/plan.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { windowsByName } from '../../harness/plan/windows.ts';
import { auction } from '../../scenarios/auction/scenario.ts';
import { campaignRequest } from '../campaign/request.ts';

const base: Fault = {
  ...{ name: 'planted', type: 1, violation: 'spurious', dependency: 'any', provenance: 'upfault' },
  ...{ tiers: ['web'], summary: '', confirmedBy: '' },
  edit: () => ({ applies: false, reason: 'not used' }),
  confirm: () => ({ verdict: 'not-found', summary: '' }),
};

const noise = (host: string): ExecStep => ({
  ...{ kind: 'exec', id: `${host}/noise`, title: 'Make noise', universe: 'new', host, argv: ['true'] },
  edit: { fault: base.name, change: 'inserted', note: 'noise' },
});

/** Inserts a step before the check of web1 and looks there. */
const spurious: Fault = {
  ...base,
  edit: ({ steps, observe }: EditContext) => ({
    applies: true,
    steps: steps.flatMap((step) => (step.id === 'web1/check' ? [noise('web1'), step] : [step])),
    observe: [
      { after: 'web1/check', step: observe('there', 'web1', { read: 'command', argv: ['true'] }) },
      { after: 'end', step: observe('here', 'web1', { read: 'command', argv: ['true'] }, 'new') },
    ],
  }),
};

const planOf = (fault: Fault, target: Universe, approach: ApproachName = 'imago', planted = true) =>
  makePlan({
    scenario: auction,
    approach,
    faults: planted ? [fault] : [],
    shams: planted ? [] : [fault],
    reach: 'one',
    target,
    gates: 'native',
    seed: 1,
    size: { hosts: 2, scale: 0.02 },
    windows: windowsByName.quick,
    schemaPolicy: 'expand-contract',
    engine: 'keep',
    onFailure: 'halt',
    ratePerSecond: 150,
  });

const reasonOf = (fault: Fault, approach: ApproachName = 'imago') => {
  const { applicability } = planOf(fault, 'old', approach);
  return applicability.applies ? '' : applicability.reason;
};

describe('target', () => {
  const universes = (target: Universe, planted = true) => {
    const { upgrade, observeAtEnd } = planOf(spurious, target, 'imago', planted);
    const looks = [...upgrade, ...observeAtEnd].filter(
      (step): step is ObserveStep => step.kind === 'observe',
    );
    return {
      edited: upgrade.filter(({ edit }) => edit !== undefined).map(({ universe }) => universe),
      looks: looks.map(({ universe }) => universe),
    };
  };

  it('old lets what a fault inserts act, and be looked for, on the old universe’s host of the same name', () => {
    expect(universes('new')).to.deep.equal({ edited: ['new'], looks: ['new', 'new'] });
    expect(universes('old')).to.deep.equal({ edited: ['old'], looks: ['old', 'new'] });
  });

  it('old looks in the same places on controls', () => {
    expect(universes('old', false)).to.deep.equal({ edited: [], looks: ['old', 'new'] });
  });

  it('old changes nothing of the procedure beside the fault', () => {
    const untouched = (target: Universe) =>
      flatten(planOf(spurious, target).upgrade).filter(
        (step: Step) => step.edit === undefined && step.kind !== 'observe',
      );
    expect(untouched('old')).to.deep.equal(untouched('new'));
  });

  it('is in the plan and in the request of a campaign', () => {
    const trial = { trialId: 't', approach: 'imago' as const, fault: 'apache-satisfy', seed: 1 };
    const request = campaignRequest({ approaches: ['imago'], target: 'old', faults: ['apache-satisfy'] });
    const { plan } = prepareTrial(request, trial);
    expect(plan.target).to.equal('old');
    const site = plan.upgrade.find(({ edit }) => edit !== undefined);
    expect(site?.universe).to.equal('old');
    expect(site?.id).to.match(/^web\d\/write-site$/);
  });

  it('old needs a second universe', () => {
    expect(reasonOf({ ...spurious, edit: faults['apache-satisfy'].edit }, 'rolling')).to.match(
      /one universe/,
    );
  });

  it('old makes no sense for what is left out, or stands elsewhere in the order', () => {
    const omitting: Fault = { ...faults['index-missing'] };
    const moving: Fault = { ...faults['egress-late'] };
    expect(reasonOf(omitting)).to.match(/left out/);
    expect(reasonOf(moving)).to.match(/left out|another order/);
  });

  it('old makes no sense for what acts on the old universe anyway, or on no host', () => {
    expect(reasonOf({ ...faults['wrong-universe'] })).to.match(/hosts of the new universe/);
  });

  it('old is refused with a fault’s own reason', () => {
    expect(reasonOf({ ...spurious, newOnly: 'it is there already' })).to.match(/it is there already/);
    for (const fault of Object.values(faults) as Fault[])
      if (fault.newOnly !== undefined) expect(reasonOf(fault), fault.name).to.contain(fault.newOnly);
  });
});
