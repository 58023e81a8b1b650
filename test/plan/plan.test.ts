import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { CampaignRequest } from '../../harness/campaign/request.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import { flatten, renderPlan } from '../../harness/plan/plan.ts';
import { planText } from '../../harness/plan/rows.ts';

const all: readonly Fault[] = Object.values(faults);

const request: CampaignRequest = {
  scenario: 'auction',
  approaches: ['rolling'],
  faults: all.map(({ name }) => name),
  reps: 1,
  controls: 5,
  seed: 1,
  windows: 'quick',
  reach: 'one',
  hosts: 2,
  scale: 0.02,
  ratePerSecond: 150,
  schemaPolicy: 'expand-contract',
  onFailure: 'halt',
  port: 0,
};

const planOf = (fault: string, seed: number, over: Partial<CampaignRequest> = {}) =>
  prepareTrial({ ...request, ...over }, { trialId: 'trial', approach: 'rolling', fault, seed }).plan;

describe('plan', () => {
  it('is the same byte for byte in two processes', () => {
    const cli = fileURLToPath(new URL('../../harness/cli.ts', import.meta.url));
    const argv = [cli, 'plan', '--fault', 'apache-port', '--seed', '7', '--json'];
    const print = () => execFileSync(process.execPath, argv, { encoding: 'utf8' });
    const first = print();
    expect(first).to.equal(print());
    expect(first).to.equal(renderPlan(planOf('apache-port', 7, { faults: ['apache-port'] })));
  });

  it('holds placeholders where secrets, addresses and certificates belong', () => {
    const text = renderPlan(planOf('none', 1));
    expect(text)
      .to.match(/@@secret:/)
      .and.to.match(/@@address:/)
      .and.to.match(/@@pem:/);
    expect(text).to.not.match(/BEGIN (EC )?PRIVATE KEY|BEGIN CERTIFICATE/);
  });

  it('of a control looks for every fault of the campaign and edits nothing', () => {
    const plan = planOf('none', 1);
    expect(plan.shams).to.have.members(all.map(({ name }) => name));
    expect(plan.edited).to.deep.equal([]);
    const looked = [...flatten(plan.upgrade), ...plan.observeAtEnd].filter((step) => step.kind === 'observe');
    expect(new Set(looked.map((step) => step.fault))).to.deep.equal(new Set(all.map(({ name }) => name)));
  });

  it('has unique step ids whatever the fault, seed, reach and size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all.map(({ name }) => name)),
        fc.nat(1_000_000),
        fc.constantFrom('one' as const, 'all' as const),
        fc.integer({ min: 2, max: 4 }),
        (fault, seed, reach, hosts) => {
          const plan = planOf(fault, seed, { reach, hosts });
          const ids = flatten([...plan.upgrade, ...plan.observeAtEnd]).map(({ id }) => id);
          expect(new Set(ids).size).to.equal(ids.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of approach none has no steps, and no fault applies to it', () => {
    const trial = { trialId: 'trial', approach: 'none' as const, seed: 1 };
    expect(prepareTrial(request, { ...trial, fault: 'none' }).plan.upgrade).to.deep.equal([]);
    for (const { name } of all) {
      const { applicability } = prepareTrial(request, { ...trial, fault: name }).plan;
      expect(applicability.applies, name).to.equal(false);
    }
  });

  for (const fault of ['none', ...all.map(({ name }) => name)]) {
    it(`of a rolling upgrade with ${fault} reads as it did`, () => {
      const golden = fileURLToPath(new URL(`../golden/rolling-${fault}.txt`, import.meta.url));
      const text = planText(planOf(fault, 1, { faults: fault === 'none' ? [] : [fault] }).upgrade);
      if (process.env.UPFAULT_WRITE_GOLDEN === '1') writeFileSync(golden, text);
      expect(text).to.equal(readFileSync(golden, 'utf8'));
    });
  }
});
