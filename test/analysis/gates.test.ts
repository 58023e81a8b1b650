import { expect } from 'chai';
import { gateChecks } from '../../analysis/gates/checks.ts';
import { detectorRows, detectorSummaries } from '../../analysis/gates/detectors.ts';
import { gatesTable } from '../../analysis/gates/table.ts';
import type { TrialEvent, TrialRecord } from '../../results/schema.ts';
import { sideOf, stoppedBy } from './compare/sides.ts';
import { controls, type Synthetic, syntheticRecord } from './synthetic.ts';

const PLAN = [
  { stepId: 'db1/check', gate: 'health', edit: '' },
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

function ended(...steps: readonly [string, 'done' | 'failed'][]): TrialEvent[] {
  return steps.map(([stepId, outcome], index) => ({
    event: 'step-end',
    ...{ atMs: 20_000 + 1_000 * index, startMs: 19_400 + 1_000 * index, stepId, outcome, reason: '' },
  }));
}

const FAULTY: Synthetic = { id: 'it', approach: 'imago', fault: 'f1', record: { plan: PLAN } };

describe('gates as detectors', () => {
  it('asks a gate about a fault only after the fault was there, and measures until it fails', () => {
    const events = ended(
      ['db1/check', 'done'],
      ['web1/configure', 'done'],
      ['web1/check', 'done'],
      ['imago/compare', 'failed'],
    );
    expect(gateChecks(syntheticRecord(FAULTY), events)).to.deep.equal([
      { gate: 'checksums', failed: true, detectionMs: 2600 },
      { gate: 'health', failed: false, detectionMs: null },
      { gate: 'step', failed: false, detectionMs: null },
    ]);
    const before = ended(['db1/check', 'failed']);
    expect(
      gateChecks(syntheticRecord(FAULTY), before),
      'a failure before the fault is not its detection',
    ).to.deep.equal([]);
  });

  it('leaves out what ran on the way back after the failure', () => {
    const events = ended(['web1/configure', 'done'], ['web1/check', 'failed'], ['imago/compare', 'done']);
    expect(gateChecks(syntheticRecord(FAULTY), events).map(({ gate }) => gate)).to.deep.equal([
      'health',
      'step',
    ]);
  });

  it('asks on where the operator went on, and forgets no failure of a gate that later holds', () => {
    const plan = [...PLAN, { ...PLAN[2], number: 5, stepId: 'web2/check' }] as TrialRecord['plan'];
    const events = ended(
      ['web1/configure', 'done'],
      ['web1/check', 'failed'],
      ['imago/compare', 'failed'],
      ['web2/check', 'done'],
    );
    const record = syntheticRecord({ ...FAULTY, record: { plan, onFailure: 'continue' } });
    expect(gateChecks(record, events).map(({ gate, failed }) => [gate, failed])).to.deep.equal([
      ['checksums', true],
      ['health', true],
      ['step', false],
    ]);
  });

  it('says nothing of records that do not tell which steps are gates', () => {
    expect(
      gateChecks(syntheticRecord({ ...FAULTY, record: {} }), ended(['web1/check', 'failed'])),
    ).to.deep.equal([]);
  });

  it('counts what each gate caught and missed, and false alarms on controls', () => {
    const caught = { ...FAULTY, record: { plan: PLAN, ...stoppedBy('health', 'old') } };
    const missed = { ...FAULTY, id: 'missed', fault: 'f2', record: { plan: PLAN }, outageS: 5 };
    const all = [
      ...controls('none', 6, 1),
      ...controls('imago', 6, 2, { record: { plan: PLAN.map((row) => ({ ...row, edit: '' })) } }),
      ...[caught, missed],
    ];
    const { trials, gates } = sideOf(all, ({ id, approach }) => {
      if (approach !== 'imago') return [];
      const verdict = id === 'it' || id === 'imago-none-3' ? 'failed' : 'done';
      return ended(['db1/check', 'done'], ['web1/configure', 'done'], ['web1/check', verdict]);
    });
    const rows = detectorRows(trials, gates).filter(({ gate }) => gate === 'health');
    expect(
      rows.map(({ fault, caught: { k, n }, missedHarmful, detectionMs }) => [
        fault,
        k,
        n,
        missedHarmful,
        detectionMs,
      ]),
    ).to.deep.equal([
      ['none', 1, 6, 0, null],
      ['f1', 1, 1, 0, 1600],
      ['f2', 0, 1, 1, null],
    ]);
    const [health] = detectorSummaries(rows);
    expect(health).to.deep.include({
      caught: ['f1'],
      missed: ['f2'],
      missedHarmful: ['f2'],
      detectionMs: 1600,
    });
    expect(health?.falseAlarms).to.deep.include({ k: 1, n: 6 });
    expect(gatesTable(rows).trimEnd().split('\n')).to.deep.equal([
      'approach,gates,gate,fault,fault_type,asked,caught,share,low,high,missed,missed_reached_users,detection_ms',
      'imago,native,health,none,0,6,1,0.166667,0.00421074,0.641235,5,0,',
      'imago,native,health,f1,1,1,1,1,0.025,1,0,0,1600',
      'imago,native,health,f2,1,1,0,0,0,0.975,1,1,',
    ]);
  });
});
