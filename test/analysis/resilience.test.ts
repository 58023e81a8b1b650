import { expect } from 'chai';
import { reduceTrial } from '../../analysis/figures.ts';
import type { JudgedTrial } from '../../analysis/judge.ts';
import { judgeTrials } from '../../analysis/judge.ts';
import { fateOf, resilienceOf } from '../../analysis/resilience.ts';
import type { TrialEvent, TrialRecord } from '../../results/schema.ts';
import {
  controls,
  provocationRecord,
  SOUND_IMAGO,
  STOPPED_UPGRADE,
  type Synthetic,
  syntheticBins,
  syntheticRecord,
} from './synthetic.ts';

/** A trial of which a step failed; the first of several counts. */
type Mutated = Synthetic & { readonly failed?: string };

/** A trial that mutated one file of web1. */
function mutation(
  id: string,
  [format, kind]: readonly [string, string],
  more: Partial<Mutated> = {},
): Mutated {
  const base = { id, approach: 'imago', fault: 'config-typo', type: 1, ...more };
  const { fault, plan } = syntheticRecord(base);
  const details = { [fault.name]: { format, kind, file: 'site.conf', mutation: 'site.conf:3 a -> b' } };
  const about = { universe: plan[0]?.universe ?? '', edit: '' };
  const rows = [
    { ...about, stepId: 'web1/check', kind: 'check', host: 'web1', title: 'check web1', gate: 'health' },
    { ...about, stepId: 'web2/check', kind: 'check', host: 'web2', title: 'check web2', gate: 'health' },
    { ...about, stepId: 'imago/await-transfer', kind: 'imago', host: '', title: 'wait' },
  ].map((row, index) => ({ ...row, number: plan.length + index + 1 }));
  return { ...base, record: { plan: [...plan, ...rows], ...more.record, fault: { ...fault, details } } };
}

function stoppedBy(gate: string): Partial<TrialRecord> {
  return {
    imago: { ...SOUND_IMAGO, quiescences: SOUND_IMAGO.quiescences.slice(0, 1) },
    upgrade: { outcome: 'rolled-back', finalState: 'old', gate, startMs: 16_000, endMs: 30_000 },
  };
}

/** An upgrade under way when the horizon ended. */
const STUCK = { ...STOPPED_UPGRADE, outcome: 'stuck', gate: 'horizon' } as const;

const FAILED_PROVOCATION = [{ ...provocationRecord('restart-web', false), reason: 'no answer' }];

function eventsOf({ failed }: Mutated): TrialEvent[] {
  if (failed === undefined) return [];
  const end = { event: 'step-end', atMs: 29_000, startMs: 28_000, reason: '' } as const;
  return [
    { ...end, stepId: 'web1/configure', outcome: 'done' },
    { ...end, stepId: failed, outcome: 'failed' },
    { ...end, stepId: 'rollback/web1/check', outcome: 'failed' },
  ];
}

function judged(trials: readonly Mutated[]): JudgedTrial[] {
  const all: Mutated[] = [
    ...controls('none', 8, 1),
    ...controls('rolling', 8, 3),
    ...controls('imago', 8, 2),
    ...trials,
  ];
  return judgeTrials(
    all.map((synthetic) => {
      const record = syntheticRecord(synthetic);
      return { record, figures: reduceTrial(record, syntheticBins(synthetic), eventsOf(synthetic)) };
    }),
  );
}

describe('resilience profile', () => {
  const rows = resilienceOf(
    judged([
      mutation('a1', ['apache', 'name-typo'], { record: stoppedBy('step'), failed: 'web1/start' }),
      mutation('a2', ['apache', 'name-typo'], { record: stoppedBy('health'), failed: 'web1/check' }),
      mutation('a3', ['apache', 'number'], { record: stoppedBy('compare-engine') }),
      mutation('a4', ['apache', 'number'], { failedShare: 0.3 }),
      mutation('a5', ['apache', 'number'], { record: { provocations: FAILED_PROVOCATION } }),
      mutation('a6', ['apache', 'number']),
      mutation('h1', ['haproxy', 'number'], { record: stoppedBy('step'), failed: 'imago/await-transfer' }),
      mutation('h2', ['haproxy', 'number'], { record: stoppedBy('health'), failed: 'web2/check' }),
      mutation('i1', ['ini', 'number'], { record: { upgrade: STUCK } }),
      mutation('i2', ['ini', 'number'], { record: { upgrade: STUCK }, failedShare: 0.3 }),
      mutation('j1', ['json', 'structure'], { record: { outcome: 'not-injected' } }),
      mutation('j2', ['json', 'structure'], { record: { outcome: 'not-applicable' } }),
      { id: 'other', approach: 'imago', fault: 'apache-port', type: 3 },
    ]),
  );
  const row = (format: string, kind: string) =>
    rows.find((one) => one.format === format && one.kind === kind) ?? expect.fail(`no row ${format} ${kind}`);

  it('has a row for each format and kind, and one for all kinds before them', () => {
    expect(rows.map(({ format, kind, mutations }) => [format, kind, mutations])).to.deep.equal([
      ['apache', 'all', 6],
      ['apache', 'name-typo', 2],
      ['apache', 'number', 4],
      ['haproxy', 'all', 2],
      ['haproxy', 'number', 2],
      ['ini', 'all', 2],
      ['ini', 'number', 2],
      ['json', 'all', 1],
      ['json', 'structure', 1],
    ]);
  });

  it('counts what was caught at start and by which gate', () => {
    const { counts, gates } = row('apache', 'name-typo');
    expect(counts['at-start']).to.equal(2);
    expect(gates).to.deep.equal({ step: 1, health: 1 });
  });

  it('tells later gates, users, latent errors and nothing at all apart', () => {
    const { counts, gates } = row('apache', 'number');
    expect(counts).to.deep.equal({
      felt: 1,
      latent: 1,
      'at-start': 0,
      'later-gate': 1,
      never: 1,
      undecided: 0,
      lost: 0,
    });
    expect(gates).to.deep.equal({ 'compare-engine': 1 });
  });

  it('takes a step for a later gate that is not about the service that reads the file, and names it', () => {
    const { counts, gates } = row('haproxy', 'number');
    expect(counts).to.include({ 'at-start': 0, 'later-gate': 2 });
    expect(gates).to.deep.equal({ 'step imago/await-transfer': 1, 'health web2/check': 1 });
  });

  it('leaves undecided what became of a mutation whose upgrade had not ended, unless somebody felt it', () => {
    expect(row('ini', 'number').counts).to.include({ undecided: 1, felt: 1, never: 0 });
  });

  it('knows the host of a rolling upgrade that was stopped halfway', () => {
    const stopped = { approach: 'rolling', record: { upgrade: STOPPED_UPGRADE } };
    const fates = judged([
      mutation('r1', ['apache', 'number'], { ...stopped, failed: 'web1/check' }),
      mutation('r2', ['apache', 'number'], { ...stopped, failed: 'web2/check' }),
    ]).flatMap((trial) => (trial.record.fault.details === undefined ? [] : [fateOf(trial)]));
    expect(fates).to.deep.equal([
      { fate: 'at-start', gate: 'health' },
      { fate: 'later-gate', gate: 'health web2/check' },
    ]);
  });

  it('counts a trial that says nothing as lost, and no mutation twice', () => {
    expect(row('json', 'all').counts.lost).to.equal(1);
    for (const { counts, mutations } of rows)
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(mutations);
  });
});
