/**
 * What a trial costs beyond its windows and settling: provisioning, teardown, and everything between. The
 * peer is the floor: the same number of idle containers on networks of the same kind, made and removed
 * straight through the engine, without starting a service in any of them.
 */
import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';
import { runCampaign } from '../campaign/campaign.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { scenarioNamed } from '../campaign/prepare.ts';
import { Progress } from '../campaign/progress.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import { scheduleOf } from '../campaign/schedule.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { CAMPAIGN_LABEL, OWNER_LABEL } from '../provision/engine.ts';
import { makeNetwork } from '../provision/network.ts';
import { ownIdentity } from '../provision/owner.ts';
import { ofCampaign, sweep } from '../provision/sweep.ts';
import { type BenchResult, median } from './bench.ts';
import { inScratch } from './scratch.ts';

/** Limits that the project set itself: seconds a trial costs beyond horizon and settling, megabytes of the supervisor. */
const OVERHEAD_LIMIT_S = 6;
const SUPERVISOR_LIMIT_MB = 300;

/** What the benchmark runs with. */
export interface TrialBench extends Instrument {
  readonly request: CampaignRequest;
  readonly runs: number;
  readonly signal: AbortSignal;
}

/** Runs fault-free trials without an upgrade, and the floor as often. */
export async function benchTrial(bench: TrialBench): Promise<BenchResult> {
  const records = await inScratch('bench trial', (folder) => runTrials(bench, folder));
  const floors: { upS: number; downS: number }[] = [];
  for (let run = 0; run < bench.runs; run += 1) floors.push(await floor(bench));
  const figure = (of: (record: TrialRecord) => number) => median(records.map(of));
  return {
    name: 'trial',
    peer: 'as many idle containers, made and removed straight through the engine',
    runs: bench.runs,
    figures: [
      {
        figure: 'provision',
        unit: 's',
        ours: figure(({ timings }) => timings.provisionS),
        peer: median(floors.map(({ upS }) => upS)),
        limit: null,
      },
      {
        figure: 'teardown',
        unit: 's',
        ours: figure(({ timings }) => timings.teardownS),
        peer: median(floors.map(({ downS }) => downS)),
        limit: null,
      },
      {
        figure: 'settling',
        unit: 's',
        ours: figure(({ timings }) => timings.settleS),
        peer: null,
        limit: null,
      },
      {
        figure: 'beyond windows and settling',
        unit: 's',
        ours: figure(overheadS),
        peer: null,
        limit: OVERHEAD_LIMIT_S,
      },
      {
        figure: 'supervisor, peak',
        unit: 'MB',
        ours: figure(({ machine }) => machine?.supervisorPeakRssMb ?? Number.NaN),
        peer: null,
        limit: SUPERVISOR_LIMIT_MB,
      },
    ],
  };
}

/** Seconds of a trial that are neither load nor settling. */
function overheadS({ timings, windows }: TrialRecord): number {
  return timings.wallS - timings.settleS - windows.warmUpS - windows.beforeS - windows.horizonS;
}

async function runTrials(bench: TrialBench, folder: string): Promise<TrialRecord[]> {
  const request: CampaignRequest = {
    ...bench.request,
    approaches: ['none'],
    faults: [],
    controls: bench.runs,
  };
  const schedule = scheduleOf(request, () => undefined);
  const store = await createCampaign(folder, {
    schemaVersion: SCHEMA_VERSION,
    campaign: uniqueCampaign('bench'),
    startedAt: new Date().toISOString(),
    seed: request.seed,
    request,
    schedule,
    environment: {},
  });
  const records: TrialRecord[] = [];
  await runCampaign({
    ...bench,
    request,
    store,
    schedule,
    keep: false,
    overlap: false,
    progress: new Progress((record) => void records.push(record)),
  });
  return records;
}

async function floor({ engine, images, request }: TrialBench): Promise<{ upS: number; downS: number }> {
  const campaign = uniqueCampaign('bench-floor');
  const labels = { [CAMPAIGN_LABEL]: campaign, [OWNER_LABEL]: ownIdentity() };
  const hosts = scenarioNamed('bench', request.scenario).hosts({
    hosts: request.hosts,
    scale: request.scale,
  });
  const [image] = Object.values(images);
  const startNs = process.hrtime.bigint();
  try {
    const network = await makeNetwork(engine, `upfault-${campaign}`, 'internal', labels);
    await Promise.all(
      [...hosts.map(({ name }) => name), 'ingress'].map(async (name) => {
        const container = await engine.createContainer({
          name: `upfault-${campaign}-${name}`,
          Image: image ?? '',
          Entrypoint: ['sleep', 'infinity'],
          Labels: labels,
          HostConfig: { NetworkMode: network.name, Init: true },
        });
        await container.start();
      }),
    );
    const upNs = process.hrtime.bigint();
    await sweep(engine, ofCampaign(campaign));
    return { upS: Number(upNs - startNs) / 1e9, downS: Number(process.hrtime.bigint() - upNs) / 1e9 };
  } finally {
    await sweep(engine, ofCampaign(campaign));
  }
}
