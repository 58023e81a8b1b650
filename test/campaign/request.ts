/** A request of a small campaign, for tests of what is made from one. */
import { CampaignRequest } from '../../harness/campaign/request.ts';

/** The quick rolling campaign of the auction, with what a test wants otherwise. */
export function campaignRequest(over: Partial<CampaignRequest> = {}): CampaignRequest {
  return CampaignRequest.parse({
    scenario: 'auction',
    approaches: ['rolling'],
    faults: [],
    reps: 1,
    controls: 5,
    seed: 1,
    windows: 'quick',
    reach: 'one',
    hosts: 2,
    scale: 0.02,
    ratePerSecond: 150,
    schemaPolicy: 'expand-contract',
    onFailure: 'halt',
    port: 0,
    ...over,
  });
}
