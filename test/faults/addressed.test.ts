import { expect } from 'chai';
import { addressedFault, unaddressable } from '../../faults/catalogue.ts';
import { withAddressed } from '../../harness/campaign/addressed.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import type { Evidence, Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { campaignRequest } from '../campaign/request.ts';

const planOf = (fault: string, approach: ApproachName = 'rolling', control = false): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: [fault] }), {
    ...{ trialId: 't', approach, seed: 3 },
    fault: control ? 'none' : fault,
  }).plan;

const idsOf = ({ upgrade }: Plan) => upgrade.flatMap(({ kind, id }) => (kind === 'observe' ? [] : [id]));
const timelineOf = (plan: Plan): StepOutcome[] =>
  plan.upgrade.map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: 1000 * at, endMs: 1000 * at + 900, outcome: 'done' as const, reason: '' },
  }));
const confirmed = (name: string, timeline: StepOutcome[], readings: Reading[] = []): Evidence =>
  (addressedFault(name) ?? expect.fail(`${name} is no fault`)).confirm(readings, timeline);
const reasonOf = ({ applicability }: Plan) => (applicability.applies ? '' : applicability.reason);

/** The reading behind a step, of a service that was started so many seconds before. */
const readBehind = (plan: Plan, startedAgoS: number): Reading[] =>
  plan.upgrade.flatMap(({ kind, id }, at) =>
    kind === 'observe'
      ? [
          {
            ...{ stepId: id, fault: 'any', universe: 'old' as const, host: 'db1', atMs: 1000 * at + 900 },
            result: { taken: true, exitCode: 0, stdout: `${500 - startedAgoS} 500\n`, stderr: '' } as const,
          },
        ]
      : [],
  );

describe('a fault addressed to a step', () => {
  it('leaves out that step and no other', () => {
    const name = 'omit@web1/write-site';
    const plan = planOf(name);
    expect(plan.edited).to.deep.equal(['web1/write-site']);
    expect(idsOf(plan)).to.deep.equal(idsOf(planOf(name, 'rolling', true)));
    expect(plan.upgrade.find(({ id }) => id === 'web1/write-site')?.kind).to.equal('omitted');
    expect(confirmed(name, timelineOf(plan)).verdict).to.equal('found');
  });

  it('exchanges two steps and leaves the order of all others', () => {
    const name = 'swap@web1/write-site:web1/start-httpd';
    const plan = planOf(name);
    const before = idsOf(planOf(name, 'rolling', true));
    const expected = before.map((id) =>
      id === 'web1/write-site' ? 'web1/start-httpd' : id === 'web1/start-httpd' ? 'web1/write-site' : id,
    );
    expect(idsOf(plan)).to.deep.equal(expected);
    expect([...plan.edited].sort()).to.deep.equal(['web1/start-httpd', 'web1/write-site']);
    expect(confirmed(name, timelineOf(plan)).verdict).to.equal('found');
  });

  it('exchanges neighbours, and the last two steps', () => {
    for (const name of [
      'swap@app1/drain:app1/stop-application',
      'swap@db1/contract-old-items:db1/contract-account',
    ]) {
      const [first, second] = name.slice('swap@'.length).split(':');
      const ids = idsOf(planOf(name));
      expect(ids.indexOf(second ?? '') + 1, name).to.equal(ids.indexOf(first ?? ''));
    }
  });

  it('restarts the service of the step’s host right before it, with that universe’s own steps', () => {
    for (const [name, approach] of [
      ['spurious-restart@db1/backfill-items', 'rolling'],
      ['spurious-restart@app1/check', 'imago'],
    ] as const) {
      const plan = planOf(name, approach);
      const ids = idsOf(plan);
      const at = ids.indexOf(name.slice('spurious-restart@'.length));
      expect(ids.slice(at - 2, at)).to.deep.equal(plan.edited);
      const [stop, start] = plan.upgrade.filter(({ edit }) => edit !== undefined);
      expect(stop?.universe).to.equal(approach === 'imago' ? 'new' : 'old');
      expect(start?.kind === 'service' && start.action).to.equal('start');
      expect(start?.lane).to.deep.equal(plan.upgrade.find(({ id }) => id === ids[at])?.lane);
      expect(confirmed(name, timelineOf(plan), readBehind(plan, 1)).verdict).to.equal('found');
      expect(confirmed(name, timelineOf(plan), readBehind(plan, 400)).verdict).to.equal('not-found');
    }
  });

  it('of a service that was restarted is seen at the end where the step failed over it', () => {
    const name = 'spurious-restart@db1/backfill-items';
    const plan = planOf(name);
    const at = plan.upgrade.findIndex(({ id }) => id === 'db1/backfill-items');
    const stopped = timelineOf(plan).slice(0, at + 1);
    const [end] = plan.observeAtEnd;
    const readings = (startedAgoS: number): Reading[] => [
      {
        ...{ stepId: end?.id ?? '', fault: name, universe: 'old', host: 'db1', atMs: 1000 * at + 950 },
        result: { taken: true, exitCode: 0, stdout: `${500 - startedAgoS} 500\n`, stderr: '' },
      },
    ];
    expect(confirmed(name, stopped, readings(1)).verdict).to.equal('found');
    expect(confirmed(name, stopped, readings(400)).verdict).to.equal('not-found');
    const unfinished = stopped.map((step) =>
      step.stepId === 'restart-before/db1/backfill-items/start'
        ? { ...step, outcome: 'failed' as const }
        : step,
    );
    expect(confirmed(name, unfinished, readings(1)).verdict).to.equal('not-found');
  });

  it('is not found on a control, and not injected where its edit had no effect', () => {
    for (const name of [
      'omit@web1/write-site',
      'swap@web1/write-site:web1/start-httpd',
      'spurious-restart@db1/backfill-items',
      'crash@web1/install',
    ]) {
      const control = planOf(name, 'rolling', true);
      const evidence = confirmed(name, timelineOf(control), readBehind(control, 1));
      expect(evidence.verdict, name).to.equal('not-found');
      const plan = planOf(name);
      const reached = [...timelineOf(control), ...timelineOf(plan)];
      expect(injectionOf(plan, reached, [{ fault: name, evidence }]).outcome, name).to.equal('not-injected');
      expect(confirmed(name, []).verdict, name).to.equal('unreadable');
    }
  });

  it('kills the upgrader during the step, and changes nothing that is done', () => {
    const name = 'crash@web1/install';
    const plan = planOf(name);
    expect(plan.interrupts).to.deep.equal([{ process: 'upgrader', step: 'web1/install', afterS: 0 }]);
    const bare = ({ upgrade }: Plan) => upgrade.map(({ edit, ...step }) => step);
    expect(bare(plan)).to.deep.equal(bare(planOf(name, 'rolling', true)));
    expect(planOf(name, 'rolling', true).interrupts).to.deep.equal([]);
    const killed: StepOutcome = {
      ...{ stepId: 'web1/install', kind: 'interrupt', startMs: 1, endMs: 1 },
      ...{ outcome: 'failed', reason: 'the upgrader was killed during it' },
    };
    expect(confirmed(name, [killed, ...timelineOf(plan)]).verdict).to.equal('found');
  });

  it('composes with faults of the catalogue', () => {
    const plan = planOf('omit@web2/check+wrong-apache');
    expect(plan.edited).to.deep.equal(['web2/install', 'web2/check']);
  });

  it('says why it cannot be', () => {
    expect(reasonOf(planOf('omit@web1/drain', 'imago'))).to.contain('no step web1/drain');
    expect(reasonOf(planOf('spurious-restart@web1/install'))).to.contain('itself starts, stops or replaces');
    expect(reasonOf(planOf('spurious-restart@web1/write-site'))).to.contain('no service runs on web1');
    expect(reasonOf(planOf('spurious-restart@web1/dwell'))).to.contain('acts on no host');
    expect(reasonOf(planOf('swap@web1/check:web1/drain'))).to.contain('swap@web1/drain:web1/check');
    expect(reasonOf(planOf('swap@app1/check:app2/install', 'imago'))).to.contain('side by side');
    expect(reasonOf(planOf('omit@lb1/drain-web1-for-app1'))).to.contain('part of web1/drain-for-app1');
    expect(addressedFault('swap@web1/check')).to.equal(undefined);
    expect(addressedFault('omit@web1/check:web1/drain')).to.equal(undefined);
    expect(addressedFault('apache-port')).to.equal(undefined);
  });

  it('names the nearest ids where there is none such', () => {
    const { upgrade } = planOf('none');
    expect(unaddressable('web1/instal', upgrade)).to.match(/nearest are web1\/install, /);
  });
});

/**
 * Steps of no host, or of several; those that start, stop or replace a service themselves; and those between its stop,
 * or the installation of its host, and its start.
 */
const NOTHING_RUNS =
  /^(imago|terminate|test|switch|retire)\/|\/(dwell|(drain|enable)-for-\w+|install|(stop|start)-\w+|make-data-directory|write-\w+|clear-cache|put-content|shut-port)$/;

describe('a sweep', () => {
  it('is every step of every plan, each once, paired by its id', () => {
    const request = campaignRequest({ approaches: ['rolling', 'imago'], faults: ['omit@all'] });
    const { faults } = withAddressed('run', request);
    const steps = [...idsOf(planOf('none')), ...idsOf(planOf('none', 'imago'))];
    expect(faults).to.have.members([...new Set(steps)].map((id) => `omit@${id}`));
    expect(new Set(faults).size).to.equal(faults.length);
    const trials = scheduleOf({ ...request, faults }, () => undefined).map(({ trialId }) => trialId);
    expect(new Set(trials).size).to.equal(trials.length);
  });

  it('composes', () => {
    const request = campaignRequest({ faults: ['crash@all+apache-port'] });
    expect(withAddressed('run', request).faults).to.include('crash@web1/check+apache-port');
  });

  it('passes over the step that the same fault beside it has already', () => {
    const request = campaignRequest({ faults: ['omit@all+omit@web1/check'] });
    const { faults } = withAddressed('run', request);
    expect(faults).to.have.lengthOf(idsOf(planOf('none')).length - 1);
    expect(faults).to.not.include('omit@web1/check+omit@web1/check');
    for (const fault of faults) expect(() => planOf(fault)).to.not.throw();
  });

  it('is one at a time', () => {
    const request = campaignRequest({ faults: ['omit@all+crash@all'] });
    expect(() => withAddressed('run', request)).to.throw(/one sweep is allowed at a time/);
  });

  it('has steps of those approaches that have any', () => {
    const alone = campaignRequest({ approaches: ['none'], faults: ['omit@all'] });
    expect(() => withAddressed('run', alone)).to.throw(/approach none has no steps/);
    const beside = campaignRequest({ approaches: ['none', 'rolling'], faults: ['omit@web1/instal'] });
    expect(() => withAddressed('run', beside)).to.throw(/nearest are web1\/install, /);
    expect(reasonOf(planOf('omit@web1/install', 'none'))).to.contain('the procedure has no steps');
  });

  it('of exchanges there is none', () => {
    const request = campaignRequest({ faults: ['swap@all:all'] });
    expect(() => withAddressed('run', request)).to.throw(/swap@STEP:STEP/);
  });

  it('gives every step of a plan an edit, or a reason where no service runs that could be restarted', () => {
    for (const approach of ['rolling', 'imago'] as const)
      for (const id of idsOf(planOf('none', approach)))
        for (const verb of ['omit', 'spurious-restart', 'crash']) {
          const name = `${verb}@${id}`;
          const plan = planOf(name, approach);
          const applies = verb !== 'spurious-restart' || !NOTHING_RUNS.test(id);
          expect(plan.applicability.applies, `${approach} ${name}: ${reasonOf(plan)}`).to.equal(applies);
          if (applies) expect(plan.edited, name).to.not.be.empty;
          else expect(reasonOf(plan), name).to.match(/itself starts|no service runs on|acts on no host/);
        }
  }).timeout(60_000);
});
