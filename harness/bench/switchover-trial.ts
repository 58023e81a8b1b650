/** Trials whose plan is a benchmark's own; everything else is as in a campaign, one after the other. */
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { SCHEMA_VERSION, type TrialRecord } from '../../results/schema.ts';
import { createCampaign } from '../../results/store.ts';
import type { Instrument } from '../campaign/instrument.ts';
import { prepareTrial, scenarioNamed } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { Plan } from '../contract/plan.ts';
import { startGuard } from '../provision/guard.ts';
import { ofCampaign, ofDeadOwners, sweep, sweepUntilEmpty, tellOfKept } from '../provision/sweep.ts';
import { runTrial } from '../trial/trial.ts';

/** Rounds of half a second in which what an interrupted trial left is removed. */
const SWEEP_ROUNDS = 30;

/** Runs one fault-free trial of Imago whose plan was changed; its record stays in a temporary folder. */
export async function changedTrial(
  bench: Instrument & { readonly signal: AbortSignal },
  request: CampaignRequest,
  change: (plan: Plan) => Plan,
): Promise<TrialRecord> {
  const campaign = `bench-switchover-${process.pid}`;
  const trial = { trialId: 'imago-switches', approach: 'imago', fault: 'none', seed: request.seed } as const;
  const store = await createCampaign(await mkdtemp(path.join(os.tmpdir(), 'upfault-bench-')), {
    ...{ schemaVersion: SCHEMA_VERSION, campaign, startedAt: new Date().toISOString() },
    ...{ seed: request.seed, request, schedule: [trial], environment: {} },
  });
  const guard = startGuard(campaign);
  try {
    await sweep(bench.engine, ofDeadOwners);
    return await runTrial({
      ...{ ...bench, ...trial, store, planted: [], shams: [], keep: false },
      scenario: scenarioNamed('bench', request.scenario),
      plan: change(prepareTrial(request, trial).plan),
      port: request.port,
      alone: Promise.resolve(),
      onProcess: guard.process,
      onPhase: () => undefined,
    });
  } finally {
    tellOfKept('bench switchover', await sweepUntilEmpty(bench.engine, ofCampaign(campaign), SWEEP_ROUNDS));
    guard.dismiss();
  }
}
