import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import type { Universe } from '../../harness/contract/topology.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';
import { ENVIRONMENT_OUTPUTS, type Sample } from './environment-outputs.ts';

type Name = keyof typeof ENVIRONMENT_OUTPUTS;

interface Asked {
  readonly approach?: ApproachName;
  readonly seed?: number;
  readonly target?: Universe;
  readonly control?: boolean;
  readonly reach?: 'one' | 'all';
  readonly hosts?: number;
  /** With it a rolling upgrade also renews the database servers: the replica first, which takes over. */
  readonly engine?: 'keep' | 'upgrade';
}

const planOf = (
  name: Name | 'apache-lib',
  { approach = 'imago', seed = 3, target = 'new', control = false, ...asked }: Asked = {},
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [name], target, ...asked }), {
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

/** Its step is part of the renewal of database servers in place. */
const IN_PLACE_ONLY: readonly Name[] = ['buffer-cold'];
/** A rolling upgrade has steps for them where it renews the database servers as well. */
const WITH_ENGINE: readonly Name[] = ['disk-slow', 'replica-not-replaced', 'buffer-cold'];

/** What they do can be done to the live universe's hosts as well. */
const MEET_THE_LIVE: readonly Name[] = ['disk-full', 'firewall-left'];

for (const name of (Object.keys(ENVIRONMENT_OUTPUTS) as Name[]).filter(
  (one) => !IN_PLACE_ONLY.includes(one),
)) {
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
      const injection = injectionOf(plan, timelineOf(plan), [{ fault: name, evidence }]);
      expect(injection.outcome).to.equal('not-injected');
    });

    it('meets the live universe instead, or says why it cannot', () => {
      const mistaken = planOf(name, { target: 'old' });
      expect(mistaken.applicability.applies).to.equal(MEET_THE_LIVE.includes(name));
      if (mistaken.applicability.applies) expect(editedSteps(mistaken)).to.not.be.empty;
      else expect(mistaken.applicability.reason).to.match(/not in the old universe: |in no other universe/);
      for (const step of editedSteps(mistaken)) expect(step.universe).to.equal('old');
    });
  });
}

describe('faults of broken environments in place', () => {
  for (const name of WITH_ENGINE) {
    it(`${name} has nothing to break in a rolling upgrade, and says why`, () => {
      const { applicability } = planOf(name, { approach: 'rolling' });
      expect(applicability.applies ? '' : applicability.reason).to.match(new RegExp(`^${name}: .{30}`));
    });
  }

  it('keep a file of the old release before an installation and use it after', () => {
    for (const name of ['apache-lib', 'node-addon-abi'] as const) {
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

describe('faults of database hosts whose engine is renewed in place', () => {
  const renewing = { approach: 'rolling', engine: 'upgrade' } as const;

  it('meet the host that is the primary in the end', () => {
    const edited: Partial<Record<Name, string>> = {
      'disk-slow': 'db2/install',
      'buffer-cold': 'db2/warm-buffers',
      'firewall-left': 'db2/shut-port-by-hand',
      'disk-full': 'db2/save-copy',
    };
    for (const [name, id] of Object.entries(edited) as [Name, string][]) {
      const plan = planOf(name, { ...renewing, seed: 3 });
      expect(plan.edited, name).to.deep.equal([id]);
      expect(observationsOf(plan)[0]?.host).to.equal('db2');
    }
  });

  it('are found where they are in effect, and not on a control', () => {
    for (const name of [...WITH_ENGINE, 'firewall-left', 'disk-full'] as const) {
      const { present, absent } = ENVIRONMENT_OUTPUTS[name];
      const [plan, control] = [planOf(name, renewing), planOf(name, { ...renewing, control: true })];
      expect(observationsOf(control)).to.deep.equal(observationsOf(plan));
      expect(faults[name].confirm(readingsOf(plan, present), timelineOf(plan)).verdict).to.equal('found');
      expect(faults[name].confirm(readingsOf(control, absent), timelineOf(control)).verdict).to.equal(
        'not-found',
      );
      expect(faults[name].confirm([], timelineOf(plan)).verdict).to.equal('unreadable');
    }
  });

  it('count as not injected when their edit had no effect', () => {
    for (const name of [...WITH_ENGINE, 'firewall-left', 'disk-full'] as const) {
      const plan = planOf(name, renewing);
      const absent = readingsOf(plan, ENVIRONMENT_OUTPUTS[name].absent);
      const evidence = faults[name].confirm(absent, timelineOf(plan));
      const outcomeOf = (reached: readonly StepOutcome[]) =>
        injectionOf(plan, reached, [{ fault: name, evidence }]).outcome;
      expect(outcomeOf(timelineOf(plan)), name).to.equal('not-injected');
      expect(outcomeOf([]), name).to.equal('not-reached');
    }
  });

  it('leave out that a renewed host follows the new primary, of one host or of all', () => {
    const omitted = (asked: Asked) => planOf('replica-not-replaced', asked).edited;
    expect(omitted(renewing)).to.deep.equal(['db1/follow-db2']);
    expect(omitted({ ...renewing, hosts: 3 })).to.deep.equal(['db1/follow-db2']);
    expect(omitted({ ...renewing, hosts: 3, reach: 'all' })).to.deep.equal([
      'db3/follow-db2',
      'db1/follow-db2',
    ]);
    expect(omitted({ hosts: 4 })).to.deep.equal(['db4/follow-primary']);
    expect(omitted({ hosts: 4, reach: 'all' })).to.have.length(3);
  });

  it('ask such a host whether it follows the primary that its step names', () => {
    const asked = observationsOf(planOf('replica-not-replaced', { ...renewing, hosts: 3, reach: 'all' }));
    for (const { observation } of asked)
      expect(observation.read === 'command' ? observation.argv.at(-1) : '').to.equal('@@address:db2@@');
  });
});

describe('fault disk-slow', () => {
  it('is measured by a write past the caches, of a file that is removed', () => {
    const [look] = observationsOf(planOf('disk-slow'));
    const words = look?.observation.read === 'command' ? look.observation.argv.join(' ') : '';
    expect(words).to.match(/dd if=\/dev\/zero of="\$file" .*oflag=direct.*rm "\$file"/);
  });
});
