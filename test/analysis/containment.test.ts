import { expect } from 'chai';
import type { TrialRecord } from '../../results/schema.ts';
import { judgedOf } from './judged.ts';
import { controls, SOUND_IMAGO, STOPPED_UPGRADE, type Synthetic, syntheticRecord } from './synthetic.ts';

const IMAGO = { approach: 'imago', fault: 'file-missing', type: 1 } as const;
const IN_PLACE = { ...IMAGO, approach: 'rolling' } as const;
const REFERENCES = [...controls('none', 6, 1), ...controls('imago', 6, 2)];

/** An upgrade that a gate stopped: the new universe was dropped, and nobody was ever sent there. */
function stoppedBy(gate: string, more: Partial<TrialRecord['upgrade']> = {}): Partial<TrialRecord> {
  return {
    imago: { ...SOUND_IMAGO, quiescences: SOUND_IMAGO.quiescences.slice(0, 1), reach: 'old' },
    upgrade: {
      outcome: 'rolled-back',
      finalState: 'old',
      gate,
      startMs: 16_000,
      endMs: 30_000,
      ...more,
    },
  };
}

/** How far the fault of the trial `it` got, beside these references. */
function containment(trial: Omit<Synthetic, 'id'>, references: readonly Synthetic[] = REFERENCES): string {
  return judgedOf([...references, { ...trial, id: 'it' }], 'it').containment;
}

describe('containment under Imago', () => {
  for (const gate of ['health', 'integration-tests', 'compare-engine', 'checksums', 'step']) {
    it(`names the gate ${gate} that threw the fault away with its universe`, () => {
      expect(containment({ ...IMAGO, record: stoppedBy(gate) })).to.equal(`stopped-by:${gate}`);
    });
  }

  it('names the gate also where too few controls tell how users fared: none of them was ever sent there', () => {
    const few = [...controls('none', 1, 1), ...controls('imago', 1, 2)];
    expect(containment({ ...IMAGO, record: stoppedBy('health') }, few)).to.equal('stopped-by:health');
  });

  it('blames the approach, not the fault, for what its controls do to users as well', () => {
    const slow = [...controls('none', 6, 1), ...controls('imago', 6, 2, { p95Ms: 40 })];
    const trial = { ...IMAGO, p95Ms: 40, record: stoppedBy('health') };
    expect(containment(trial, slow)).to.equal('stopped-by:health');
    expect(containment({ ...trial, p95Ms: 90 }, slow)).to.equal('reached-users');
  });

  it('is undecided where nobody can tell whether the approach or the fault harmed', () => {
    const few = [...controls('none', 6, 1), ...controls('imago', 2, 2)];
    const trial = { ...IMAGO, p95Ms: 40, record: stoppedBy('health') };
    expect(containment(trial, few)).to.equal('undecided');
  });

  it('reached users where a residue of a dropped universe harms the old one', () => {
    const probes = [{ name: 'open-ports', taken: true, exposures: ['db tcp/7070'], reason: '' }];
    expect(containment({ ...IMAGO, record: { ...stoppedBy('health'), probes } })).to.equal('reached-users');
  });

  it('reached users where the fault came through the switch and harms', () => {
    expect(containment({ ...IMAGO, failedShare: 0.2 })).to.equal('reached-users');
    expect(containment({ ...IMAGO, p95Ms: 80 })).to.equal('reached-users');
  });

  it('is undecided where the fault came through the switch and references are too few', () => {
    const few = [...controls('none', 1, 1), ...controls('imago', 1, 2)];
    expect(containment(IMAGO, few)).to.equal('undecided');
  });

  it('came through the switch and meets nothing: not activated, or stood in for by the other hosts', () => {
    const work = (web1: number): Partial<TrialRecord> => ({
      machine: {
        cpuPressureShare: 0,
        cpuBusyShare: 0.4,
        throttledShare: { ingress: 0 },
        cpuSeconds: { web1: 9, web2: 9, 'new/web1': web1, 'new/web2': 2 },
        lateStarts: 0,
        supervisorPeakRssMb: 1,
      },
    });
    const references = [...controls('none', 6, 1), ...controls('imago', 6, 2, { record: work(2) })];
    expect(containment({ ...IMAGO, record: work(2) }, references)).to.equal('not-activated');
    expect(containment({ ...IMAGO, record: work(0.4) }, references)).to.equal('redundancy');
  });

  it('is unfinished where the horizon ended before the upgrade did, and discarded where nothing stopped it', () => {
    const stuck = stoppedBy('horizon', { outcome: 'stuck' });
    expect(containment({ ...IMAGO, record: stuck })).to.equal('unfinished');
    expect(containment({ ...IMAGO, outageS: 5, record: stuck })).to.equal('reached-users');
    expect(containment({ ...IMAGO, record: stoppedBy('') })).to.equal('discarded');
  });

  it('is not taken for apart where clients were sent to the new universe all the same', () => {
    const killed = stoppedBy('health');
    const sent = { ...killed, imago: { ...SOUND_IMAGO, reach: 'new' } } as const;
    const few = [...controls('none', 1, 1), ...controls('imago', 1, 2)];
    expect(containment({ ...IMAGO, record: killed }, few)).to.equal('stopped-by:health');
    expect(containment({ ...IMAGO, record: sent }, few)).to.equal('undecided');
  });

  it('a fault in what acts on the old universe is not taken for one that was apart', () => {
    const plan = syntheticRecord({ ...IMAGO, id: 'it' }).plan.map((row) => ({ ...row, universe: 'old' }));
    const record = { ...stoppedBy('checksums'), plan };
    expect(containment({ ...IMAGO, record })).to.equal('stopped-by:checksums');
    expect(containment({ ...IMAGO, record }, controls('none', 1, 1))).to.equal('undecided');
  });

  it('is unfinished in place as well, for nothing tells what would have met it', () => {
    const upgrade = { ...STOPPED_UPGRADE, outcome: 'stuck', gate: 'horizon' } as const;
    const rolling = [...controls('none', 6, 1), ...controls('rolling', 6, 2)];
    expect(containment({ ...IN_PLACE, record: { upgrade } }, rolling)).to.equal('unfinished');
    const wayBack = { upgrade: { ...upgrade, gate: 'health' } };
    expect(containment({ ...IN_PLACE, record: wayBack }, rolling)).to.equal('stopped-by:health');
  });

  it('blames nobody for what a procedure does on its way where too few controls of it tell', () => {
    const few = [...controls('none', 6, 1), ...controls('rolling', 3, 2)];
    expect(containment({ ...IN_PLACE, p95Ms: 40 }, few)).to.equal('undecided');
    const enough = [...controls('none', 6, 1), ...controls('rolling', 6, 2)];
    expect(containment({ ...IN_PLACE, p95Ms: 40 }, enough)).to.equal('reached-users');
  });

  it('keeps what never came to pass apart from what was contained', () => {
    for (const [outcome, word] of [
      ['not-applicable', 'inapplicable'],
      ['not-reached', 'not-reached'],
      ['not-injected', ''],
      ['harness-failed', ''],
    ] as const)
      expect(containment({ ...IMAGO, record: { outcome, outcomeReason: 'because' } })).to.equal(word);
    expect(containment({ approach: 'imago' })).to.equal('');
  });
});
