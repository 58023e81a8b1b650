import { expect } from 'chai';
import { driftOf, driftText, type FigureDrift } from '../../analysis/drift.ts';
import { exactShare } from '../../analysis/statistics/share.ts';
import { sideOf } from './compare/sides.ts';
import { controls, normal, type Synthetic } from './synthetic.ts';

/** Controls by turns, a minute apart; the last is slower than the first by `slower`. */
function campaign(counts: Readonly<Record<string, number>>, slower: number, seed: number): Synthetic[] {
  const z = normal(seed);
  const all = Object.entries(counts).flatMap(([approach, count]) => controls(approach, count, 1));
  const inTurn = all
    .map((trial, index) => ({ trial, place: index % Math.max(1, ...Object.values(counts)) }))
    .sort((a, b) => a.place - b.place);
  return inTurn.map(({ trial }, index) => {
    const factor = 1 + ((slower - 1) * index) / Math.max(1, all.length - 1);
    return {
      ...trial,
      p50Ms: 2.8 * factor * Math.exp(0.13 * z()),
      p95Ms: 6 * factor * Math.exp(0.12 * z()),
      record: {
        clock: { start: { wallMs: 1_790_000_000_000 + index * 60_000, monotonicNs: '0' }, end: null },
      },
    };
  });
}

function figure(trials: readonly Synthetic[], name: string): FigureDrift {
  const found = driftOf(sideOf(trials)).find(({ figureName }) => figureName === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}

describe('drift of the machine', () => {
  it('is found in interleaved controls of several kinds, with its size', () => {
    const trials = campaign({ none: 10, rolling: 10, imago: 10 }, 2, 3);
    const p95 = figure(trials, 'p95_ms');
    expect(p95).to.deep.include({ verdict: 'drifts', controls: 30 });
    expect(p95.change).to.be.within(1.5, 2.6);
    expect(driftText(sideOf(trials))).to.match(
      /^The machine DRIFTED during the campaign: .*p95_ms x \d\.\d\d from first to last \(p [\d.e-]+\)/,
    );
  });

  it('is not found where controls vary and do not drift, as often as it says', () => {
    const rounds = 400;
    let found = 0;
    for (let seed = 1; seed <= rounds; seed += 1) {
      const drifts = driftOf(sideOf(campaign({ none: 6, rolling: 6 }, 1, 100 + seed)));
      if (drifts.some(({ verdict }) => verdict === 'drifts')) found += 1;
    }
    expect(exactShare(found, rounds).low, `${found} of ${rounds}`).to.be.below(0.05);
    expect(driftText(sideOf(campaign({ none: 6, rolling: 6 }, 1, 1)))).to.match(
      /^Drift of the machine: none found in p50_ms, p95_ms \(Kendall's test over 12 controls by kind, 5 % for all figures\)\.$/,
    );
  });

  it('says nothing where no order of the controls could tell it', () => {
    for (const counts of [{}, { none: 1 }, { none: 4 }, { none: 3, rolling: 2 }]) {
      const trials = campaign(counts, 5, 1);
      for (const one of driftOf(sideOf(trials))) expect(one).to.include({ verdict: 'untested', p: null });
      expect(driftText(sideOf(trials))).to.match(/not tested: \d of \d controls can be used/);
    }
  });

  it('needs five controls of one kind, or four of each of two', () => {
    const steep = (counts: Readonly<Record<string, number>>) =>
      figure(campaign(counts, 50, 1), 'p95_ms').verdict;
    expect([steep({ none: 5 }), steep({ none: 4, rolling: 4 })]).to.deep.equal(['drifts', 'drifts']);
  });

  it('leaves constant figures untested, at no cost to the others', () => {
    expect(figure(campaign({ none: 8 }, 1, 1), 'success_ratio')).to.deep.include({
      verdict: 'untested',
      p: null,
    });
  });

  it('does not take the levels of different approaches for a drift', () => {
    const trials = campaign({ none: 8, rolling: 8 }, 1, 5).map((trial) =>
      trial.approach === 'rolling' ? { ...trial, p95Ms: 20 * (trial.p95Ms ?? 1) } : trial,
    );
    expect(figure(trials, 'p95_ms').verdict).to.equal('steady');
  });

  it('leaves out overloaded controls, and trials with a fault', () => {
    const machine = {
      ...{ cpuPressureShare: 0.9, cpuBusyShare: 0.99, throttledShare: { ingress: 0 }, cpuSeconds: {} },
      ...{ lateStarts: 0, supervisorPeakRssMb: 1 },
    };
    const trials = campaign({ none: 6 }, 1, 5);
    const others: Synthetic[] = [
      { id: 'busy', approach: 'none', record: { machine } },
      { id: 'it', approach: 'rolling', fault: 'f' },
    ];
    expect(figure([...trials, ...others], 'p95_ms').controls).to.equal(6);
  });

  it('follows the schedule where clocks do not tell', () => {
    const trials = campaign({ none: 8 }, 3, 2).map(({ record: _, ...trial }) => trial);
    expect(figure(trials, 'p95_ms')).to.deep.include({ verdict: 'drifts', change: null });
  });
});
