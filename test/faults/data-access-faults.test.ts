import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';
import { DATA_ACCESS_OUTPUTS, taken } from './data-access-readings.ts';

type Over = { seed?: number; control?: boolean; schemaPolicy?: 'expand-contract' | 'in-place' };

const planOf = (fault: string, approach: 'rolling' | 'imago', over: Over = {}): Plan => {
  const { seed = 3, control = false, schemaPolicy = 'expand-contract' } = over;
  const request = campaignRequest({ approaches: [approach], faults: [fault], schemaPolicy });
  return prepareTrial(request, { trialId: 't', approach, seed, fault: control ? 'none' : fault }).plan;
};

const observationsOf = (plan: Plan): ObserveStep[] =>
  [...flatten(plan.upgrade), ...plan.observeAtEnd].filter((step) => step.kind === 'observe');

const readingsOf = (plan: Plan, result: Reading['result']): Reading[] =>
  observationsOf(plan).map((step) => ({
    ...{ stepId: step.id, fault: step.fault, universe: step.universe, host: step.host },
    ...{ atMs: 1, result },
  }));

/** Every step of a plan, done in order. */
const timelineOf = (plan: Plan): StepOutcome[] =>
  plan.upgrade.map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: at, endMs: at + 1, outcome: 'done' as const, reason: '' },
  }));

const editedSteps = (plan: Plan): Step[] => plan.upgrade.filter(({ edit }) => edit !== undefined);
const done = (step: Step): Omit<Step, 'edit'> => {
  const { edit, ...rest } = step;
  return rest;
};
const statementsOf = (steps: readonly Step[]): string =>
  steps.map((step) => (step.kind === 'sql' ? step.statements : '')).join('\n');

/** Of faults that do not meet both. */
const APPROACHES: Readonly<Record<string, readonly ('rolling' | 'imago')[]>> = {
  'shared-disk-full': ['imago'],
};

for (const [name, { present, absent }] of Object.entries(DATA_ACCESS_OUTPUTS)) {
  const fault: Fault = faults[name as keyof typeof faults];
  for (const approach of APPROACHES[name] ?? (['rolling', 'imago'] as const)) {
    describe(`fault ${name} under ${approach}`, () => {
      const plan = planOf(name, approach);
      const control = planOf(name, approach, { control: true });

      it('edits the steps that it says, so that they do something else, and no other', () => {
        expect(plan.applicability).to.deep.equal({ applies: true });
        expect(plan.edited).to.not.be.empty;
        const before = new Map(flatten(control.upgrade).map((step) => [step.id, step]));
        const untouched = (step: Step) => step.kind !== 'observe' && !plan.edited.includes(step.id);
        expect(plan.upgrade.filter(untouched)).to.deep.equal(control.upgrade.filter(untouched));
        const order = (steps: readonly Step[]) =>
          steps.filter(({ kind }) => kind !== 'observe').map(({ id }) => id);
        for (const step of editedSteps(plan)) {
          expect(step.edit?.fault).to.equal(name);
          if (step.edit?.change !== 'moved') expect(done(step)).to.not.deep.equal(before.get(step.id));
          else expect(order(plan.upgrade)).to.not.deep.equal(order(control.upgrade));
        }
      });

      it('is looked for in the same places on controls', () => {
        expect(observationsOf(plan)).to.not.be.empty;
        expect(observationsOf(control)).to.deep.equal(observationsOf(plan));
      });

      it('is found where it is in effect, and not on a control', () => {
        expect(fault.confirm(readingsOf(plan, present), timelineOf(plan)).verdict).to.equal('found');
        expect(fault.confirm(readingsOf(control, absent), timelineOf(control)).verdict).to.equal('not-found');
      });

      it('is not confirmed by what could not be read', () => {
        const verdictOf = (readings: Reading[]) => fault.confirm(readings, timelineOf(plan)).verdict;
        expect(verdictOf([])).to.equal('unreadable');
        expect(verdictOf(readingsOf(plan, { taken: false, reason: 'gone' }))).to.equal('unreadable');
        expect(verdictOf(readingsOf(plan, taken(2, '', 'broken')))).to.equal('unreadable');
      });

      it('counts as not injected when its edit had no effect', () => {
        const timeline = timelineOf(plan);
        const evidence = fault.confirm(readingsOf(plan, absent), timeline);
        const outcomeOf = (reached: readonly StepOutcome[]) =>
          injectionOf(plan, reached, [{ fault: name, evidence }]).outcome;
        expect(outcomeOf(timeline)).to.equal('not-injected');
        expect(outcomeOf([])).to.equal('not-reached');
      });
    });
  }
}

describe('data-access faults', () => {
  const statements = (fault: string, approach: 'rolling' | 'imago', over: Over = {}) =>
    statementsOf(editedSteps(planOf(fault, approach, over)));

  it('grants-excessive grants everything instead of one right', () => {
    for (const approach of ['rolling', 'imago'] as const)
      expect(statements('grants-excessive', approach)).to.match(
        /^GRANT ALL PRIVILEGES ON \*\.\* TO '\w+'@'%' WITH GRANT OPTION;\s*$/,
      );
  });

  it('account-missing leaves no step that names the account', () => {
    for (const approach of ['rolling', 'imago'] as const) {
      const { upgrade } = planOf('account-missing', approach);
      expect(statementsOf(upgrade)).to.not.contain("'auction_app2'@");
    }
  });

  it('db-schema names the column otherwise once it has its final shape, or narrows it wherever it is defined', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1)
      for (const approach of ['rolling', 'imago'] as const) {
        const plan = planOf('db-schema', approach, { seed });
        const renamed = /buy_now_cents_draft BIGINT/.test(statementsOf(editedSteps(plan)));
        seen.add(`${approach} ${renamed ? 'renamed' : 'narrowed'}`);
        const defined = (text: string) => text.match(/buy_now_cents\s+(BIGINT|MEDIUMINT)/g) ?? [];
        if (renamed) expect(plan.edited).to.have.length(1);
        else
          expect(new Set(defined(statementsOf(plan.upgrade)))).to.deep.equal(
            new Set(['buy_now_cents MEDIUMINT']),
          );
      }
    expect([...seen].sort()).to.deep.equal([
      'imago narrowed',
      'imago renamed',
      'rolling narrowed',
      'rolling renamed',
    ]);
  });

  it('migration-omitted leaves out all of one table’s migration, and that of every table over the seeds', () => {
    const sets = new Set<string>();
    for (let seed = 1; seed <= 40; seed += 1)
      sets.add(planOf('migration-omitted', 'rolling', { seed }).edited.join(' '));
    expect([...sets].sort()).to.deep.equal([
      'db1/expand-bids db1/expand-bids-triggers db1/backfill-bids',
      'db1/expand-items db1/expand-items-triggers db1/backfill-items',
      'db1/expand-user-ratings db1/expand-user-ratings-triggers db1/backfill-user-ratings',
      'db1/expand-users db1/expand-users-triggers db1/backfill-users',
    ]);
    expect(planOf('migration-omitted', 'imago').edited).to.deep.equal(['db1/create-schema']);
    expect(planOf('migration-omitted', 'rolling', { schemaPolicy: 'in-place' }).edited).to.have.length(1);
  });

  it('conversion-partial stops half-way through the last source, in place and for the driver alike', () => {
    const [convert, ...others] = editedSteps(planOf('conversion-partial', 'rolling'));
    const [start] = editedSteps(planOf('conversion-partial', 'imago'));
    expect(convert?.id).to.equal('db1/backfill-items');
    expect(others).to.deep.equal([]);
    if (convert?.kind !== 'convert') expect.fail('no conversion in place');
    if (start?.kind !== 'imago' || start.action.do !== 'start-driver') expect.fail('not the driver’s start');
    const driven = start.action.projections.filter(({ target }) => target === 'items');
    expect(driven).to.deep.equal([convert.projection]);
    const [whole, half] = convert.projection.sources.map(({ select }) => select);
    expect(whole).to.match(/ FROM items s$/);
    expect(half).to.match(
      / FROM \(SELECT s\.\* FROM old_items s WHERE s\.id <= \(SELECT MAX\(s\.id\) DIV 2 FROM old_items s\)\) s$/,
    );
    const inPlace = planOf('conversion-partial', 'rolling', { schemaPolicy: 'in-place' });
    expect(inPlace.applicability.applies).to.equal(false);
  });

  it('conversion-lossy rounds every amount that is converted, and leaves triggers alone', () => {
    const exact = /ROUND\((s\.)?\w+ \* 100\)/;
    for (const [approach, schemaPolicy] of [
      ['rolling', 'expand-contract'],
      ['rolling', 'in-place'],
      ['imago', 'expand-contract'],
    ] as const) {
      const edited = editedSteps(planOf('conversion-lossy', approach, { schemaPolicy }));
      expect(edited).to.not.be.empty;
      for (const step of edited) expect(JSON.stringify(step)).to.not.match(exact);
      expect(edited.filter(({ id }) => id.includes('trigger'))).to.deep.equal([]);
    }
  });

  it('collation-changed alters the table where it gets its final shape', () => {
    expect(statements('collation-changed', 'rolling')).to.match(
      /ALTER TABLE users\s+CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, DROP COLUMN rating[^;]*DEFAULT 0;/,
    );
    const made = statements('collation-changed', 'imago');
    expect(made.match(/COLLATE=utf8mb4_bin/g)).to.have.length(1);
    expect(made).to.match(/CREATE TABLE users \([^;]*COLLATE=utf8mb4_bin;/);
  });

  it('foreign-key-dropped leaves out one constraint of those that the procedure makes', () => {
    const dropped = new Set<string>();
    for (let seed = 1; seed <= 60; seed += 1) {
      const before = statementsOf(planOf('foreign-key-dropped', 'imago', { seed, control: true }).upgrade);
      const after = statementsOf(planOf('foreign-key-dropped', 'imago', { seed }).upgrade);
      const constraintsOf = (text: string) => [...text.matchAll(/CONSTRAINT \w+/g)].map(([words]) => words);
      const missing = constraintsOf(before).filter((one) => !constraintsOf(after).includes(one));
      expect(missing).to.have.length(1);
      dropped.add(missing[0] ?? '');
      expect(after).to.not.match(/,\s*,|,\s*\)/);
    }
    expect(dropped.size).to.be.greaterThan(5);
    expect(statements('foreign-key-dropped', 'rolling')).to.match(
      /rating_pushes INT NOT NULL DEFAULT 0\n\) ENGINE/,
    );
  });

  it('db-wrong-host detaches the copy before the first host that is told to use it', () => {
    for (const approach of ['rolling', 'imago'] as const) {
      const [detach, ...writes] = editedSteps(planOf('db-wrong-host', approach));
      expect(detach).to.include({ id: 'db2/detach-copy', kind: 'sql' });
      expect(writes).to.have.length(1);
      for (const write of writes) {
        const content = write.kind === 'write' ? write.content : '';
        expect(content).to.contain('"db2:3306"').and.not.contain('"primary:3306"');
      }
    }
  });

  it('grants-after-start moves the grants, in their order, right behind the first start', () => {
    for (const approach of ['rolling', 'imago'] as const) {
      const plan = planOf('grants-after-start', approach);
      const control = planOf('grants-after-start', approach, { control: true });
      const wanted = control.upgrade.filter(({ id }) => id.startsWith('db1/grant-new'));
      const late = plan.upgrade.filter(({ edit }) => edit?.change === 'moved');
      expect(late.map(done)).to.deep.equal(wanted);
      const ids = plan.upgrade.filter(({ kind }) => kind !== 'observe').map(({ id }) => id);
      const at = ids.indexOf('app1/start-application') + 1;
      expect(ids.slice(at, at + late.length)).to.deep.equal(wanted.map(({ id }) => id));
      expect(ids[at + late.length]).to.equal('app1/open-port');
      expect(observationsOf(plan).map(({ host }) => host)).to.deep.equal(['db1', 'db1']);
    }
  });

  it('grants-after-start wants the start before the grants, and tells what was denied in between', () => {
    const { confirm } = faults['grants-after-start'];
    const plan = planOf('grants-after-start', 'rolling');
    const control = planOf('grants-after-start', 'rolling', { control: true });
    const { present } = DATA_ACCESS_OUTPUTS['grants-after-start'];
    const [first, ...others] = readingsOf(plan, present);
    if (first === undefined) expect.fail('no reading');
    expect(confirm([first, ...others], timelineOf(control)).verdict).to.equal('not-found');
    const later = others.map((one) => ({ ...one, result: taken(0, 'powerless\tdenied\nNULL\t6\n') }));
    const evidence = confirm([first, ...later], timelineOf(plan));
    expect(evidence).to.include({ verdict: 'found' });
    expect(evidence.summary).to.contain('app2@% had no right; 2 accesses were denied until its check');
    // The start failed: what would have followed was not come to.
    expect(confirm([first], timelineOf(plan)).verdict).to.equal('found');
  });

  it('db-shutdown stops the primary of the universe that is upgraded, as the recipe would', () => {
    for (const [approach, universe] of [
      ['rolling', 'old'],
      ['imago', 'new'],
    ] as const) {
      const [stop] = editedSteps(planOf('db-shutdown', approach));
      expect(stop).to.include({ kind: 'service', host: 'db1', action: 'stop', universe });
    }
  });

  it('shared-disk-full has nothing to fill where there is one universe only', () => {
    const { applicability } = planOf('shared-disk-full', 'rolling');
    expect(applicability.applies ? '' : applicability.reason).to.match(/no second copy/);
  });
});

describe('what is missing until a step brings it', () => {
  const FAULTS = [
    ...(['migration-omitted', 'db-schema', 'foreign-key-dropped', 'account-missing'] as const),
    'conversion-partial' as const,
  ];
  for (const name of FAULTS)
    for (const approach of ['rolling', 'imago'] as const)
      it(`is no evidence of ${name} under ${approach} on a control that stopped before that step`, () => {
        const control = planOf(name, approach, { control: true });
        const missing = readingsOf(control, DATA_ACCESS_OUTPUTS[name].present);
        const [look] = missing;
        const step = look?.stepId.slice(`observe/${name}/`.length) ?? '';
        const whole = timelineOf(control);
        const before = whole.slice(
          0,
          whole.findIndex(({ stepId }) => stepId === step),
        );
        expect(whole.map(({ stepId }) => stepId)).to.include(step);
        expect(faults[name].confirm(missing, before).verdict).to.equal('not-found');
        expect(faults[name].confirm(missing, []).verdict).to.equal('not-found');
        expect(faults[name].confirm(missing, whole).verdict).to.equal('found');
      });
});
