import { expect } from 'chai';
import { prepareTrial } from '../../harness/campaign/prepare.ts';
import type { Reading } from '../../harness/contract/observation.ts';
import type { ApproachName } from '../../harness/contract/plan.ts';
import type { World } from '../../harness/upgrader/execute.ts';
import { runUpgrade } from '../../harness/upgrader/run-upgrade.ts';
import { StepLog } from '../../harness/upgrader/step-log.ts';
import { campaignRequest } from '../campaign/request.ts';
import { stepLogFiles } from '../upgrader/step-log-file.ts';

const newLog = stepLogFiles();

const planOf = (approach: ApproachName) =>
  prepareTrial(campaignRequest({ approaches: [approach], faults: ['debug-on'], onFailure: 'rollback' }), {
    ...{ trialId: 't', approach, fault: 'debug-on', seed: 2 },
  }).plan;

describe('the way back', () => {
  it('begins, or drops the new universe, only once what is to be seen at the end was looked at', () => {
    for (const [approach, next] of [
      ['rolling', 'rollback/web2/drain'],
      ['imago', 'abort/drop-universe'],
    ] as const) {
      const plan = planOf(approach);
      const ids = plan.rollback.map(({ id }) => id);
      const looks = plan.observeAtEnd.map(({ id }) => id);
      expect(looks).to.not.be.empty;
      expect(ids.slice(ids.indexOf(next) - looks.length, ids.indexOf(next))).to.deep.equal(looks);
    }
    expect(planOf('none').rollback).to.deep.equal([]);
  });

  it('of a rolling upgrade takes these looks although they belong to no host that was touched', async () => {
    const plan = planOf('rolling');
    const done: string[] = [];
    const readings: Reading[] = [];
    const world = {
      bindings: { universes: { old: { addresses: {} } }, images: {}, secrets: {}, pems: {}, startNs: '0' },
      hosts: {
        exec: async (_universe: string, _host: string, argv: readonly string[]) => {
          done.push(argv.join(' '));
          return { exitCode: 1, stdout: '', stderr: 'refused' };
        },
      },
      nowMs: () => 0,
      onReading: (reading: Reading) => readings.push(reading),
    } as unknown as World;
    const log = new StepLog(newLog());
    const drain = plan.upgrade.find(({ kind }) => kind === 'balancer');
    const { rollback, onFailure } = plan;
    const result = await runUpgrade({
      ...{ upgrade: drain === undefined ? [] : [drain], rollback, onFailure, world, log },
      tell: () => undefined,
    });
    log.close();
    expect(result).to.include({ outcome: 'rolled-back', gate: 'step' });
    expect(readings.map(({ stepId }) => stepId)).to.deep.equal(plan.observeAtEnd.map(({ id }) => id));
    expect(new Set(done)).to.deep.equal(new Set(['member app1 drain']));
  });
});
