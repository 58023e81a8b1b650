import { expect } from 'chai';
import { brokenIn, wasStruck } from '../../harness/kills/soundness.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { SOUND_IMAGO, SOUND_LEDGER, syntheticRecord } from '../analysis/synthetic.ts';

const KILL = { asked: 'driver@3', atMs: 20_000, killed: 1, during: 'imago/await-transfer', note: '' };
const sound = (record: Partial<TrialRecord> = {}): TrialRecord => ({
  ...syntheticRecord({ id: 'it', approach: 'imago' }),
  interrupts: [KILL],
  ...record,
});
const upgrade = (over: Partial<TrialRecord['upgrade']>) => ({ upgrade: { ...sound().upgrade, ...over } });
const ledger = (over: Partial<typeof SOUND_LEDGER>) => ({
  ledger: { afterHorizon: SOUND_LEDGER, afterProvocations: { ...SOUND_LEDGER, ...over } },
});
const imago = (over: Partial<typeof SOUND_IMAGO>) => ({ imago: { ...SOUND_IMAGO, ...over } });
const givenUp = (over: Partial<typeof SOUND_IMAGO>) => ({
  ...upgrade({ outcome: 'rolled-back', finalState: 'old', gate: 'step' }),
  ...imago({ reach: 'old', residue: [], ...over }),
});

describe('soundness of a trial in which something was killed', () => {
  it('has nothing to say of one that switched, or was given up without a trace', () => {
    expect(brokenIn(sound())).to.deep.equal([]);
    expect(brokenIn(sound(givenUp({})))).to.deep.equal([]);
  });

  for (const [what, record, said] of [
    ['a mixed end', upgrade({ finalState: 'mixed' }), /neither entirely old nor entirely new/],
    ['an upgrade that never ended', upgrade({ outcome: 'stuck' }), /did not end/],
    ['clients sent elsewhere', imago({ reach: 'old' }), /clients are sent to old/],
    ['requests that wait for ever', imago({ holding: true }), /held still/],
    ['a driver that stays', imago({ running: ['driver'] }), /still there: driver/],
    ['what is left in U_old', givenUp({ residue: ['+ web1 file /etc/x'] }), /web1 file/],
    ['a state of U_old that was not read', givenUp({ residue: null }), /unknown/],
    ['a lost write', ledger({ foundOnce: 519, lost: 1 }), /lost 1/],
    ['a write found twice', ledger({ duplicated: 1 }), /duplicated 1/],
    ['an altered write', ledger({ altered: 1 }), /altered 1/],
    ['a ledger that could not be read', ledger({ unreadable: ['bids: no table'] }), /no table/],
    ['a failure of the testbed', { outcome: 'harness-failed', outcomeReason: 'no engine' }, /no engine/],
  ] as const)
    it(`tells of ${what}`, () => expect(brokenIn(sound(record)).join('\n')).to.match(said));

  it('tells a kill from one that found nothing to kill', () => {
    expect(wasStruck(sound())).to.equal(true);
    expect(wasStruck({ interrupts: [{ ...KILL, killed: 0, note: 'no driver was running' }] })).to.equal(
      false,
    );
  });

  it('tells of a single request that failed', () => {
    const { horizon } = sound();
    if (horizon === null) throw new Error('a synthetic trial has a horizon');
    expect(brokenIn(sound({ horizon: { ...horizon, ok: horizon.offered - 1 } })).join()).to.match(
      /were served/,
    );
  });
});
