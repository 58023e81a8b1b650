import { expect } from 'chai';
import fc from 'fast-check';
import { ddmin, type PartsVerdict } from '../../harness/shrink/ddmin.ts';
import { type ShrinkDecision, shrink } from '../../harness/shrink/shrink.ts';
import { sideOf } from '../analysis/compare/sides.ts';
import { controls, type Synthetic } from '../analysis/synthetic.ts';

const REFERENCES = [...controls('none', 6, 1), ...controls('rolling', 6, 2)];

describe('delta debugging', () => {
  it('finds every cause that cannot be made smaller', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(8), { minLength: 1, maxLength: 4 }),
        async (size, drawn) => {
          const whole = Array.from({ length: size }, (_, index) => `f${index}`);
          const cause = new Set(drawn.map((index) => `f${index % size}`));
          const asked: string[] = [];
          const found = await ddmin(whole, async (parts): Promise<PartsVerdict> => {
            asked.push(parts.join());
            return [...cause].every((part) => parts.includes(part)) ? 'same' : 'other';
          });
          expect(found).to.deep.equal({ parts: whole.filter((part) => cause.has(part)), proof: 'minimal' });
          expect(new Set(asked).size, 'nothing is asked twice').to.equal(asked.length);
        },
      ),
    );
  });

  it('does not take for proven what could not be told', async () => {
    const found = await ddmin(['a', 'b'], async (parts) => (parts.join() === 'a' ? 'unknown' : 'other'));
    expect(found).to.deep.equal({ parts: ['a', 'b'], proof: 'unproven' });
  });

  it('keeps the best so far when no further trial is allowed', async () => {
    let left = 1;
    const found = await ddmin(['a', 'b', 'c', 'd'], async () => (left-- > 0 ? 'same' : undefined));
    expect(found).to.deep.equal({ parts: ['a', 'b'], proof: 'stopped' });
  });
});

describe('shrinking a composition of faults', () => {
  /** A judged trial in which these faults do what they do: `boom` needs `spark`, and then nobody is served. */
  function trialOf(faults: readonly string[], more: Partial<Synthetic> = {}) {
    const outageS = faults.includes('boom') && faults.includes('spark') ? 5 : 0;
    const name = faults.join('+');
    const evidence = faults.map((fault) => ({ fault, verdict: 'found' as const, summary: '', stepIds: [] }));
    const trial = {
      id: `t-${name}`,
      approach: 'rolling',
      fault: name,
      outageS,
      record: { evidence },
      ...more,
    };
    const judged = sideOf([...REFERENCES, trial]).trials.at(-1);
    if (judged === undefined) throw new Error('no trial');
    return judged;
  }

  it('ends with the faults that are needed, and tells every decision', async () => {
    const decisions: ShrinkDecision[] = [];
    const shrunk = await shrink({
      trial: trialOf(['a', 'boom', 'b', 'spark']),
      trials: 20,
      run: async (faults) => ({ trial: trialOf(faults), isNew: true }),
      decided: async (decision) => void decisions.push(decision),
    });
    expect(shrunk).to.deep.equal({ parts: ['boom', 'spark'], proof: 'minimal', impact: 'full outage' });
    expect(decisions.at(-1)).to.have.all.keys('faults', 'trialId', 'outcome', 'impacts', 'verdict', 'reason');
    expect(decisions.filter(({ verdict }) => verdict === 'same').at(-1)?.faults).to.deep.equal([
      'boom',
      'spark',
    ]);
  });

  it('runs no more trials than allowed; those run before cost nothing', async () => {
    const ran: string[] = [];
    const shrinkWith = (before: readonly string[]) =>
      shrink({
        trial: trialOf(['a', 'boom', 'b', 'spark']),
        trials: 2,
        run: async (faults) => {
          const isNew = !before.includes(faults.join());
          if (isNew) ran.push(faults.join());
          return { trial: trialOf(faults), isNew };
        },
        decided: async () => undefined,
      });
    expect((await shrinkWith([])).proof).to.equal('stopped');
    expect(ran).to.have.length(2);
    for (let again = 0; again < 8; again += 1) {
      const shrunk = await shrinkWith([...ran]);
      if (shrunk.proof === 'minimal') return;
    }
    expect.fail('going on never came to an end');
  });

  it('takes a trial that was lost for no answer', async () => {
    const decisions: ShrinkDecision[] = [];
    const lost = { record: { outcome: 'harness-failed', outcomeReason: 'engine gone' } } as const;
    const shrunk = await shrink({
      trial: trialOf(['boom', 'spark']),
      trials: 9,
      run: async (faults) => ({ trial: trialOf(faults, lost), isNew: true }),
      decided: async (decision) => void decisions.push(decision),
    });
    expect(shrunk.proof).to.equal('unproven');
    expect(decisions[0]).to.deep.include({ verdict: 'unknown', reason: 'engine gone' });
  });

  it('refuses single faults and trials without an impact', async () => {
    const rest = {
      trials: 1,
      run: () => Promise.reject(new Error('nothing is run')),
      decided: async () => undefined,
    };
    const failure = async (trial: ReturnType<typeof trialOf>) =>
      shrink({ ...rest, trial }).catch((error: unknown) => String(error));
    expect(await failure(trialOf(['boom']))).to.contain('has the one fault boom');
    expect(await failure(trialOf(['a', 'b']))).to.contain('shows no impact of its faults');
  });
});
