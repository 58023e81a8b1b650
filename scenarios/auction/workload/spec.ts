/** The auction's clients as the harness starts them. */
import type { WorkloadSpec } from '../../../harness/contract/scenario.ts';

/** Rows at full size; the images hold a share of them. Categories and regions do not scale. */
const FULL = { users: 1_000_000, closedItems: 500_000, itemsOnSale: 33_000 };

/** Script and its environment. */
export const workload: WorkloadSpec = {
  script: 'scenarios/auction/workload/auction.k6.ts',
  environment: ({ scale }) => ({
    AUCTION_USERS: String(Math.round(FULL.users * scale)),
    AUCTION_CLOSED_ITEMS: String(Math.round(FULL.closedItems * scale)),
    AUCTION_ITEMS_ON_SALE: String(Math.round(FULL.itemsOnSale * scale)),
    AUCTION_CATEGORIES: '20',
    AUCTION_REGIONS: '62',
  }),
};
