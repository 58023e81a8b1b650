import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { prepareTrial, scenarioNamed } from '../../harness/campaign/prepare.ts';
import { runTrial } from '../../harness/trial/trial.ts';
import { SCHEMA_VERSION } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';
import { campaignRequest } from '../campaign/request.ts';

const TRIAL = { trialId: 't', approach: 'rolling', fault: 'none', seed: 1 } as const;

/** An engine that refuses whatever it is asked. */
const refuse = () => {
  const cause = new Error('connect failed', { cause: new Error('permission denied') });
  return Promise.reject(new Error('no such file or directory: docker.sock', { cause }));
};
const ENGINE = { info: refuse, listContainers: refuse } as unknown as Dockerode;

describe('a trial that cannot be torn down', () => {
  it('is sealed with what became of it before it says so', async () => {
    const store = await createCampaign(
      path.join(mkdtempSync(path.join(os.tmpdir(), 'upfault-trial-')), 'campaign'),
      {
        schemaVersion: SCHEMA_VERSION,
        ...{ campaign: 'c', startedAt: '2026-01-01T00:00:00.000Z', seed: 1, request: {} },
        ...{ schedule: [TRIAL], environment: {} },
      },
    );
    const { plan, planted, shams } = prepareTrial(campaignRequest(), TRIAL);
    const failure = await runTrial({
      ...{ plan, planted, shams, trialId: 't', scenario: scenarioNamed('run', 'auction'), store },
      ...{ engine: ENGINE, images: {}, k6: '', repository: '', port: 0, keep: false },
      ...{ alone: Promise.resolve(), signal: new AbortController().signal },
      ...{ onProcess: () => undefined, onPhase: () => undefined },
    }).catch((error: Error) => error);
    expect(failure).to.be.an('error').with.property('name', 'EngineError');
    expect((failure as Error).message).to.match(/^tear down trial t: /);
    const { sealed } = await store.trials();
    expect(sealed.map(({ outcome, outcomeReason }) => [outcome, outcomeReason])).to.deep.equal([
      ['harness-failed', 'Error: no such file or directory: docker.sock: connect failed: permission denied'],
    ]);
  }).timeout(15_000);
});
