import { expect } from 'chai';
import type { Claim } from '../../analysis/claims/claim.ts';
import { claimsOf } from '../../analysis/claims/claims.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { sideOf } from './compare/sides.ts';
import { controls, SOUND_IMAGO, type Synthetic } from './synthetic.ts';

const STOPPED = {
  outcome: 'stopped',
  finalState: 'old',
  gate: 'compare',
  startMs: 16_000,
  endMs: 30_000,
} as const;
const PASSED = { outcome: 'upgraded', finalState: 'new', gate: '', startMs: 16_000, endMs: 40_000 } as const;
const SMALL = { scale: 0.001, ratePerSecond: 10 };

/** As many faults, of which tests stop the first ones. */
function faults(count: number, stopped: number, environment: Partial<TrialRecord> = {}): Synthetic[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `imago-f${index}`, approach: 'imago', fault: `f${index}`, type: 1 },
    record: { imago: SOUND_IMAGO, upgrade: index < stopped ? STOPPED : PASSED, ...environment },
  }));
}

function fidelity(here: readonly Synthetic[], elsewhere?: readonly Synthetic[]): Claim {
  const other = elsewhere === undefined ? undefined : sideOf(elsewhere).trials;
  const claim = claimsOf(sideOf([...controls('imago', 5, 3), ...here]).trials, other).find(
    ({ name }) => name === 'fidelity',
  );
  if (claim === undefined) throw new Error('no claim of fidelity');
  return claim;
}

describe('claim of fidelity', () => {
  it('is reproduced where tests elsewhere pass what tests in the universe that will serve stop', () => {
    const found = fidelity(faults(14, 12), faults(14, 2, SMALL));
    expect(found).to.deep.include({ verdict: 'reproduced', missing: '' });
    expect(found.against).to.equal('scale 0.001, requests a second 10');
    expect(found.numbers).to.match(/^of 14 faults met in both, 12 were stopped .* of those 10 less often/);
    expect(found.trials).to.include.members(['imago-f2', 'elsewhere/imago-f2']).and.have.length(20);
  });

  it('is not moved by upgrades that ran out of time, for nothing stopped those', () => {
    const stuck = { ...STOPPED, outcome: 'stuck', gate: 'horizon' } as const;
    const late = faults(14, 0).map((trial) => ({ ...trial, record: { ...trial.record, upgrade: stuck } }));
    expect(fidelity(late, faults(14, 0, SMALL))).to.deep.include({ verdict: 'undecided', trials: [] });
    const lateElsewhere = late.map((trial) => ({ ...trial, record: { ...trial.record, ...SMALL } }));
    expect(fidelity(faults(14, 14), lateElsewhere).numbers).to.match(/^of 0 faults/);
  });

  it('is contradicted where nothing, or nearly nothing, passes elsewhere, or tests there stop more', () => {
    expect(fidelity(faults(20, 20), faults(20, 20, SMALL)).verdict).to.equal('contradicted');
    expect(fidelity(faults(14, 2), faults(14, 12, SMALL)).verdict).to.equal('contradicted');
  });

  it('is undecided by few faults, by one environment, and by several, and says so', () => {
    expect(fidelity(faults(3, 3), faults(3, 0, SMALL)).missing).to.match(
      /^3 faults tell the environments apart; 6/,
    );
    expect(fidelity(faults(14, 12), faults(14, 2)).missing).to.match(/^one environment in each campaign/);
    const mixed = faults(14, 2, SMALL).map((trial, index) =>
      index === 0 ? { ...trial, record: { ...trial.record, scale: 0.5 } } : trial,
    );
    expect(fidelity(faults(14, 12), mixed)).to.deep.include({ verdict: 'undecided', p: null });
    expect(fidelity(faults(14, 12)).missing).to.contain('upfault claims DIR --elsewhere OTHER');
  });

  it('takes only the same mistake under the same gates, whose fault was confirmed', () => {
    const health = faults(14, 2, { ...SMALL, gates: 'health' });
    expect(fidelity(faults(14, 12), health).missing).to.match(/^faults that were confirmed in both/);
    const absent = faults(14, 2, { ...SMALL, outcome: 'not-injected', outcomeReason: 'no evidence' });
    expect(fidelity(faults(14, 12), absent).numbers).to.match(/^of 0 faults/);
  });
});
