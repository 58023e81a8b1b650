import { expect } from 'chai';
import { reduceTrial } from '../../analysis/figures.ts';
import type { JudgedTrial } from '../../analysis/judge.ts';
import { judgeTrials } from '../../analysis/judge.ts';
import { resilienceOf } from '../../analysis/resilience.ts';
import type { TrialRecord } from '../../results/schema.ts';
import {
  controls,
  provocationRecord,
  SOUND_IMAGO,
  type Synthetic,
  syntheticBins,
  syntheticRecord,
} from './synthetic.ts';

/** A trial that mutated one file. */
function mutation(
  id: string,
  [format, kind]: readonly [string, string],
  more: Partial<Synthetic> = {},
): Synthetic {
  const base = { id, approach: 'imago', fault: 'config-typo', type: 1, ...more };
  const { fault } = syntheticRecord(base);
  const details = { [fault.name]: { format, kind, file: 'site.conf', mutation: 'site.conf:3 a -> b' } };
  return { ...base, record: { ...more.record, fault: { ...fault, details } } };
}

function stoppedBy(gate: string): Partial<TrialRecord> {
  return {
    imago: { ...SOUND_IMAGO, quiescences: SOUND_IMAGO.quiescences.slice(0, 1) },
    upgrade: { outcome: 'rolled-back', finalState: 'old', gate, startMs: 16_000, endMs: 30_000 },
  };
}

const FAILED_PROVOCATION = [{ ...provocationRecord('restart-web', false), reason: 'no answer' }];

function judged(trials: readonly Synthetic[]): JudgedTrial[] {
  const all = [...controls('none', 8, 1), ...controls('imago', 8, 2), ...trials];
  return judgeTrials(
    all.map((synthetic) => {
      const record = syntheticRecord(synthetic);
      return { record, figures: reduceTrial(record, syntheticBins(synthetic)) };
    }),
  );
}

describe('resilience profile', () => {
  const rows = resilienceOf(
    judged([
      mutation('a1', ['apache', 'name-typo'], { record: stoppedBy('step') }),
      mutation('a2', ['apache', 'name-typo'], { record: stoppedBy('health') }),
      mutation('a3', ['apache', 'number'], { record: stoppedBy('compare-engine') }),
      mutation('a4', ['apache', 'number'], { failedShare: 0.3 }),
      mutation('a5', ['apache', 'number'], { record: { provocations: FAILED_PROVOCATION } }),
      mutation('a6', ['apache', 'number']),
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

  it('counts a trial that says nothing as lost, and no mutation twice', () => {
    expect(row('json', 'all').counts.lost).to.equal(1);
    for (const { counts, mutations } of rows)
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).to.equal(mutations);
  });
});
