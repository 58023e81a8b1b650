import { expect } from 'chai';
import { type SwitchoverRun, switchoverResult } from '../../harness/bench/switchover-figures.ts';
import { withSwitches } from '../../harness/bench/switchover-plan.ts';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { CampaignRequest } from '../../harness/campaign/request.ts';
import type { Plan } from '../../harness/contract/plan.ts';
import { isSwitch } from '../../harness/plan/rows.ts';

const request = {
  ...{ scenario: 'auction', approaches: ['imago'], faults: [], reach: 'one', target: 'new', gates: 'native' },
  ...{ hosts: 2, scale: 1, windows: 'quick', schemaPolicy: 'expand-contract', onFailure: 'rollback' },
  ...{ ratePerSecond: 150, seed: 7, reps: 1, controls: 1, port: 0, interrupts: [] },
} as unknown as CampaignRequest;
const trial = { trialId: 'imago-switches', approach: 'imago', fault: 'none', seed: 7 } as const;

describe('plan of many switches', () => {
  const { plan } = prepareTrial(request, trial);
  const many = withSwitches(plan, 4);
  const idsOf = (phase: string) =>
    many.upgrade.flatMap(({ id }) => (id.startsWith(`${phase}/`) ? [id.slice(phase.length + 1)] : []));

  it('has every step of the real switch in each, and sends clients to the new universe with the last only', () => {
    const real = idsOf('switch');
    expect(real).to.include.members([
      'hold',
      'drain-requests',
      'drain-egress',
      'compare',
      'redirect',
      'release',
    ]);
    for (const round of ['switch-1', 'switch-2', 'switch-3'])
      expect(idsOf(round)).to.deep.equal(['pause', ...real]);
    expect(many.upgrade.filter(isSwitch).map(({ id }) => id)).to.deep.equal(['switch/redirect']);
  });

  it('changes nothing before and after, gives ids once, and has the time that it takes', () => {
    const own = many.upgrade.filter(({ id }) => !/^(switch-\d+|last)\//.test(id));
    expect(own).to.deep.equal(plan.upgrade);
    expect(new Set(many.upgrade.map(({ id }) => id)).size).to.equal(many.upgrade.length);
    expect(many.windows.horizonS).to.be.greaterThan(plan.windows.horizonS);
    expect(withSwitches(plan, 1).upgrade).to.deep.equal(plan.upgrade);
  });

  it('waits between two switches until all clients have connected again', () => {
    const pauses = ({ upgrade }: Plan) =>
      upgrade.flatMap((step) =>
        step.kind === 'exec' && step.id.endsWith('/pause') ? [Number(step.argv[1])] : [],
      );
    expect(pauses(many)).to.deep.equal([4, 4, 4, 4]);
    const busy = withSwitches({ ...plan, ratePerSecond: 300 }, 4);
    expect(pauses(busy)).to.deep.equal([7, 7, 7, 7]);
    expect(busy.windows.horizonS - many.windows.horizonS).to.equal(4 * 3);
  });

  it('is refused without a switch, or with a number that is none', () => {
    expect(() => withSwitches({ ...plan, upgrade: [] }, 2)).to.throw('no switch');
    for (const switches of [0, 1.5, 100])
      expect(() => withSwitches(plan, switches)).to.throw('switches a trial');
  });
});

const run = (rate: number, lastedMs: readonly number[], renamesMs: number[], failed = 0): SwitchoverRun =>
  ({
    ...{ rate, multiple: 1, renamesMs },
    record: {
      upgrade: { outcome: 'upgraded' },
      imago: {
        quiescences: [
          { phase: 'terminate', lastedMs: 1_000, peakWaiting: 99, ended: 'released' },
          ...lastedMs.map((ms, index) => ({
            ...{ phase: index === 0 ? 'switch' : `switch-${index}`, lastedMs: ms, peakWaiting: ms / 10 },
            ended: ms > 500 ? 'time-limit' : 'released',
          })),
        ],
      },
      horizon: { failed: failed > 0 ? { timeout: failed, 'error-status': 1 } : {} },
      ledger: { afterHorizon: { lost: failed } },
    },
  }) as unknown as SwitchoverRun;

describe('bench switchover', () => {
  const result = switchoverResult([run(50, [10, 30, 20], [4, 6]), run(150, [20, 600], [5, 9], 2)], 3);
  const figure = (name: string) => {
    const found = result.figures.find((one) => one.figure === name);
    if (found === undefined) throw new Error(`no figure ${name}`);
    return found;
  };

  it('keeps rates apart, leaves the termination out, and holds one rate against the limits', () => {
    expect(figure('quiescence at 50/s, 1x data')).to.deep.include({
      ...{ ours: 20, least: 10, most: 30, peer: 5, limit: null },
    });
    expect(figure('quiescence at 150/s, 1x data')).to.include({ ours: 310, limit: 50 });
    expect(figure('quiescence at 150/s, 1x data, 99th percentile')).to.include({
      ours: 600,
      peer: 9,
      limit: 150,
    });
    expect(figure('requests waiting at 50/s, 1x data')).to.include({ ours: 2, most: 3 });
    expect(figure('quiescence, all switches')).to.include({ ours: 20, least: 10, most: 600 });
    expect(result.runs).to.equal(5);
  });

  it('counts what clients lost, holds that ended by themselves, and switches that were never made', () => {
    expect(figure('requests failed')).to.include({ ours: 3, limit: 0 });
    expect(figure('writes lost').ours).to.equal(2);
    expect(figure('holds that ended by their own limit').ours).to.equal(1);
    expect(figure('switches planned but not made').ours).to.equal(1);
  });
});
