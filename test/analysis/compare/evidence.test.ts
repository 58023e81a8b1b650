/** What counts against a build in a comparison, and what is no more than another day, a failed testbed, or half a campaign. */
import { expect } from 'chai';
import type { Check } from '../../../analysis/compare/check.ts';
import { type Comparison, compareCampaigns, regressionsOf } from '../../../analysis/compare/compare.ts';
import { comparisonText } from '../../../analysis/compare/text.ts';
import { controls, type Synthetic } from '../synthetic.ts';
import { harmed, STUCK, sideOf } from './sides.ts';

const UPGRADING = ['rolling', 'imago'];
const controlsOf = (approaches: readonly string[], seed: number, count = 6) =>
  approaches.flatMap((approach, index) => controls(approach, count, seed + index));
const BEFORE = controlsOf(['none', ...UPGRADING], 1);
const AFTER = controlsOf(['none', ...UPGRADING], 11);

/** On a machine that is slower by 15 %. */
const SLOW = AFTER.map((trial) => ({
  ...trial,
  p50Ms: (trial.p50Ms ?? 2.8) * 1.15,
  p95Ms: (trial.p95Ms ?? 6) * 1.15,
}));

/** Six trials of a fault under Imago. */
function faulty(more: Partial<Synthetic> = {}): Synthetic[] {
  return Array.from({ length: 6 }, (_, index) => ({
    id: `imago-f-${index + 1}`,
    approach: 'imago',
    fault: 'f',
    ...more,
  }));
}

/** Controls whose upgrades under Imago ended so. */
function ended(trials: readonly Synthetic[], upgrade: typeof STUCK): Synthetic[] {
  return trials.map((trial) => (trial.approach === 'imago' ? { ...trial, record: { upgrade } } : trial));
}

function compared(base: readonly Synthetic[], next: readonly Synthetic[]): Comparison {
  return compareCampaigns(sideOf(base), sideOf(next));
}

function regressions(comparison: Comparison): string[] {
  return regressionsOf(comparison).map(({ cell, check }) => `${cell}: ${check}`);
}

function checkOf({ checks }: Comparison, cell: string, check: string): Check {
  const found = checks.find((one) => one.cell === cell && one.check === check);
  if (found === undefined) throw new Error(`there is no check ${cell}: ${check}`);
  return found;
}

describe('a slower day', () => {
  it('is no regression where it carries outages past their bound, and hides none that are longer', () => {
    const near = compared([...BEFORE, ...faulty({ outageS: 2.8 })], [...SLOW, ...faulty({ outageS: 3.2 })]);
    expect(regressions(near)).to.deep.equal([]);
    const check = checkOf(near, 'imago, f', 'impact: full outage');
    expect(check).to.deep.include({ verdict: 'changed', base: 0, next: 1 });
    expect(check.message).to.contain('6 of NEW do not count: a slower machine may do as much');
    const far = compared([...BEFORE, ...faulty({ outageS: 2.8 })], [...SLOW, ...faulty({ outageS: 6 })]);
    expect(regressions(far)).to.include('imago, f: impact: full outage');
  });

  it('is no regression where upgrades and gates no longer end within the horizon', () => {
    const lasting = { ...STUCK, outcome: 'upgraded', finalState: 'new', gate: '', endMs: 52_000 } as const;
    const late = { ...STUCK, outcome: 'stopped', finalState: 'old', gate: 'health', endMs: 53_000 } as const;
    const slow = compared(
      [...ended(BEFORE, lasting), ...faulty({ record: { upgrade: late } })],
      [...ended(SLOW, STUCK), ...faulty({ record: { upgrade: STUCK } })],
    );
    expect(regressions(slow)).to.deep.equal([]);
    for (const [cell, check] of [
      ['imago, control', 'upgrade: end'],
      ['imago, f', 'gates: any'],
    ] as const)
      expect(checkOf(slow, cell, check)).to.deep.include({ verdict: 'changed', next: 1 });
  });

  it('excuses no upgrade that had time to spare, and none that is stuck on its way back', () => {
    const hanging = compared(BEFORE, ended(SLOW, STUCK));
    expect(regressions(hanging)).to.include('imago, control: upgrade: end');
    const wayBack = compared(BEFORE, ended(SLOW, { ...STUCK, gate: 'health', endMs: 20_000 }));
    expect(regressions(wayBack)).to.include('imago, control: upgrade: end');
  });

  it('is allowed to be half as fast without trials that tell how fast it was, and no slower', () => {
    const [before, after] = [controlsOf(UPGRADING, 1), controlsOf(UPGRADING, 11)];
    const longer = compared([...before, ...faulty({ outageS: 2 })], [...after, ...faulty({ outageS: 4 })]);
    expect(longer.contrast).to.equal('fault');
    expect(checkOf(longer, 'imago, f', 'impact: full outage').verdict).to.equal('changed');
    const far = compared([...before, ...faulty({ outageS: 2 })], [...after, ...faulty({ outageS: 9 })]);
    expect(regressions(far)).to.include('imago, f: impact: full outage');
    const first = compared([...before, ...faulty()], [...after, ...faulty({ outageS: 9 })]);
    expect(regressions(first)).to.include('imago, f: impact: full outage');
  });
});

describe('what says nothing', () => {
  it('is a regression where an impact can no longer be decided, and is listed', () => {
    const blind = compared([...BEFORE, ...faulty()], [...AFTER, ...faulty({ record: { ledger: null } })]);
    expect(regressions(blind)).to.deep.equal([
      'imago, f: labels: undecided',
      'imago, all cells: labels: undecided',
    ]);
    expect(comparisonText(blind)).to.match(
      /\nCould not be compared:\n(?: {2}.*\n)* {2}imago, f: impact: data loss\n/,
    );
  });

  it('is no regression where the machine was overloaded', () => {
    const busy = compared(
      [...BEFORE, ...faulty({ outageS: 5 })],
      [...AFTER, ...faulty({ outageS: 5, record: { machine: null } })],
    );
    expect(regressions(busy)).to.deep.equal([]);
    expect(checkOf(busy, 'imago, f', 'labels: undecided').verdict).to.equal('changed');
  });

  it('is a regression where a fault is no longer come to, or applies no more', () => {
    for (const outcome of ['not-reached', 'not-applicable'] as const) {
      const lost = faulty({ record: { outcome, outcomeReason: 'not there' } });
      const gone = compared([...BEFORE, ...faulty()], [...AFTER, ...lost]);
      expect(regressions(gone), outcome).to.include('imago, f: trials lost');
    }
    const nowhere = faulty({ record: { outcome: 'not-applicable', outcomeReason: 'no such step' } });
    const never = compared([...BEFORE, ...nowhere], [...AFTER, ...nowhere]);
    expect(checkOf(never, 'imago, f', 'trials lost').verdict).to.equal('undecided');
  });

  it('is no regression where the testbed failed', () => {
    const failed = faulty({ record: { outcome: 'harness-failed', outcomeReason: 'engine gone' } });
    const lost = compared([...BEFORE, ...faulty()], [...AFTER, ...failed]);
    expect(regressions(lost)).to.deep.equal([]);
    const check = checkOf(lost, 'imago, f', 'trials lost');
    expect(check.verdict).to.equal('changed');
    expect(check.message).to.contain('6 of NEW do not count: the testbed failed');
  });

  it('is said, and no regression, where a campaign is half finished', () => {
    const half = sideOf([...AFTER, ...faulty().slice(0, 2)]);
    const missing = faulty()
      .slice(2)
      .map(({ id }) => id);
    const comparison = compareCampaigns(sideOf([...BEFORE, ...faulty()]), {
      ...half,
      left: { ...half.left, missing },
    });
    expect(regressions(comparison)).to.deep.equal([]);
    expect(checkOf(comparison, 'imago, f', 'trials lost').verdict).to.equal('same');
    expect(comparison.notes).to.include('NEW holds 20 of 24 trials (4 never begun)');
  });

  it('is compared in the contrast that both campaigns together have references for', () => {
    const few = (seed: number, count: number) => [
      ...controlsOf(['none'], seed, count),
      ...controlsOf(UPGRADING, seed + 1),
    ];
    expect(compared(few(1, 2), few(11, 2)).contrast).to.equal('fault');
    expect(compared(few(1, 2), few(11, 3)).contrast).to.equal('user');
  });
});

describe('positive controls', () => {
  const felt = (outageS: number) => harmed(6, () => ({ outageS }));

  it('are worse where known harm is noticed less often, and are compared in nothing else', () => {
    const blind = compared([...BEFORE, ...felt(5)], [...AFTER, ...felt(1)]);
    expect(regressions(blind)).to.deep.equal(['none, positive@outage:3s: known harm: full outage']);
    const sharper = compared([...BEFORE, ...felt(1)], [...AFTER, ...felt(5)]);
    expect(regressions(sharper)).to.deep.equal([]);
    const names = sharper.checks.filter(({ cell }) => cell.includes('positive')).map(({ check }) => check);
    expect(names).to.deep.equal(['known harm: full outage', 'trials lost']);
  });
});
