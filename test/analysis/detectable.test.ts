import { expect } from 'chai';
import { detectableOf, detectableTexts } from '../../analysis/detectable.ts';
import { boundOf, P95 } from '../../analysis/impact/performance-rules.ts';
import { sideOf } from './compare/sides.ts';
import { OracleTrials } from './oracle.ts';
import { controls, type Synthetic } from './synthetic.ts';

function figure(trials: readonly Synthetic[], name: string) {
  const [kind] = detectableOf(sideOf(trials).trials);
  const found = kind?.figures.find(({ figureName }) => figureName === name);
  if (found === undefined) throw new Error(`no figure ${name}`);
  return found;
}

describe('what a campaign’s controls can show', () => {
  it('is the effect that is labelled in nine trials of ten', () => {
    const trials = new OracleTrials(77, { deviations: 'one', shape: 'lognormal' });
    for (const count of [5, 12]) {
      const rounds = 500;
      let labelled = 0;
      for (let round = 0; round < rounds; round += 1) {
        const references = Array.from({ length: count }, () => trials.control());
        const [kind] = detectableOf(references);
        const p95Times =
          kind?.figures.find(({ figureName }) => figureName === 'p95_ms')?.effect ?? Number.NaN;
        const values = references.map(({ figures }) => figures.p95Ms ?? Number.NaN);
        const bound = boundOf(
          P95,
          values.map((value) => ({ value, warmUpMs: null })),
          null,
        ).bound;
        if ((trials.faulty({ p95Times }).figures.p95Ms ?? 0) >= bound) labelled += 1;
      }
      expect(labelled / rounds, `${count} controls`).to.be.within(0.86, 0.94);
    }
  });

  it('is the threshold where controls are constant', () => {
    const constant = controls('rolling', 5, 1, { p50Ms: 10, p95Ms: 20 });
    expect(figure(constant, 'p95_ms').effect).to.be.closeTo(1.25, 1e-9);
    expect(figure(constant, 'success_ratio').effect).to.be.closeTo(0.05, 1e-9);
    expect(figure(constant, 'completed_requests').effect).to.be.closeTo(0.1, 1e-9);
    expect(detectableTexts(sideOf(constant).trials)).to.deep.equal([
      'Against 5 controls of rolling that ended in state new, one trial is labelled with 90 % from: success_ratio -5.0 points, completed_requests -10.0 %, p50_ms x 1.25, p95_ms x 1.25.',
    ]);
  });

  it('tells what more controls of the same spread would show', () => {
    const five = figure(controls('rolling', 5, 4), 'p95_ms');
    expect(five.effectWithMore).to.be.within(1.25, five.effect ?? 0);
    expect(figure(controls('rolling', 20, 4), 'p95_ms').effectWithMore).to.equal(null);
  });

  it('is nothing where so much varies that no loss would be seen', () => {
    const wild = controls('rolling', 5, 1).map((one, index) => ({ ...one, failedShare: index * 0.2 }));
    expect(figure(wild, 'success_ratio').effect).to.equal(null);
    expect(detectableTexts(sideOf(wild).trials)[0]).to.contain('success_ratio no effect on');
  });

  it('says how many controls are wanted where there are too few, and where there are none', () => {
    expect(detectableTexts(sideOf(controls('none', 4, 1)).trials)).to.deep.equal([
      '4 trials without an upgrade: 5 that can be used are wanted before latency and throughput are decided.',
    ]);
    expect(detectableTexts(sideOf([{ id: 'it', approach: 'rolling', fault: 'f' }]).trials)).to.deep.equal([
      'No controls: what is usual is not known, and latency and throughput are decided of no trial.',
    ]);
  });

  it('tells kinds apart by what differs in them', () => {
    const gates = (value: string) =>
      controls('rolling', 5, 1, { record: { gates: value } }).map((one) => ({
        ...one,
        id: `${one.id}-${value}`,
      }));
    const kinds = detectableOf(
      sideOf([...controls('none', 5, 1), ...gates('same'), ...gates('native')]).trials,
    );
    expect(kinds.map(({ kind }) => kind)).to.deep.equal([
      'trials without an upgrade',
      'controls of rolling that ended in state new (gates same)',
      'controls of rolling that ended in state new (gates native)',
    ]);
  });
});
