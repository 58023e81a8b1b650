/** Trials whose plan is a benchmark's own; everything else is as in a campaign, one after the other. */
import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { prepareTrial, scenarioNamed } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { Plan } from '../contract/plan.ts';
import { uniqueCampaign } from '../provision/campaign-name.ts';
import { guarded } from '../provision/guarded.ts';
import { sweepLeftovers } from '../provision/sweep.ts';
import { runTrial } from '../trial/trial.ts';
import { inScratch } from './scratch.ts';

interface ChangedTrials extends Instrument {
  readonly signal: AbortSignal;
}

/** Runs one fault-free trial of Imago whose plan was changed. @throws Error where it did not complete */
export async function changedTrial(
  bench: ChangedTrials,
  request: CampaignRequest,
  change: (plan: Plan) => Plan,
): Promise<TrialRecord> {
  const operation = `bench switchover: ${request.ratePerSecond}/s, scale ${request.scale}`;
  const [record] = await inScratch(operation, async (folder) => [
    await runChanged(bench, request, change, folder),
  ]);
  if (record === undefined) throw new Error(`${operation}: no trial was run`);
  return record;
}

async function runChanged(
  bench: ChangedTrials,
  request: CampaignRequest,
  change: (plan: Plan) => Plan,
  folder: string,
): Promise<TrialRecord> {
  const campaign = uniqueCampaign('bench-switchover');
  const trial = { trialId: 'imago-switches', approach: 'imago', fault: 'none', seed: request.seed } as const;
  const store = await createCampaign(folder, {
    ...{ schemaVersion: SCHEMA_VERSION, campaign, startedAt: new Date().toISOString() },
    ...{ seed: request.seed, request, schedule: [trial], environment: {} },
  });
  return guarded(bench.engine, 'bench switchover', campaign, async (guard) => {
    await sweepLeftovers(bench.engine, 'bench switchover');
    return runTrial({
      ...{ ...bench, ...trial, store, planted: [], shams: [], keep: false },
      scenario: scenarioNamed('bench', request.scenario),
      plan: change(prepareTrial(request, trial).plan),
      port: request.port,
      alone: Promise.resolve(),
      onProcess: guard.process,
      onPhase: () => undefined,
    });
  });
}
