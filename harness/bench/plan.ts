/** Planning every fault of the catalogue under every approach, which is done before anything runs. */
import { APPROACH_NAMES } from '../approaches/catalogue.ts';
import { prepareTrial } from '../campaign/prepare.ts';
import type { CampaignRequest } from '../campaign/request.ts';
import { type BenchResult, median } from './bench.ts';

/** What the project set itself, in milliseconds for all of them. */
const LIMIT_MS = 2_000;

/** Plans the request's faults under all approaches, `runs` times. */
export function benchPlan(request: CampaignRequest, runs: number): BenchResult {
  const tookMs = Array.from({ length: runs }, () => {
    const beganNs = process.hrtime.bigint();
    for (const approach of APPROACH_NAMES)
      for (const fault of request.faults)
        prepareTrial(request, { trialId: 'bench', approach, fault, seed: request.seed });
    return Number(process.hrtime.bigint() - beganNs) / 1e6;
  });
  return {
    name: `plan: ${request.faults.length} faults under ${APPROACH_NAMES.length} approaches`,
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
