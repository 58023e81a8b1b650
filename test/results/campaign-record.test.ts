import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createCampaign, openCampaign } from '../../results/store.ts';

describe('record of a campaign', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upfault-campaign-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps what was planned for one trial alone', async () => {
    const schedule = [
      {
        ...{ trialId: 'kill-001', approach: 'imago', fault: 'none', seed: 1 },
        interrupts: ['driver@switch/hold+0.02'],
      },
      { trialId: 'direct-1', approach: 'rolling', fault: 'none', seed: 2, ingress: 'direct' },
      { trialId: 'off-1', approach: 'imago', fault: 'none', seed: 3, mirroring: 'off' },
    ];
    await createCampaign(folder, {
      ...{ schemaVersion: 1, campaign: 'c', startedAt: '', seed: 1, request: {}, schedule },
      environment: {},
    });
    expect((await openCampaign(folder)).record.schedule).to.deep.equal(schedule);
  });
});
