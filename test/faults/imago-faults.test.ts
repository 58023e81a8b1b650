import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Gates, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';

const planOf = (
  fault: string,
  { approach = 'imago' as ApproachName, seed = 3, control = false, gates = 'native' as Gates } = {},
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [fault], gates }), {
    ...{ trialId: 't', approach, seed },
    fault: control ? 'none' : fault,
  }).plan;

const stepsOf = (plan: Plan): Step[] => [...flatten(plan.upgrade), ...plan.observeAtEnd];
const observationsOf = (plan: Plan): ObserveStep[] => stepsOf(plan).filter((step) => step.kind === 'observe');

type Sample = Reading['result'] | ((stepId: string) => Reading['result']);

/** Every observation of a plan gives the same, unless it depends on which it is. */
const readingsOf = (plan: Plan, sample: Sample): Reading[] =>
  observationsOf(plan).map((step) => ({
    ...{ stepId: step.id, fault: step.fault, universe: step.universe, host: step.host },
    ...{ atMs: 1, result: typeof sample === 'function' ? sample(step.id) : sample },
  }));

/** Every step of a plan, done in order. */
const timelineOf = (plan: Plan): StepOutcome[] =>
  plan.upgrade.map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: at, endMs: at + 1, outcome: 'done' as const, reason: '' },
  }));

const says = (told: object) => ({
  taken: true as const,
  exitCode: 0,
  stdout: JSON.stringify(told),
  stderr: '',
});
const log = { file: 'binlog.000001', position: 400 };
const grep = (exitCode: number, stdout: string) => ({ taken: true as const, exitCode, stdout, stderr: '' });

/** Where the new universe's log ends: the driver's own transactions count apart. */
const position = (others: number) => grep(0, `@@GLOBAL.gtid_binlog_pos\n1-1-${others},4242-1-9${others}\n`);

/** What is read where the fault is in effect, and where it is not. */
const OUTPUTS = {
  'egress-late': {
    present: says({ copiedRows: 100, pendingKeys: 0, dirtyKeys: 0, egress: null }),
    absent: says({ copiedRows: 100, pendingKeys: 0, dirtyKeys: 3, egress: log }),
  },
  'quiescence-omitted': {
    present: says({ holding: false, waiting: 0, inFlight: 2 }),
    absent: says({ holding: true, waiting: 4, inFlight: 0 }),
  },
  'comparison-omitted': {
    present: says({ copiedRows: 100, pendingKeys: 0, dirtyKeys: 3, egress: log }),
    absent: says({ copiedRows: 100, pendingKeys: 0, dirtyKeys: 0, egress: log }),
  },
  'switch-before-drain': {
    present: (stepId) =>
      stepId.endsWith('/driver')
        ? says({ copiedRows: 100, pendingKeys: 3, dirtyKeys: 0, egress: log })
        : position(stepId.endsWith('/redirect') ? 547 : 520),
    absent: (stepId) =>
      stepId.endsWith('/driver')
        ? says({ copiedRows: 100, pendingKeys: 0, dirtyKeys: 0, egress: log })
        : position(520),
  },
  'wrong-universe': { present: grep(0, "DROP USER IF EXISTS 'someone'\n"), absent: grep(1, '') },
} satisfies Record<string, { present: Sample; absent: Sample }>;

for (const [name, { present, absent }] of Object.entries(OUTPUTS)) {
  const fault: Fault = faults[name as keyof typeof faults];

  describe(`fault ${name}`, () => {
    const plan = planOf(name);
    const control = planOf(name, { control: true });

    it('changes the order, the kind or the universe of the steps that it says, and no other', () => {
      expect(plan.applicability).to.deep.equal({ applies: true });
      const before = new Map(flatten(control.upgrade).map((step) => [step.id, step]));
      const untouched = (step: Step) => step.kind !== 'observe' && !plan.edited.includes(step.id);
      expect(plan.upgrade.filter(untouched)).to.deep.equal(control.upgrade.filter(untouched));
      for (const step of flatten(plan.upgrade).filter(({ edit }) => edit !== undefined)) {
        const { edit, ...rest } = step;
        expect(edit?.fault).to.equal(name);
        if (edit?.change !== 'moved') expect(rest).to.not.deep.equal(before.get(step.id));
      }
      const order = (steps: readonly Step[]) =>
        steps.filter(({ kind }) => kind !== 'observe').map(({ id }) => id);
      const isMoved = plan.upgrade.some(({ edit }) => edit?.change === 'moved');
      expect(JSON.stringify(order(plan.upgrade)) !== JSON.stringify(order(control.upgrade))).to.equal(
        isMoved,
      );
    });

    it('is looked for in the same places on controls', () => {
      expect(observationsOf(control)).to.deep.equal(observationsOf(plan));
    });

    it('is found where it is in effect', () => {
      expect(fault.confirm(readingsOf(plan, present), timelineOf(plan)).verdict).to.equal('found');
    });

    it('is not found on a control', () => {
      const evidence = fault.confirm(readingsOf(control, absent), timelineOf(control));
      expect(evidence.verdict).to.equal('not-found');
    });

    it('counts as not injected when its edit had no effect', () => {
      // The steps were carried out as in a control, whatever the plan says.
      const timeline = timelineOf(control);
      const evidence = fault.confirm(readingsOf(plan, absent), timeline);
      const injection = injectionOf(plan, timeline, [{ fault: name, evidence }]);
      expect(injection.outcome).to.equal('not-injected');
      expect(injectionOf(plan, [], [{ fault: name, evidence }]).outcome).to.equal('not-reached');
    });

    it('is not confirmed by what could not be read', () => {
      const lost = readingsOf(plan, { taken: false, reason: 'the machine was gone' });
      expect(fault.confirm([], timelineOf(plan)).verdict).to.equal('unreadable');
      expect(fault.confirm(lost, timelineOf(plan)).verdict).to.equal('unreadable');
      const garbled = readingsOf(plan, { taken: true, exitCode: 2, stdout: 'no', stderr: 'broken' });
      expect(fault.confirm(garbled, timelineOf(plan)).verdict).to.equal('unreadable');
    });

    for (const approach of ['none', 'rolling'] as const) {
      it(`has nothing to break under ${approach}, and says why`, () => {
        const { applicability } = planOf(name, { approach });
        expect(applicability.applies ? '' : applicability.reason).to.match(new RegExp(`^${name}: .{20}`));
      });
    }
  });
}

describe('fault wrong-universe', () => {
  it('meets every step that tells, one a trial, and looks for its statement in the universe that serves', () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const plan = planOf('wrong-universe', { seed });
      expect(plan.edited).to.have.length(1);
      met.add(plan.edited[0] ?? '');
      const step = plan.upgrade.find(({ id }) => id === plan.edited[0]);
      expect(step?.universe).to.equal('old');
      const [look] = observationsOf(plan);
      expect(look?.universe).to.equal('old');
      const words = look?.observation.read === 'command' ? (look.observation.argv.at(-1) ?? '') : '';
      expect(step?.kind === 'sql' ? step.statements : '').to.contain(words);
      expect(words).to.match(/'[^']+'$/);
      // Nothing like it is given to the old universe when it is brought up: it would be found on controls.
      const others = plan.provision.flatMap((one) => (one.kind === 'sql' ? [one.statements] : []));
      for (const statements of others) expect(statements).to.not.contain(words);
    }
    expect([...met].sort()).to.deep.equal([
      'db1/account-new',
      'db1/driver-account',
      'db1/drop-driver-account',
    ]);
  });
});

describe('fault switch-before-drain', () => {
  it('switches clients before anything pending is dealt with', () => {
    const { upgrade } = planOf('switch-before-drain');
    const ids = upgrade.filter(({ kind }) => kind === 'imago').map(({ id }) => id);
    expect(ids.slice(ids.indexOf('test/stop-comparison') + 1)).to.deep.equal([
      ...['switch/hold', 'switch/redirect', 'switch/release', 'test/reconcile', 'imago/promote'],
      ...['switch/drain-requests', 'switch/drain-egress', 'switch/compare', 'imago/stop-driver'],
    ]);
  });

  it('is not in effect where tests were undone before clients came', () => {
    const control = planOf('switch-before-drain', { control: true });
    const readings = readingsOf(control, OUTPUTS['switch-before-drain'].present);
    expect(readings).to.have.length(3);
    expect(faults['switch-before-drain'].confirm(readings, timelineOf(control)).verdict).to.equal(
      'not-found',
    );
  });

  it('tells how much the driver had still to do when clients were redirected, where that could be read', () => {
    const plan = planOf('switch-before-drain');
    const readings = readingsOf(plan, OUTPUTS['switch-before-drain'].present);
    const summaryOf = (taken: readonly Reading[]) =>
      faults['switch-before-drain'].confirm(taken, timelineOf(plan)).summary;
    expect(summaryOf(readings)).to.contain(
      '27 transactions of tests not undone and 3 intercepted changes not applied, the log read up to binlog.000001:400',
    );
    expect(summaryOf(readings.filter(({ stepId }) => !stepId.endsWith('/driver')))).to.match(/not undone$/);
  });

  it('has nothing pending for certain where nothing is tested', () => {
    const { applicability } = planOf('switch-before-drain', { gates: 'none' });
    expect(applicability.applies ? '' : applicability.reason).to.match(/tests nothing/);
  });
});

describe('fault quiescence-omitted', () => {
  it('is looked for behind the steps that it omits, which cannot fail', () => {
    const { upgrade } = planOf('quiescence-omitted');
    const behind = upgrade.flatMap(({ kind }, at) => (kind === 'observe' ? [upgrade[at - 1]?.id] : []));
    expect(behind).to.deep.equal(['terminate/hold', 'switch/hold']);
  });
});

describe('fault ingress-crashed', () => {
  it('has nothing to kill where clients come in directly', () => {
    const ofIngress = (ingress: 'direct' | 'interceptor') =>
      prepareTrial(campaignRequest({ faults: ['ingress-crashed'] }), {
        ...{ trialId: 't', approach: 'rolling', fault: 'ingress-crashed', seed: 3 },
        ...(ingress === 'direct' ? { ingress } : {}),
      }).plan.applicability;
    expect(ofIngress('interceptor').applies).to.equal(true);
    const direct = ofIngress('direct');
    expect(direct.applies ? '' : direct.reason).to.match(/do not come through/);
  });
});
