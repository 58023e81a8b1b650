/** Planning every fault of the catalogue under every approach, which is done before anything runs. */
import { approaches } from '../approaches/catalogue.ts';
import { prepareTrial } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import type { ApproachName } from '../contract/plan.ts';
import { type BenchResult, median } from './bench.ts';

/** What the project set itself, in milliseconds for all of them. */
const LIMIT_MS = 2_000;

/** Plans the request's faults under all approaches, `runs` times. */
export function benchPlan(request: CampaignRequest, runs: number): BenchResult {
  const names = Object.keys(approaches) as ApproachName[];
  const tookMs = Array.from({ length: runs }, () => {
    const beganNs = process.hrtime.bigint();
    for (const approach of names)
      for (const fault of request.faults)
        prepareTrial(request, { trialId: 'bench', approach, fault, seed: request.seed });
    return Number(process.hrtime.bigint() - beganNs) / 1e6;
  });
  return {
    name: `plan: ${request.faults.length} faults under ${names.length} approaches`,
    peer: 'none',
    runs,
    figures: [
      {
        figure: 'all plans',
        unit: 'ms',
        ours: median(tookMs),
        peer: null,
        limit: LIMIT_MS,
        least: Math.min(...tookMs),
        most: Math.max(...tookMs),
      },
    ],
  };
}
