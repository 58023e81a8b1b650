import { expect } from 'chai';
import { detectableOf } from '../../analysis/detectable.ts';
import { ADJUSTED_REFERENCES } from '../../analysis/rules.ts';
import { decisionOf, judgedOf, judgedTogether } from './judged.ts';
import { normal, type Synthetic } from './synthetic.ts';

/** Trials without an upgrade on machines whose speed varies by a third, and all their latencies with it. */
function onMachines(count: number, seed: number): Synthetic[] {
  const z = normal(seed);
  return Array.from({ length: count }, (_, index) =>
    machine(`none-none-${index + 1}`, 0.3 * z(), 0.05 * z()),
  );
}

/** @param slowness of the machine and @param noise of the trial, both logarithms */
function machine(id: string, slowness: number, noise = 0): Synthetic {
  const factor = Math.exp(slowness + noise);
  return {
    id,
    approach: 'none',
    p50Ms: 10 * factor,
    p95Ms: 30 * factor,
    warmUpMs: 300 * Math.exp(1.5 * slowness),
  };
}

const IT = { fault: 'positive@latency', type: 1 } as const;

/** What is decided of the latency of a trial on a machine of this slowness that answers `times` as late as it would. */
function latency(references: readonly Synthetic[], slowness: number, times: number) {
  const { p50Ms = 0, p95Ms = 0, ...sound } = machine('it', slowness);
  const it = { ...sound, ...IT, p50Ms: p50Ms * times, p95Ms: p95Ms * times };
  return decisionOf(judgedOf([...references, it], 'it'), 'increased latency', 'user');
}

describe('the speed of the machine', () => {
  const references = onMachines(20, 3);

  it('is taken out of latencies: harm is seen on a quick machine, and none on a slow one', () => {
    for (const slowness of [-0.4, 0, 0.4]) {
      expect(latency(references, slowness, 1).label, `sound at ${slowness}`).to.equal('no');
      const harmed = latency(references, slowness, 1.6);
      expect(harmed.label, `harmed at ${slowness}`).to.equal('yes');
      expect(harmed.effect).to.be.closeTo(1.6, 0.1);
      expect(harmed.reason).to.include('adjusted for the speed of the machine');
    }
  });

  it('would hide that harm otherwise, and is left in where references are few or it was not recorded', () => {
    const few = references.slice(0, ADJUSTED_REFERENCES - 1);
    expect(latency(few, 0, 1.6)).to.include({ label: 'inconclusive' });
    expect(latency(few, 0, 1.6).reason).to.not.include('adjusted');
    const [first, ...others] = references;
    const unrecorded = [...others, { ...first, warmUpMs: Number.NaN } as Synthetic];
    expect(latency(unrecorded, 0, 1.6).reason).to.not.include('adjusted');
  });

  it('says what a campaign can show on a machine as it usually is', () => {
    const [kind] = detectableOf(judgedTogether(references));
    const p50 = kind?.figures.find(({ figureName }) => figureName === 'p50_ms');
    expect(p50?.effect).to.be.within(1.25, 1.5);
  });
});
