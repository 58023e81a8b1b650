import { expect } from 'chai';
import { NotComparable } from '../../../analysis/compare/cells.ts';
import { type Comparison, compareCampaigns, regressionsOf } from '../../../analysis/compare/compare.ts';
import { ALARM_BUDGET } from '../../../analysis/compare/rules.ts';
import { exactShare } from '../../../analysis/statistics/share.ts';
import type { TrialEvent } from '../../../results/schema.ts';
import { controls, SOUND_IMAGO, SOUND_LEDGER, type Synthetic } from '../synthetic.ts';
import { campaignOf, sideOf, stoppedBy } from './sides.ts';

const SOUND = ['none', 'rolling', 'imago'].flatMap((approach, index) => controls(approach, 6, index + 1));
const OTHERS = ['none', 'rolling', 'imago'].flatMap((approach, index) => controls(approach, 6, index + 11));

/** Six trials of a fault. */
function faulty(more: Partial<Synthetic> = {}, fault = 'f1', approach = 'imago'): Synthetic[] {
  return Array.from({ length: 6 }, (_, index) => ({
    id: `${approach}-${fault}-${index + 1}`,
    approach,
    fault,
    ...more,
  }));
}

function regressions(comparison: Comparison): string[] {
  return regressionsOf(comparison).map(({ cell, check }) => `${cell}: ${check}`);
}

describe('comparing two campaigns', () => {
  it('finds a fault that reaches users in every repetition, and names the trials', () => {
    const comparison = compareCampaigns(
      sideOf([...SOUND, ...faulty()]),
      sideOf([...OTHERS, ...faulty({ outageS: 5 })]),
    );
    expect(regressions(comparison)).to.include('imago, f1: impact: full outage');
    const [check] = regressionsOf(comparison).filter(({ check: name }) => name === 'impact: full outage');
    expect(check?.trials).to.have.length(6).and.to.include('new/imago-f1-1');
    expect(check?.message).to.match(/^6 of 6 trials of NEW are labelled full outage, 0 of 6 of BASE; p = /);
    expect(check?.message).to.match(/bound 0\.005$/);
  });

  it('says nothing where it became better', () => {
    const comparison = compareCampaigns(
      sideOf([...SOUND, ...faulty({ outageS: 5 })]),
      sideOf([...OTHERS, ...faulty()]),
    );
    expect(regressions(comparison)).to.deep.equal([]);
  });

  it('does not decide by single trials of one cell, but by those of many cells together', () => {
    const single = (outageS: number, faults: number) =>
      Array.from({ length: faults }, (_, index) => ({
        id: `imago-f${index}-1`,
        approach: 'imago',
        fault: `f${index}`,
        outageS,
      }));
    const one = compareCampaigns(sideOf([...SOUND, ...single(0, 1)]), sideOf([...OTHERS, ...single(5, 1)]));
    expect(regressions(one)).to.deep.equal([]);
    const changed = one.checks.find(({ verdict }) => verdict === 'changed');
    expect(changed?.message).to.contain('6 of each campaign are wanted');
    const many = compareCampaigns(sideOf([...SOUND, ...single(0, 9)]), sideOf([...OTHERS, ...single(5, 9)]));
    expect(regressions(many)).to.include('imago, all cells: impact: full outage');
  });

  it('finds a gate that lets through what it caught, also where another gate catches it later', () => {
    const gates = { plan: GATED_PLAN, imago: SOUND_IMAGO };
    const before = faulty({ record: { ...gates, ...stoppedBy('health', 'old') } });
    const after = faulty({ record: { ...gates, ...stoppedBy('checksums', 'old') } });
    const comparison = compareCampaigns(
      sideOf([...SOUND, ...before], () => failing('web1/check')),
      sideOf([...OTHERS, ...after], () => failing('imago/compare')),
    );
    expect(regressions(comparison)).to.deep.equal(['imago, f1: gate: health']);
    const none = compareCampaigns(sideOf([...SOUND, ...before]), sideOf([...OTHERS, ...faulty()]));
    expect(regressions(none)).to.include('imago, f1: gates: any');
  });

  it('finds upgrades that no longer go to their end, and trials that are lost', () => {
    const stopped = OTHERS.map((trial) =>
      trial.approach === 'imago' ? { ...trial, record: stoppedBy('compare-engine', 'old') } : trial,
    );
    const ended = compareCampaigns(sideOf(SOUND), sideOf(stopped));
    expect(regressions(ended)).to.include('imago, control: upgrade: stopped');
    const lost = faulty({ record: { outcome: 'not-injected', outcomeReason: 'no evidence' } });
    const attrition = compareCampaigns(sideOf([...SOUND, ...faulty()]), sideOf([...OTHERS, ...lost]));
    expect(regressions(attrition)).to.include('imago, f1: trials lost');
  });

  it('finds longer quiescence, slower upgrades and data loss on controls', () => {
    const quiescences = [{ phase: 'switch', lastedMs: 90, peakWaiting: 9, ended: 'released' }];
    const ledger = { ...SOUND_LEDGER, lost: 1, foundOnce: 519 };
    const worse = OTHERS.map((trial) =>
      trial.approach === 'imago'
        ? {
            ...trial,
            record: {
              imago: { ...SOUND_IMAGO, quiescences },
              ledger: { afterHorizon: ledger, afterProvocations: ledger },
            },
          }
        : trial,
    );
    expect(regressions(compareCampaigns(sideOf(SOUND), sideOf(worse)))).to.include.members([
      'imago, control: figure: quiescence_switch_ms',
      'imago, control: impact: data loss',
    ]);
  });

  it('tells an approach that became slower from a machine that did', () => {
    const slower = (trials: readonly Synthetic[], of: readonly string[]) =>
      trials.map((trial) =>
        of.includes(trial.approach) ? { ...trial, p95Ms: (trial.p95Ms ?? 6) * 2.5 } : trial,
      );
    const approach = compareCampaigns(sideOf(SOUND), sideOf(slower(OTHERS, ['rolling'])));
    expect(regressions(approach)).to.include('rolling, control: figure: p95_ms');
    const more = [...SOUND, ...faulty({}, 'f1', 'rolling')];
    const slow = slower([...OTHERS, ...faulty({}, 'f1', 'rolling')], ['rolling']);
    expect(regressions(compareCampaigns(sideOf(more), sideOf(slow)))).to.include(
      'rolling, f1: figure: p95_ms',
    );
    const machine = compareCampaigns(sideOf(SOUND), sideOf(slower(OTHERS, ['none', 'rolling', 'imago'])));
    expect(regressions(machine)).to.deep.equal([]);
    const idle = machine.checks.find(
      ({ cell, check }) => cell === 'none, control' && check.endsWith('p95_ms'),
    );
    expect(idle?.verdict).to.equal('changed');
  });

  it('counts users of long and of short windows apart, where folders hold both', () => {
    const comparison = compareCampaigns(
      sideOf([...SOUND, ...faulty(), ...short([...SOUND, ...faulty({ outageS: 5 })])]),
      sideOf([...OTHERS, ...faulty({ outageS: 5 }), ...short([...OTHERS, ...faulty()])]),
    );
    const outages = regressions(comparison).filter((name) => name.includes('imago, f1'));
    expect(outages).to.include('imago, f1, horizonS 40: impact: full outage');
    expect(outages.filter((name) => name.includes('horizonS 22'))).to.deep.equal([]);
  });

  it('sees trials beside those without an upgrade under their own conditions', () => {
    const slower = short(OTHERS).map((trial) => ({ ...trial, p95Ms: (trial.p95Ms ?? 6) * 2.5 }));
    const comparison = compareCampaigns(sideOf([...SOUND, ...short(SOUND)]), sideOf([...OTHERS, ...slower]));
    expect(regressions(comparison)).to.deep.equal([]);
    const check = comparison.checks.find(
      ({ cell, check: name }) => cell === 'imago, control, horizonS 22' && name === 'figure: p95_ms',
    );
    expect(check?.message).to.contain('as none, control, horizonS 22 differs as well');
  });

  it('holds what is open against trials that ended in the same state', () => {
    const probes = [
      { name: 'open-ports', taken: true, exposures: ['web tcp/443', 'web tcp/8080'], reason: '' },
    ];
    const open = OTHERS.map((trial) =>
      trial.approach === 'rolling' ? { ...trial, record: { probes } } : trial,
    );
    expect(regressions(compareCampaigns(sideOf(SOUND), sideOf(open)))).to.include(
      'rolling, control: exposure: open-ports: web tcp/8080',
    );
  });

  it('refuses a campaign of which no trial was completed, however many are recorded', () => {
    const failed = controls('none', 6, 1, {
      record: { outcome: 'harness-failed', outcomeReason: 'no engine' },
    });
    expect(() => compareCampaigns(sideOf(controls('none', 6, 2)), sideOf(failed))).to.throw(
      'holds no completed trial (of 6 that are recorded)',
    );
  });

  it('refuses what was not run alike', () => {
    const compare = (record: NonNullable<Synthetic['record']>) => () =>
      compareCampaigns(sideOf(SOUND), sideOf(OTHERS.map((trial) => ({ ...trial, record }))));
    expect(compare({ ratePerSecond: 100 })).to.throw(
      NotComparable,
      'requests a second of BASE: 150; of NEW: 100',
    );
    expect(compare({ hosts: 4 })).to.throw(NotComparable, 'hosts a tier of BASE: 2; of NEW: 4');
    expect(compare({ scenario: 'other' })).to.throw(NotComparable, 'scenario of BASE');
    expect(compare({ gates: 'none' })).to.throw(NotComparable, 'no approach and fault in common');
    expect(() => compareCampaigns(sideOf(SOUND), sideOf([]))).to.throw(NotComparable, 'no completed trial');
  });

  it('alarms between campaigns of one build no more often than it says', function () {
    this.timeout(120_000);
    const builds = [
      { controls: 5, reps: 1, faults: 8 },
      { controls: 6, reps: 5, faults: 3 },
      { controls: 10, reps: 3, faults: 4 },
    ];
    let alarms = 0;
    let pairs = 0;
    for (const [of, build] of builds.entries()) {
      for (let pair = 0; pair < PAIRS; pair += 1) {
        const seed = 1_000_000 * (of + 1) + 100 * pair;
        const comparison = compareCampaigns(
          sideOf(campaignOf(build, seed)),
          sideOf(campaignOf(build, seed + 50)),
        );
        pairs += 1;
        if (regressionsOf(comparison).length > 0) alarms += 1;
      }
    }
    const { low, high } = exactShare(alarms, pairs);
    expect(low, `${alarms} of ${pairs} pairs alarmed (at most ${high})`).to.be.at.most(ALARM_BUDGET);
    expect(alarms / pairs).to.be.at.most(ALARM_BUDGET);
  });
});

/** The same trials under shorter windows. */
function short(trials: readonly Synthetic[]): Synthetic[] {
  const windows = { name: 'quick', warmUpS: 6, beforeS: 10, horizonS: 22, dwellS: 2 };
  return trials.map((trial) => ({ ...trial, id: `short-${trial.id}`, record: { ...trial.record, windows } }));
}

/** Pairs of each kind of campaign. */
const PAIRS = 100;

const GATED_PLAN = [
  { stepId: 'web1/configure', gate: '', edit: 'f1: replaced' },
  { stepId: 'web1/check', gate: 'health', edit: '' },
  { stepId: 'imago/compare', gate: 'checksums', edit: '' },
].map((row, index) => ({
  number: index + 1,
  kind: 'check',
  universe: 'new',
  host: 'web1',
  title: row.stepId,
  ...row,
}));

/** A timeline in which the steps are done up to one that fails. */
function failing(stepId: string): TrialEvent[] {
  const until = GATED_PLAN.findIndex((row) => row.stepId === stepId);
  return GATED_PLAN.slice(0, until + 1).map((row, index) => ({
    event: 'step-end',
    atMs: 20_000 + 1_000 * index,
    startMs: 19_500 + 1_000 * index,
    stepId: row.stepId,
    outcome: index === until ? 'failed' : 'done',
    reason: '',
  }));
}
