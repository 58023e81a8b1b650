import { expect } from 'chai';
import fc from 'fast-check';
import { ddmin, type PartsVerdict } from '../../harness/shrink/ddmin.ts';
import { type ShrinkDecision, shrink, shrunkText } from '../../harness/shrink/shrink.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { sideOf } from '../analysis/compare/sides.ts';
import { controls, SOUND_LEDGER, type Synthetic } from '../analysis/synthetic.ts';

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

  it('asks first whether it is there without any part, and claims nothing of the parts where that is not denied', async () => {
    const same = await ddmin(['a', 'b'], async (parts) => {
      expect(parts).to.deep.equal([]);
      return 'same';
    });
    expect(same).to.deep.equal({ parts: [], proof: 'none-needed' });
    const unknown = await ddmin(['a', 'b'], async (parts) => (parts.length === 0 ? 'unknown' : 'other'));
    expect(unknown).to.deep.equal({ parts: ['a', 'b'], proof: 'unproven' });
  });

  it('keeps the best so far when no further trial is allowed', async () => {
    const answers: PartsVerdict[] = ['other', 'same'];
    const found = await ddmin(['a', 'b', 'c', 'd'], async () => answers.shift());
    expect(found).to.deep.equal({ parts: ['a', 'b'], proof: 'stopped' });
  });
});

describe('shrinking a composition of faults', () => {
  /** A judged trial in which these faults do what they do: `boom` needs `spark`, and then nobody is served. */
  function trialOf(faults: readonly string[], more: Partial<Synthetic> = {}) {
    const outageS = faults.includes('boom') && faults.includes('spark') ? 5 : 0;
    const name = faults.join('+') || 'none';
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
      ...{ trials: 20, reps: 1 },
      run: async (faults) => ({ trial: trialOf(faults), isNew: true }),
      decided: async (decision) => void decisions.push(decision),
    });
    expect(shrunk).to.deep.equal({ parts: ['boom', 'spark'], proof: 'minimal', impact: 'full outage' });
    expect(decisions[0]).to.deep.include({ faults: [], verdict: 'other' });
    expect(shrunkText(shrunk, 1)).to.equal(
      'full outage by boom+spark: not seen without any one of them, in one trial each',
    );
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
        ...{ trials: 2, reps: 1 },
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
      ...{ trials: 9, reps: 1 },
      run: async (faults) => ({ trial: trialOf(faults, lost), isNew: true }),
      decided: async (decision) => void decisions.push(decision),
    });
    expect(shrunk.proof).to.equal('unproven');
    expect(decisions[0]).to.deep.include({ verdict: 'unknown', reason: 'engine gone' });
  });

  it('stops where a control shows the impact', async () => {
    const ran: string[][] = [];
    const shrunk = await shrink({
      trial: trialOf(['boom', 'spark']),
      ...{ trials: 9, reps: 1 },
      run: async (faults) => {
        ran.push([...faults]);
        return { trial: trialOf(faults, { outageS: 5 }), isNew: true };
      },
      decided: async () => undefined,
    });
    expect(ran).to.deep.equal([[]]);
    expect(shrunk).to.deep.include({ parts: [], proof: 'none-needed' });
    expect(shrunkText(shrunk, 1)).to.match(/^full outage without any of the faults, in one trial: /);
  });

  it('does not deny an impact that could not be decided, though another one was', async () => {
    const ledger = { ...SOUND_LEDGER, lost: 1, foundOnce: 519 };
    const overloaded: Partial<TrialRecord> = {
      evidence: [{ fault: 'boom', verdict: 'found', summary: '', stepIds: [] }],
      ledger: { afterHorizon: ledger, afterProvocations: ledger },
      machine: null,
    };
    const decisions: ShrinkDecision[] = [];
    await shrink({
      trial: trialOf(['boom', 'spark']),
      ...{ trials: 9, reps: 1 },
      run: async (faults) => ({
        trial:
          faults.join() === 'boom'
            ? trialOf(faults, { outageS: 5, record: overloaded })
            : trialOf(faults, { outageS: 0 }),
        isNew: true,
      }),
      decided: async (decision) => void decisions.push(decision),
    });
    const boom = decisions.find(({ faults }) => faults.join() === 'boom');
    expect(boom?.impacts).to.include('data loss');
    expect(boom).to.deep.include({ verdict: 'unknown', reason: 'full outage could not be decided' });
  });

  it('believes repetitions only where they agree', async () => {
    const reduced = async (now: (faults: readonly string[], repetition: number) => Partial<Synthetic>) => {
      const asked: string[] = [];
      const shrunk = await shrink({
        trial: trialOf(['boom', 'spark']),
        ...{ trials: 20, reps: 2 },
        run: async (faults, repetition) => {
          asked.push(`${faults.join('+')} ${repetition}`);
          return { trial: trialOf(faults, now(faults, repetition)), isNew: true };
        },
        decided: async () => undefined,
      });
      return { asked, shrunk };
    };
    const agreed = await reduced(() => ({}));
    expect(agreed.asked).to.deep.equal([' 1', ' 2', 'boom 1', 'boom 2', 'spark 1', 'spark 2']);
    expect(shrunkText(agreed.shrunk, 2)).to.contain('not seen without any one of them, in 2 trials each');
    const mixed = await reduced((faults, repetition) =>
      faults.join() === 'boom' && repetition === 2 ? { outageS: 5 } : {},
    );
    expect(mixed.shrunk).to.deep.include({ parts: ['boom', 'spark'], proof: 'unproven' });
  });

  it('refuses single faults and trials without an impact', async () => {
    const rest = {
      ...{ trials: 1, reps: 1 },
      run: () => Promise.reject(new Error('nothing is run')),
      decided: async () => undefined,
    };
    const failure = async (trial: ReturnType<typeof trialOf>) =>
      shrink({ ...rest, trial }).catch((error: unknown) => String(error));
    expect(await failure(trialOf(['boom']))).to.contain('has the one fault boom');
    expect(await failure(trialOf(['a', 'b']))).to.contain('shows no impact of its faults');
  });
});
