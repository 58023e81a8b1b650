import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import { faults } from '../../faults/catalogue.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { CampaignRequest } from '../../harness/campaign/request.ts';
import type { Fault } from '../../harness/contract/fault.ts';
import { renderPlan } from '../../harness/plan/plan.ts';
import { flatten, planText } from '../../harness/plan/rows.ts';
import { campaignRequest } from '../campaign/request.ts';

const all: readonly Fault[] = Object.values(faults);

const request = campaignRequest({ faults: all.map(({ name }) => name) });

const planOf = (
  fault: string,
  seed: number,
  over: Partial<CampaignRequest> = {},
  approach: 'rolling' | 'imago' = 'rolling',
) => prepareTrial({ ...request, ...over }, { trialId: 'trial', approach, fault, seed }).plan;

/** A fault as it is planted when all are: with another, where it is nothing alone. */
const shown = ({ name, shownWith }: Fault) => (shownWith === undefined ? name : `${name}+${shownWith}`);

/** The faults that have something to break in an approach, as they are planted. */
const applying = (approach: 'rolling' | 'imago') =>
  all.filter((fault) => planOf(shown(fault), 1, {}, approach).applicability.applies);

/** Options of a trial by which plans differ. */
const OPTIONS = fc.record({
  reach: fc.constantFrom('one' as const, 'all' as const),
  hosts: fc.integer({ min: 2, max: 4 }),
  engine: fc.constantFrom('keep' as const, 'upgrade' as const),
  gates: fc.constantFrom('none' as const, 'health' as const, 'same' as const, 'native' as const),
  onFailure: fc.constantFrom('halt' as const, 'rollback' as const, 'continue' as const),
  schemaPolicy: fc.constantFrom('expand-contract' as const, 'in-place' as const),
  target: fc.constantFrom('new' as const, 'new' as const, 'new' as const, 'old' as const),
});

/** Compositions that are kept as golden plans, too. */
const COMPOSED = { rolling: [], imago: ['egress-late+comparison-omitted'] };

describe('plan', () => {
  it('is the same byte for byte in two processes', function () {
    this.timeout(20_000); // Two starts of the command line, on a machine that may be busy.
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

  for (const approach of ['rolling', 'imago'] as const) {
    it(`of a control of ${approach} looks for every fault that the approach can have, and edits nothing`, () => {
      const plan = planOf('none', 1, {}, approach);
      expect(plan.shams).to.have.members(applying(approach).map(({ name }) => name));
      expect(plan.edited).to.deep.equal([]);
      const steps = [...flatten(plan.upgrade), ...plan.observeAtEnd];
      const looked = steps.flatMap((step) => (step.kind === 'observe' ? [step.fault] : []));
      expect(new Set(looked)).to.deep.equal(new Set(plan.shams));
    });
  }

  for (const approach of ['rolling', 'imago'] as const)
    it(`of ${approach} has unique step ids whatever the fault and the options of the trial`, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(fc.nat(1_000_000), OPTIONS, (seed, options) => {
          const plans = all.map((fault) => planOf(shown(fault), seed, options, approach));
          for (const { upgrade, observeAtEnd, rollback, provision, fault } of plans)
            for (const steps of [[...upgrade, ...observeAtEnd], rollback, provision]) {
              const ids = flatten(steps).map(({ id }) => id);
              expect(new Set(ids).size, fault.name).to.equal(ids.length);
            }
          const applied = plans.filter(({ applicability }) => applicability.applies).length;
          if (options.target === 'new') expect(applied).to.be.greaterThan(all.length / 2);
          // Where there is one universe only, none can be mistaken for another.
          else if (approach === 'rolling') expect(applied).to.equal(0);
          else expect(applied).to.be.at.least(10);
        }),
        { numRuns: 3 },
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

  it('is kept for every fault that an approach can have, and for no other', () => {
    const kept = readdirSync(new URL('../golden/', import.meta.url));
    for (const approach of ['rolling', 'imago'] as const) {
      const names = ['none', 'none-gates-same', ...applying(approach).map(shown), ...COMPOSED[approach]];
      expect(kept.filter((file) => file.startsWith(`${approach}-`))).to.have.members(
        names.map((name) => `${approach}-${name}.txt`),
      );
    }
  });

  for (const approach of ['rolling', 'imago'] as const) {
    for (const fault of ['none', ...applying(approach).map(shown), ...COMPOSED[approach]]) {
      it(`of approach ${approach} with ${fault} reads as it did`, () => {
        const golden = fileURLToPath(new URL(`../golden/${approach}-${fault}.txt`, import.meta.url));
        const plan = planOf(fault, 1, { faults: fault === 'none' ? [] : [fault] }, approach);
        const text = planText(plan.upgrade);
        if (process.env.UPFAULT_WRITE_GOLDEN === '1') writeFileSync(golden, text);
        expect(text).to.equal(readFileSync(golden, 'utf8'));
      });
    }
  }
});
