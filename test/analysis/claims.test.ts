import { expect } from 'chai';
import type { Claim } from '../../analysis/claims/claim.ts';
import { claimsOf, claimsText } from '../../analysis/claims/claims.ts';
import type { TrialRecord } from '../../results/schema.ts';
import { sideOf } from './compare/sides.ts';
import {
  controls,
  provocationRecord,
  SOUND_IMAGO,
  STOPPED_UPGRADE,
  type Synthetic,
  uniform,
} from './synthetic.ts';

const SOUND = [...controls('none', 8, 1), ...controls('rolling', 14, 2), ...controls('imago', 14, 3)];

/** Trials of as many faults under both approaches. */
function faults(
  count: number,
  inPlace: Partial<Synthetic>,
  isolated: Partial<Synthetic>,
  type = 1,
): Synthetic[] {
  return Array.from({ length: count }, (_, index) => [
    { id: `rolling-f${type}${index}`, approach: 'rolling', fault: `f${type}${index}`, type, ...inPlace },
    { id: `imago-f${type}${index}`, approach: 'imago', fault: `f${type}${index}`, type, ...isolated },
  ]).flat();
}

function claims(trials: readonly Synthetic[]): Map<string, Claim> {
  return new Map(claimsOf(sideOf(trials).trials).map((claim) => [claim.name, claim]));
}

const OUTAGE = { outageS: 5 };

/** A machine on which performance is not judged. */
const BUSY = {
  cpuPressureShare: 0.9,
  cpuBusyShare: 0.99,
  throttledShare: { ingress: 0 },
  cpuSeconds: {},
  lateStarts: 0,
  supervisorPeakRssMb: 180,
};

describe('claims', () => {
  it('are reproduced where faults that harm in place do not in isolation, with the trials that decided', () => {
    const found = claims([...SOUND, ...faults(12, OUTAGE, {})]);
    expect(found.get('isolation')).to.deep.include({
      verdict: 'reproduced',
      against: 'rolling',
      missing: '',
    });
    expect(found.get('isolation')?.numbers).to.contain(
      'of 12 faults met by both, 12 reached users under rolling, and of those 0',
    );
    expect(found.get('isolation')?.trials).to.have.length(24);
    expect(found.get('procedure-violations')?.verdict).to.equal('reproduced');
    expect(found.get('live-workload')?.verdict).to.equal('reproduced');
    expect(found.get('quiescence')?.verdict).to.equal('reproduced');
  });

  it('are contradicted where it is the other way round, or prevents nothing', () => {
    expect(claims([...SOUND, ...faults(12, {}, OUTAGE)]).get('isolation')?.verdict).to.equal('contradicted');
    expect(claims([...SOUND, ...faults(12, OUTAGE, OUTAGE)]).get('isolation')?.verdict).to.equal(
      'contradicted',
    );
  });

  it('are undecided with few pairs, and say how many are wanted', () => {
    const isolation = claims([...SOUND, ...faults(3, OUTAGE, {})]).get('isolation');
    expect(isolation?.verdict).to.equal('undecided');
    expect(isolation?.missing).to.match(/^3 faults tell the approaches apart; 6 or more/);
  });

  it('are undecided where rarer is seen and prevented is not', () => {
    const found = claims([...SOUND, ...faults(14, OUTAGE, {}), ...faults(6, OUTAGE, OUTAGE, 2)]).get(
      'isolation',
    );
    expect([found?.verdict, found?.missing]).to.deep.equal([
      'undecided',
      'rarer, but not within the tolerance of 25 %: more pairs decide',
    ]);
  });

  it('look at type 4 for single points of failure, and at equal gates for the ablation', () => {
    const found = claims([...SOUND, ...faults(12, OUTAGE, {})]);
    expect(found.get('single-point-of-failure')?.missing).to.contain('no pair: faults of type 4');
    expect(found.get('isolation-not-gates')?.missing).to.contain('--gates same');
    expect(claims([...SOUND, ...faults(12, OUTAGE, {}, 4)]).get('single-point-of-failure')?.verdict).to.equal(
      'reproduced',
    );
    const same = [...SOUND, ...faults(12, OUTAGE, {})].map((trial) => ({
      ...trial,
      record: { gates: 'same' },
    }));
    expect(claims(same).get('isolation-not-gates')?.verdict).to.equal('reproduced');
  });

  it('leave out faults that only one approach has a step for', () => {
    const absent = { record: { outcome: 'not-applicable', outcomeReason: 'no such step' } } as const;
    expect(claims([...SOUND, ...faults(12, OUTAGE, absent)]).get('isolation')?.numbers).to.match(
      /^of 0 faults/,
    );
  });

  it('of one approach alone are contradicted by its own controls', () => {
    const quiescences = [{ phase: 'switch', lastedMs: 2500, peakWaiting: 9, ended: 'released' }];
    const slow = SOUND.map((trial) =>
      trial.approach === 'imago'
        ? { ...trial, p95Ms: 60, record: { imago: { ...SOUND_IMAGO, quiescences } } }
        : trial,
    );
    expect(claims(slow).get('live-workload')).to.deep.include({ verdict: 'contradicted' });
    expect(claims(slow).get('quiescence')?.numbers).to.contain('median of the longest 2500 ms');
    expect(claims(slow).get('quiescence')?.verdict).to.equal('contradicted');
  });

  it('leave out no control because of another impact: undecided ones count against either verdict', () => {
    const missing = [{ ...provocationRecord('restart-web', true), carriedOut: false }];
    const imago = (count: number, also: Partial<Synthetic>) =>
      controls('imago', count, 3).map((trial, index) => ({
        ...trial,
        id: `${trial.id}-${index}-${JSON.stringify(also).length}`,
        ...also,
      }));
    const latent = [
      ...imago(17, { record: { imago: SOUND_IMAGO, provocations: missing } }),
      ...imago(3, { p95Ms: 60, record: { imago: SOUND_IMAGO, provocations: missing } }),
    ];
    expect(claims([...controls('none', 8, 1), ...latent]).get('live-workload')).to.deep.include({
      verdict: 'undecided',
    });
    const found = claims([
      ...controls('none', 8, 1),
      ...imago(14, { record: { imago: SOUND_IMAGO, machine: BUSY } }),
    ]).get('live-workload');
    expect(found?.verdict).to.equal('undecided');
    expect(found?.numbers).to.contain('14 undecided');
  });

  it('compare violations only with controls that could have been labelled', () => {
    const few = [...controls('none', 8, 1), ...controls('rolling', 5, 2), ...controls('imago', 5, 3)];
    expect(claims([...few, ...faults(8, OUTAGE, {})]).get('procedure-violations')).to.deep.include({
      verdict: 'undecided',
      p: 1,
      missing: 'controls of this approach that can be decided: six that end in the same state',
    });
    const told = claims([...SOUND, ...faults(8, OUTAGE, {})]).get('procedure-violations');
    expect(told).to.deep.include({ verdict: 'reproduced', missing: '' });
  });

  it('call a system mixed where hosts of both releases serve, and not where one of them rests', () => {
    const stopped = (hostReleases: Record<string, 'old' | 'new'>, restingHosts: string[]) => ({
      record: {
        upgrade: { ...STOPPED_UPGRADE, hostReleases, restingHosts },
      } as const,
    });
    const verdict = (hostReleases: Record<string, 'old' | 'new'>, resting: string[] = []) =>
      claims([...SOUND, ...faults(12, stopped(hostReleases, resting), {})]).get('mixed-versions')?.verdict;
    expect(verdict({ web1: 'new', web2: 'old' })).to.equal('reproduced');
    expect(verdict({ web1: 'new', web2: 'old' }, ['web1'])).to.equal('undecided');
    expect(verdict({ web1: 'old', web2: 'old' })).to.equal('undecided');
  });

  it('do not take for absent what could not be decided in a universe that never served', () => {
    const apart = {
      outageS: 10,
      record: {
        imago: { ...SOUND_IMAGO, reach: 'old' },
        upgrade: { ...STOPPED_UPGRADE, outcome: 'rolled-back', finalState: 'old' },
        machine: BUSY,
      },
    } as const;
    expect(claims([...SOUND, ...faults(12, OUTAGE, apart)]).get('isolation')?.numbers).to.match(
      /^of 0 faults/,
    );
  });

  it('compare as many repetitions on either side', () => {
    const [first = [], ...others] = [1, 2, 3].map((repetition) =>
      faults(12, OUTAGE, {}).map((trial) => ({ ...trial, id: `${trial.id}-${repetition}` })),
    );
    const more = others.flat().filter(({ approach }) => approach === 'rolling');
    const isolation = claims([...SOUND, ...first, ...more]).get('isolation');
    expect(isolation?.trials, 'one trial of each side').to.have.length(24);
  });

  it('take a fault’s repetitions for one violation, however many harm', () => {
    const repeated = Array.from({ length: 8 }, (_, index) =>
      faults(1, OUTAGE, {}).map((trial) => ({ ...trial, id: `${trial.id}-${index}` })),
    ).flat();
    const found = claims([...SOUND, ...repeated]).get('procedure-violations');
    expect(found?.numbers).to.match(/^1 of 1 faults with a violation harmed/);
    expect(found?.verdict).to.equal('undecided');
  });

  it('look for a quiescence of the switch, and believe none that its limit ended', () => {
    const ending = (quiescences: NonNullable<TrialRecord['imago']>['quiescences']) =>
      claims(
        SOUND.map((trial) =>
          trial.approach === 'imago'
            ? { ...trial, record: { imago: { ...SOUND_IMAGO, quiescences } } }
            : trial,
        ),
      ).get('quiescence');
    expect(ending(SOUND_IMAGO.quiescences.slice(0, 1))?.numbers).to.match(/^0 of 0 /);
    const cut = SOUND_IMAGO.quiescences.map((one) => ({ ...one, ended: 'timeout' }));
    expect(ending(cut)?.verdict).to.equal('undecided');
  });

  it('take trials with all parts alone, and pairs of equal gates', () => {
    const without = faults(12, {}, { ...OUTAGE, record: { imago: SOUND_IMAGO, mirroring: 'off' } }).map(
      (trial) => ({ ...trial, id: `${trial.id}-off` }),
    );
    const both = [
      ...SOUND,
      ...faults(12, OUTAGE, {}),
      ...without.filter(({ approach }) => approach === 'imago'),
    ];
    expect(claims(both).get('isolation')?.verdict).to.equal('reproduced');
    const unequal = faults(
      12,
      { ...OUTAGE, record: { gates: 'none' } },
      { record: { imago: SOUND_IMAGO, gates: 'same' } },
    );
    expect(claims([...SOUND, ...unequal]).get('isolation-not-gates')?.numbers).to.match(/^of 0 faults/);
  });

  it('make no pair of a fault whose impact in question is undecided', () => {
    const latent = { record: { provocations: [provocationRecord('restart-web', false)] } };
    const open = {
      p95Ms: 60,
      record: {
        imago: SOUND_IMAGO,
        provocations: [{ ...provocationRecord('restart-web', true), carriedOut: false }],
      },
    };
    expect(claims([...SOUND, ...faults(12, latent, {})]).get('latent-errors')?.verdict).to.equal(
      'reproduced',
    );
    expect(claims([...SOUND, ...faults(12, latent, open)]).get('latent-errors')?.numbers).to.match(
      /^of 0 faults/,
    );
  });

  it('decide wrongly no more often than they say where the approaches do not differ', () => {
    const draw = uniform(7);
    let wrong = 0;
    for (let campaign = 0; campaign < 60; campaign += 1) {
      // Each fault harms under each approach or not, by a coin that the approach does not know.
      const trials = Array.from({ length: 10 }, (_, index) => {
        const coin = () => draw() < 0.5;
        return faults(1, coin() ? OUTAGE : {}, coin() ? OUTAGE : {}).map((trial) => ({
          ...trial,
          id: `${trial.id}-${index}`,
          fault: `g${index}`,
        }));
      }).flat();
      if (claims([...SOUND, ...trials]).get('isolation')?.verdict === 'reproduced') wrong += 1;
    }
    expect(wrong / 60).to.be.at.most(0.05);
  });

  it('are told in lines that name verdict, numbers and what is missing', () => {
    const text = claimsText(claimsOf(sideOf([...SOUND, ...faults(3, OUTAGE, {})]).trials));
    expect(text).to.match(
      /^undecided {4}Isolation prevents breaking hidden dependencies \(beside rolling\)\n/,
    );
    expect(text).to.contain('missing: a campaign of the same faults in an environment that differs');
  });
});
