import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Step } from '../../harness/contract/step.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { observationsOf, planOf, readingsOf, timelineOf } from './procedural-plans.ts';
import { PROCEDURAL_FAULTS } from './procedural-readings.ts';

/** Faults that are the same whichever hosts are meant. */
const SAME_FOR_ALL: readonly string[] = ['restart-all', 'backup-restored', 'contract-early'];

for (const { name, planted = name, approaches, present, absent } of PROCEDURAL_FAULTS) {
  const fault: Fault = faults[name];

  for (const approach of approaches) {
    describe(`fault ${name} under ${approach}`, () => {
      const plan = planOf(planted, approach);
      const control = planOf(planted, approach, { control: true });
      const edited = flatten(plan.upgrade).filter(({ edit }) => edit?.fault === name);

      it('marks what it edits and leaves every other step as it was', () => {
        expect(plan.applicability).to.deep.equal({ applies: true });
        expect(edited).to.not.be.empty;
        const before = new Map(flatten(control.upgrade).map((step) => [step.id, step]));
        for (const step of flatten(plan.upgrade)) {
          const { edit, ...rest } = step;
          const isMoved = edit?.change === 'moved';
          if (step.kind === 'observe' || (edit !== undefined && !isMoved)) continue;
          expect(rest, step.id).to.deep.equal(before.get(step.id));
        }
        for (const { edit, ...step } of edited)
          if (edit?.change !== 'moved') expect(step).to.not.deep.equal(before.get(step.id));
      });

      it('changes the order of steps exactly where it says that it moves them', () => {
        const order = (steps: readonly Step[]) =>
          steps
            .filter(({ kind, edit }) => kind !== 'observe' && edit?.change !== 'inserted')
            .map(({ id }) => id);
        const isMoved = edited.some(({ edit }) => edit?.change === 'moved');
        expect(order(plan.upgrade).join() !== order(control.upgrade).join()).to.equal(isMoved);
      });

      it('is looked for in the same way on controls', () => {
        expect(observationsOf(control, name)).to.deep.equal(observationsOf(plan, name));
        expect(observationsOf(control, name)).to.not.be.empty;
      });

      it('is found where it is in effect', () => {
        const evidence = fault.confirm(readingsOf(plan, name, present), timelineOf(plan));
        expect(evidence.verdict, evidence.summary).to.equal('found');
      });

      it('is not found on a control', () => {
        const evidence = fault.confirm(readingsOf(control, name, absent), timelineOf(control));
        expect(evidence.verdict, evidence.summary).to.equal('not-found');
      });

      it('counts as not injected when its edit had no effect', () => {
        // Everything was done as in a control, whatever the plan says.
        const timeline = timelineOf(control);
        const evidence = fault.confirm(readingsOf(control, name, absent), timeline);
        const reached = [...timeline, ...timelineOf(plan)];
        const injection = injectionOf(plan, reached, [{ fault: name, evidence }]);
        expect(injection.outcome).to.equal('not-injected');
        expect(injectionOf(plan, [], [{ fault: name, evidence }]).outcome).to.equal('not-reached');
      });

      it('is not confirmed by what could not be read', () => {
        expect(fault.confirm([], timelineOf(plan)).verdict).to.equal('unreadable');
        const lost = readingsOf(plan, name, () => ({ taken: false, reason: 'the host was gone' }));
        expect(fault.confirm(lost, timelineOf(plan)).verdict).to.equal('unreadable');
      });

      it('meets more steps with reach all, where it is about some hosts of several', () => {
        const edits = (reach: 'one' | 'all') => planOf(planted, approach, { reach, hosts: 4 }).edited.length;
        expect(edits('one')).to.be.greaterThan(0);
        if (SAME_FOR_ALL.includes(name)) expect(edits('all')).to.equal(edits('one'));
        else expect(edits('all')).to.be.greaterThan(edits('one'));
      });
    });
  }

  for (const approach of (['none', 'rolling', 'imago'] as const).filter((one) => !approaches.includes(one))) {
    it(`fault ${name} has nothing to break under ${approach}, and says why`, () => {
      const { applicability } = planOf(planted, approach);
      expect(applicability.applies ? '' : applicability.reason).to.match(/^[a-z-]+: .{20}/);
    });
  }
}

describe('faults of the procedure', () => {
  it('are not confirmed by what makes no sense', () => {
    const garbled = { taken: true as const, exitCode: 2, stdout: 'no', stderr: 'broken' };
    // What check-omitted reads is whatever a check says.
    for (const { name, planted = name, approaches } of PROCEDURAL_FAULTS.filter(({ planted }) => !planted)) {
      const plan = planOf(planted, approaches[0] ?? 'rolling');
      const evidence = faults[name].confirm(
        readingsOf(plan, name, () => garbled),
        timelineOf(plan),
      );
      expect(evidence.verdict, name).to.equal('unreadable');
    }
  });

  it('meet web and application hosts, by the seed, where they concern both', () => {
    for (const name of [
      ...['start-omitted', 'drain-omitted', 'enable-omitted', 'enable-before-check', 'config-after-start'],
    ]) {
      const seeds = Array.from({ length: 20 }, (_, at) => at + 1);
      const tiers = new Set(
        seeds.map((seed) => planOf(name, 'rolling', { seed }).edited[0]?.replace(/\d.*/, '')),
      );
      expect([...tiers].sort(), name).to.deep.equal(['app', 'web']);
    }
  });

  it('leave the first check-omitted alone out, and plant it with another fault where all are asked for', () => {
    const alone = planOf('check-omitted', 'rolling').applicability;
    expect(alone.applies ? '' : alone.reason).to.contain('check-omitted+start-omitted');
  });

  it('show a service that was started without its configuration and does not run', () => {
    const plan = planOf('config-after-start', 'imago');
    const fault = faults['config-after-start'];
    const says = (stdout: string) => () => ({ taken: true as const, exitCode: 0, stdout, stderr: '' });
    const confirm = (stdout: string, timeline = timelineOf(plan)) =>
      fault.confirm(readingsOf(plan, 'config-after-start', says(stdout)), timeline).verdict;
    expect(confirm('none 500.00\nabsent 30.00\n')).to.equal('found');
    expect(confirm('none 500.00\n900.00 30.00\n')).to.equal('found');
    expect(confirm('none 500.00\n10.00 30.00\n')).to.equal('not-found');
    // An upgrade that ended before has neither configured nor started anything there.
    expect(confirm('none 500.00\nabsent 30.00\n', [])).to.equal('not-found');
  });
});
