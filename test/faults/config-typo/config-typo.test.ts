import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { configTypo } from '../../../faults/config-typo/config-typo.ts';
import { prepareTrial, scenarioNamed, variantsOf } from '../../../harness/campaign/prepare.ts';
import { scheduleOf } from '../../../harness/campaign/schedule.ts';
import type { Fault } from '../../../harness/contract/fault.ts';
import type { Reading } from '../../../harness/contract/observation.ts';
import type { Plan } from '../../../harness/contract/plan.ts';
import type { ObserveStep, Step, WriteStep } from '../../../harness/contract/step.ts';
import { confirmFaults } from '../../../harness/observation/confirmation.ts';
import { makePlan, renderPlan } from '../../../harness/plan/plan.ts';
import { flatten } from '../../../harness/plan/rows.ts';
import { campaignRequest } from '../../campaign/request.ts';

type Approach = 'rolling' | 'imago';

const planOf = (
  fault: string,
  seed: number,
  approach: Approach = 'imago',
  reach: 'one' | 'all' = 'one',
): Plan =>
  prepareTrial(campaignRequest({ faults: ['config-typo'], reach }), { trialId: 't', approach, fault, seed })
    .plan;

const writes = (steps: readonly Step[]) =>
  new Map(flatten(steps).flatMap((step) => (step.kind === 'write' ? [[step.id, step] as const] : [])));

const observed = (plan: Plan) =>
  flatten(plan.upgrade).filter((step): step is ObserveStep => step.kind === 'observe');

/** The reading of an observation on a machine of which the file that it looks at holds the text; null: it is not there. */
function read(step: ObserveStep, content: string | null): Reading {
  const folder = mkdtempSync(path.join(tmpdir(), 'upfault-typo-'));
  try {
    const file = path.join(folder, 'file');
    if (content !== null) writeFileSync(file, content);
    const argv = step.observation.read === 'command' ? step.observation.argv.slice(0, -1) : [];
    const { status, stdout, stderr } = spawnSync(argv[0] ?? '', [...argv.slice(1), file], {
      encoding: 'utf8',
    });
    const result = { taken: true as const, exitCode: status ?? -1, stdout, stderr };
    return { stepId: step.id, fault: step.fault, universe: step.universe, host: step.host, atMs: 1, result };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const verdictOf = (readings: readonly Reading[]) => confirmFaults([configTypo], readings, [])[0]?.evidence;

describe('fault config-typo', () => {
  it('gives 200 repetitions 200 described mutations over four formats and every kind, each again the same', () => {
    const campaign = campaignRequest({
      approaches: ['imago'],
      faults: ['config-typo'],
      reps: 200,
      controls: 0,
    });
    const seeds = scheduleOf(campaign, variantsOf(campaign)).map(({ seed }) => seed);
    const plans = seeds.map((seed) => planOf('config-typo', seed));
    const details = plans.map(({ fault }) => fault.details?.['config-typo'] ?? expect.fail('no details'));
    const descriptions = details.map(({ mutation = '' }) => mutation);
    for (const one of descriptions) expect(one).to.match(/^[\w.-]+:\d+ \S[^\n]*$/);
    expect(new Set(details.map((one) => JSON.stringify(one))).size).to.equal(200);
    for (const [name, different] of [
      ['format', 4],
      ['kind', 4],
      ['change', 13],
    ] as const)
      expect(new Set(details.map((one) => one[name])).size, name).to.equal(different);
    for (const index of [0, 57, 199])
      expect(renderPlan(planOf('config-typo', seeds[index] ?? 0))).to.equal(renderPlan(plans[index] as Plan));
  });

  it('says in the plan what it did, in the mark of the one step that it changed', () => {
    for (const approach of ['rolling', 'imago'] as const) {
      const before = writes(planOf('none', 7, approach).upgrade);
      const plan = planOf('config-typo', 7, approach);
      const [id = '', ...others] = plan.edited;
      expect(others).to.deep.equal([]);
      const step = writes(plan.upgrade).get(id);
      expect(step?.edit?.note).to.equal(plan.fault.details?.['config-typo']?.mutation);
      expect(step?.content).to.not.equal(before.get(id)?.content);
      const line = Number(/:(\d+) /.exec(step?.edit?.note ?? '')?.[1]);
      expect(before.get(id)?.content.split('\n')[line - 1]?.trim()).to.not.equal('');
    }
  });

  it('is the same mistake under every approach that writes the file', () => {
    const pairs = Array.from({ length: 60 }, (_, seed) =>
      (['rolling', 'imago'] as const).map(
        (one) => planOf('config-typo', seed, one).fault.details?.['config-typo'],
      ),
    );
    const comparable = pairs.filter(([, imago]) => imago?.format !== 'ini');
    expect(comparable.length).to.be.above(30);
    for (const [rolling, imago] of comparable) expect(rolling).to.deep.equal(imago);
  });

  it('makes the same mistake on every host of a tier with reach all', () => {
    const plan = planOf('config-typo', 5, 'imago', 'all');
    const notes = flatten(plan.upgrade).flatMap(({ edit }) => (edit === undefined ? [] : [edit.note]));
    expect(notes).to.have.lengthOf(2);
    expect(notes[0]?.replaceAll(/\d/g, '')).to.equal(notes[1]?.replaceAll(/\d/g, ''));
  });

  it('is found on a host that has the mutated file, and neither on one with the right file nor on controls', () => {
    for (let seed = 0; seed < 25; seed += 1) {
      const plan = planOf('config-typo', seed);
      const [observation] = observed(plan);
      const [id = ''] = plan.edited;
      if (observation === undefined) expect.fail('no observation');
      const steps = plan.upgrade.map((step) => step.id);
      expect(steps.indexOf(observation.id)).to.equal(steps.indexOf(id) + 1);
      const mutated = writes(plan.upgrade).get(id) as WriteStep;
      const right = writes(planOf('none', seed).upgrade).get(id) as WriteStep;
      const found = verdictOf([read(observation, mutated.content)]);
      expect(found?.verdict, mutated.edit?.note).to.equal('found');
      expect(found?.summary).to.match(/differs from the right one: [<>] /);
      expect(verdictOf([read(observation, right.content)])?.verdict).to.equal('not-found');
      expect(verdictOf([read(observation, `${mutated.content}# more\n`)])?.verdict).to.equal('not-found');
      expect(verdictOf([read(observation, null)])?.verdict).to.equal('unreadable');
      const control = planOf('none', seed);
      const shams = observed(control);
      expect(shams.map((step) => step.observation)).to.deep.equal([observation.observation]);
      expect(verdictOf(shams.map((step) => read(step, right.content)))?.verdict).to.equal('not-found');
    }
  });

  it('does not apply where another fault left no file that can be read, and says which', () => {
    const garbled: Fault = {
      ...configTypo,
      name: 'garbled',
      edit: ({ steps }) => ({
        applies: true,
        steps: steps.map((step) =>
          step.kind === 'write'
            ? { ...step, content: '<', edit: { fault: 'garbled', change: 'replaced', note: 'garbled' } }
            : step,
        ),
        observe: [],
      }),
    };
    const { size, windows } = planOf('none', 1);
    const { applicability } = makePlan({
      ...{ scenario: scenarioNamed('test', 'auction'), approach: 'imago', shams: [], size, windows },
      ...{ faults: [garbled, configTypo], reach: 'one', target: 'new', gates: 'native', seed: 1 },
      ...{ schemaPolicy: 'expand-contract', engine: 'keep', onFailure: 'halt', ratePerSecond: 150 },
    });
    expect(applicability).to.have.property('applies', false);
    expect(applicability)
      .to.have.property('reason')
      .that.matches(/^config-typo: step \w+\/write-\S+: \/\S+: parse (apache|haproxy|ini|json): line 1: /);
  });

  it('needs nothing on the host but what every Debian has', () => {
    for (const tool of ['cmp', 'diff'])
      expect(execFileSync('which', [tool], { encoding: 'utf8' })).to.contain(tool);
  });
});
