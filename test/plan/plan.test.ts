import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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

  it('has unique step ids whatever the fault, seed, reach and size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...all.map(({ name }) => name)),
        fc.nat(1_000_000),
        fc.constantFrom('one' as const, 'all' as const),
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom('rolling' as const, 'imago' as const),
        (fault, seed, reach, hosts, approach) => {
          const plan = planOf(fault, seed, { reach, hosts }, approach);
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
