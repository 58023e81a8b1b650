import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { variantsOf } from '../../harness/campaign/prepare.ts';
import type { CampaignRequest } from '../../harness/campaign/request.ts';
import { assertSameEnvironment, resumeCampaign } from '../../harness/campaign/resume.ts';
import { scheduleOf } from '../../harness/campaign/schedule.ts';
import { UsageError } from '../../harness/errors.ts';
import { type CampaignStore, createCampaign } from '../../results/store.ts';
import { campaignRequest } from './request.ts';

const ENVIRONMENT = { cpu: 'one', memoryMb: 4_000, commit: 'a' };
const USUAL = campaignRequest();

describe('going on with a campaign', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'upfault-resume-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function begun(request: CampaignRequest, other: object = {}): Promise<CampaignStore> {
    return createCampaign(path.join(root, 'campaign'), {
      ...{ schemaVersion: 1, campaign: 'c', startedAt: '2026-01-01T00:00:00Z', seed: request.seed, request },
      ...{ schedule: scheduleOf(request, variantsOf(request)), environment: ENVIRONMENT, ...other },
    });
  }

  async function refusal(action: Promise<unknown>): Promise<string> {
    const error = await action.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(UsageError);
    return (error as Error).message;
  }

  it('takes request and schedule from its folder, and the port from the command line', async () => {
    const request = campaignRequest({ faults: ['apache-port'], reps: 2, port: 8_080 });
    const { folder } = await begun(request);
    const plain = await resumeCampaign(folder, USUAL, USUAL);
    expect(plain.request).to.deep.equal(request);
    expect(plain.schedule).to.have.length(12);
    const elsewhere = await resumeCampaign(folder, { ...USUAL, port: 9_090 }, USUAL);
    expect(elsewhere.request.port).to.equal(9_090);
  });

  it('takes the options that it was begun with once more, and no others', async () => {
    const { folder } = await begun(campaignRequest({ reps: 3 }));
    await resumeCampaign(folder, campaignRequest({ reps: 3 }), USUAL);
    expect(await refusal(resumeCampaign(folder, campaignRequest({ reps: 4 }), USUAL))).to.match(
      /^run: --resume .*: its reps is 3, and 4 is asked for; /,
    );
  });

  it('refuses one of another command, of another build, or with a request of neither', async () => {
    const kills = await begun(USUAL, { schedule: [] });
    expect(await refusal(resumeCampaign(kills.folder, USUAL, USUAL))).to.contain('begun by another command');
    await rm(kills.folder, { recursive: true });
    const foreign = await begun(USUAL, { request: { ...USUAL, windows: 'endless' } });
    expect(await refusal(resumeCampaign(foreign.folder, USUAL, USUAL))).to.contain('windows');
  });

  it('refuses another build or machine, but for how much memory it counts', async () => {
    const store = await begun(USUAL);
    assertSameEnvironment(store, { ...ENVIRONMENT, memoryMb: 4_001 });
    expect(() => assertSameEnvironment(store, { ...ENVIRONMENT, commit: 'b' })).to.throw(
      UsageError,
      /^run: --resume \S+campaign: it was begun with another commit \(a, now b\); begin a new campaign$/,
    );
    expect(() => assertSameEnvironment(store, { ...ENVIRONMENT, cpu: 'two' }, 'shrink')).to.throw(
      UsageError,
      /^shrink \S+campaign: it was begun with another cpu /,
    );
  });
});
