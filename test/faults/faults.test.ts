import { expect } from 'chai';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import type { Reading, StepOutcome } from '../../harness/contract/observation.ts';
import type { ApproachName, Plan } from '../../harness/contract/plan.ts';
import type { ObserveStep, Step } from '../../harness/contract/step.ts';
import { injectionOf } from '../../harness/observation/confirmation.ts';
import { flatten } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';

import { DATA_ACCESS_OUTPUTS } from './data-access-readings.ts';
import { ENVIRONMENT_OUTPUTS, type Sample } from './environment-outputs.ts';

import { PROCEDURAL_FAULTS } from './procedural-readings.ts';

const planWith = (
  fault: string,
  reach: 'one' | 'all' = 'one',
  approach: ApproachName = 'rolling',
  seed = 3,
): Plan =>
  prepareTrial(campaignRequest({ approaches: [approach], reach, faults: fault === 'none' ? [] : [fault] }), {
    ...{ trialId: 't', approach, fault, seed },
  }).plan;

const byId = (steps: readonly Step[]) => new Map(flatten(steps).map((step) => [step.id, step]));

const observationsOf = (fault: string): ObserveStep[] => {
  const plan = planWith(fault);
  return [...flatten(plan.upgrade), ...plan.observeAtEnd].filter(
    (step): step is ObserveStep => step.kind === 'observe',
  );
};

/** Every step of a plan, done in order. */
const timelineOf = ({ upgrade }: Plan): StepOutcome[] =>
  upgrade.map(({ id, kind }, at) => ({
    ...{ stepId: id, kind, startMs: at, endMs: at + 1, outcome: 'done' as const, reason: '' },
  }));

/** A reading of every observation of a fault, all with the same result unless it depends on the place. */
const readingsOf = (fault: string, result: Sample): Reading[] =>
  observationsOf(fault).map((step) => ({
    stepId: step.id,
    fault,
    universe: 'old',
    host: step.host,
    atMs: 1,
    result: typeof result === 'function' ? result(step.id) : result,
  }));

const taken = (exitCode: number, stdout = '', stderr = '') => ({
  taken: true as const,
  exitCode,
  stdout,
  stderr,
});

/** What each fault's observations give on a system that has it, and on one that has not. */
const OUTPUTS: Readonly<Record<string, { readonly present: Sample; readonly absent: Sample }>> = {
  'config-nochange': { present: taken(0, '3:BalancerMember "http://10.0.0.3:8080"\n'), absent: taken(1) },
  'config-staticpath': { present: taken(0, '12:    DocumentRoot /srv/x/static\n'), absent: taken(1) },
  'config-typo': { present: taken(0, '3c3\n< Listen 443\n---\n> Listne 443\n'), absent: taken(1) },
  'apache-port': { present: taken(0, 'users:(("perl",pid=9,fd=3))\n'), absent: taken(1) },
  'apache-lib': {
    present: taken(0, "/usr/local/lib/libcrypto.so.3: version `OPENSSL_3.4.0' not found\n"),
    absent: taken(1),
  },
  'wrong-privileges': { present: taken(0, "GRANTEE\n'app2'@'%'\n"), absent: taken(0, '') },
  ...ENVIRONMENT_OUTPUTS,
  'index-missing': { present: taken(0, 'TABLE_NAME\nitems\n'), absent: taken(0, '') },
  ...DATA_ACCESS_OUTPUTS,
};

/** Faults whose readings are not all alike, or whose edits follow other rules, with tests of their own. */
const ELSEWHERE = new Set<string>(PROCEDURAL_FAULTS.map(({ name }) => name));

/** Faults of the procedure that all in-place upgrades share; those of Imago's own, and of type 2, have tests of their own. */
const inPlace = (Object.values(faults) as Fault[]).filter(
  ({ name, type }) => type !== 2 && !ELSEWHERE.has(name) && planWith(name).applicability.applies,
);

for (const fault of inPlace) {
  describe(`fault ${fault.name}`, () => {
    const clean = planWith('none');
    const plan = planWith(fault.name);

    it('edits the steps that it says and no other', () => {
      expect(plan.applicability).to.deep.equal({ applies: true });
      expect(plan.edited).to.not.be.empty;
      const before = byId(clean.upgrade);
      for (const step of flatten(plan.upgrade)) {
        if (step.kind === 'observe' || plan.edited.includes(step.id)) continue;
        expect(step, step.id).to.deep.equal(before.get(step.id));
      }
      for (const id of plan.edited) expect(byId(plan.upgrade).get(id)?.edit?.fault).to.equal(fault.name);
    });

    it('meets more hosts with reach all than with reach one, or is not about hosts of a pair', () => {
      const one = planWith(fault.name, 'one').edited.length;
      const every = planWith(fault.name, 'all').edited.length;
      expect(every).to.be.at.least(one);
      if (fault.tiers.length > 0 && !fault.tiers.includes('db')) expect(every).to.be.greaterThan(one);
    });

    it('is confirmed by its own readings alone', () => {
      const { present, absent } = OUTPUTS[fault.name] ?? expect.fail('no sample outputs for this fault');
      expect(observationsOf(fault.name), 'observations').to.not.be.empty;
      const timeline = timelineOf(plan);
      expect(fault.confirm(readingsOf(fault.name, present), timeline).verdict).to.equal('found');
      expect(fault.confirm(readingsOf(fault.name, absent), timeline).verdict).to.equal('not-found');
    });

    it('is not confirmed by what could not be read', () => {
      const verdictOf = (readings: Reading[]) => fault.confirm(readings, timelineOf(plan)).verdict;
      expect(verdictOf([])).to.equal('unreadable');
      expect(verdictOf(readingsOf(fault.name, { taken: false, reason: 'gone' }))).to.equal('unreadable');
      expect(verdictOf(readingsOf(fault.name, taken(2, '', 'no such file')))).to.equal('unreadable');
    });

    it('counts as not injected when its edit had no effect', () => {
      const { absent } = OUTPUTS[fault.name] ?? expect.fail('no sample outputs for this fault');
      const timeline = timelineOf(plan);
      const evidence = fault.confirm(readingsOf(fault.name, absent), timeline);
      expect(injectionOf(plan, timeline, [{ fault: fault.name, evidence }]).outcome).to.equal('not-injected');
      expect(injectionOf(plan, [], [{ fault: fault.name, evidence }]).outcome).to.equal('not-reached');
    });
  });
}

/** Where faults have nothing to break; every other one applies, whatever the seed. */
const NOT_UNDER: Readonly<Record<'rolling' | 'imago', readonly string[]>> = {
  rolling: [
    ...['egress-late', 'quiescence-omitted', 'comparison-omitted', 'switch-before-drain'],
    ...['wrong-universe', 'ingress-bypassed', 'shared-disk-full', 'server-id-same', 'max-connections-low'],
    ...['packet-too-small', 'sql-mode-lax', 'disk-slow', 'buffer-cold', 'replica-not-replaced'],
  ],
  imago: [
    ...['drain-omitted', 'enable-omitted', 'enable-before-check', 'contract-early', 'cache-stale'],
    'buffer-cold',
  ],
};

/** What the steps that a fault edited write, under either approach. */
const WRITES: Readonly<Record<string, { readonly writes: RegExp; readonly not: RegExp }>> = {
  'config-nochange': { writes: /:8080|\/srv\/auction\/static/, not: /:8081|\/srv\/auction\/htdocs/ },
  'config-staticpath': { writes: /DocumentRoot \/srv\/auction\/static\n/, not: /\/srv\/auction\/htdocs/ },
};

for (const approach of ['rolling', 'imago'] as const) {
  describe(`faults under ${approach}`, () => {
    const clean = byId(planWith('none', 'one', approach).upgrade);
    for (const fault of Object.values(faults) as Fault[]) {
      const planted = fault.shownWith === undefined ? fault.name : `${fault.name}+${fault.shownWith}`;

      it(`${fault.name} applies, and changes what the edited steps do, or has nothing to break`, () => {
        for (const seed of [1, 2, 3]) {
          const { applicability, upgrade } = planWith(planted, 'one', approach, seed);
          expect(applicability.applies).to.equal(!NOT_UNDER[approach].includes(fault.name));
          for (const { edit, ...step } of flatten(upgrade)) {
            if (edit === undefined) continue;
            if (edit.change !== 'moved') expect(step).to.not.deep.equal(clean.get(step.id));
            const { writes, not } = WRITES[fault.name] ?? {};
            if (writes === undefined || not === undefined || step.kind !== 'write') continue;
            expect(step.content).to.match(writes).and.not.match(not);
          }
        }
      });
    }
  });
}
