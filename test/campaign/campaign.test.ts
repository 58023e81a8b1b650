/** Campaigns on an engine that has nothing and refuses everything that a trial needs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { type CampaignRun, runCampaign } from '../../harness/campaign/campaign.ts';
import { variantsOf } from '../../harness/campaign/prepare.ts';
import { Progress } from '../../harness/campaign/progress.ts';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import { type CampaignStore, createCampaign } from '../../results/store.ts';
import { campaignRequest } from './request.ts';

const ENGINE = {
  listContainers: async () => [],
  listNetworks: async () => [],
  listVolumes: async () => ({ Volumes: [] }),
  ping: async () => 'OK',
  info: () => Promise.reject(new Error('no room')),
} as unknown as Dockerode;

describe('a campaign of which every trial must fail', function () {
  this.timeout(60_000);
  let root: string;
  let store: CampaignStore;
  const request = campaignRequest({ controls: 3 });
  const schedule = scheduleOf(request, variantsOf(request));

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'upfault-campaign-'));
    store = await createCampaign(path.join(root, 'campaign'), {
      ...{ schemaVersion: 1, campaign: 'c', startedAt: '2026-01-01T00:00:00Z', seed: request.seed, request },
      ...{ schedule, environment: {} },
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Runs it, without a word about its progress, and gives why it ended. */
  async function ended(over: Partial<CampaignRun> = {}): Promise<string> {
    const { write } = process.stderr;
    process.stderr.write = () => true;
    try {
      return await runCampaign({
        ...{ engine: ENGINE, images: {}, k6: '', repository: '', request, store, schedule },
        ...{ keep: false, overlap: false, signal: new AbortController().signal, progress: new Progress() },
        ...over,
      }).then(
        () => 'done',
        (error: Error) => error.message,
      );
    } finally {
      process.stderr.write = write;
    }
  }

  const sealed = async () => (await store.trials()).sealed.map(({ trialId }) => trialId);

  it('stops after three, says why and what goes on, and runs the failed ones again where it is asked to', async () => {
    expect(schedule).to.have.length(6);
    expect(await ended()).to.match(
      /^run: 3 trials in a row failed in the same way.*no room.*--resume \S+campaign .*--retry-failed/,
    );
    const first = await sealed();
    expect(first).to.have.length(3);
    expect(await ended({ retryFailed: true })).to.match(/^run: 3 trials in a row/);
    expect(await sealed()).to.deep.equal(first);
    await ended();
    expect(await sealed()).to.have.length(6);
  });

  it('seals none where the port that was asked for is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      expect(await ended({ request: { ...request, port } })).to.contain(
        `port ${port} of 127.0.0.1: it is taken`,
      );
      expect(await sealed()).to.deep.equal([]);
    } finally {
      server.close();
    }
  });
});
