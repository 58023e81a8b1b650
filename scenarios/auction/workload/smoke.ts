/**
 * A user's walk through every tier: static pages, lists, an item, a login, a bid, and the bid found again in
 * the item's history. Its request ids begin with `smoke-`: no client has asked for them, so the ledger
 * passes over its bids (they still count in the item's derived values).
 */
import type { Exchange } from '../../../harness/contract/exchange.ts';
import { FIND_ITEM, look, send, WALKER } from './walk.ts';

const ITEM = { id: '@@item@@' };
const { nickname, password } = WALKER;

/** Holds whenever the system is sound, in either release. */
export const smoke: readonly Exchange[] = [
  look('/', 'Home'),
  look('/browse.html', 'Browse'),
  look('/app/categories', 'BrowseCategories', { count: '20' }),
  look('/app/regions', 'BrowseRegions', { count: '62' }),
  FIND_ITEM,
  look('/app/item?id=@@item@@', 'ViewItem', ITEM),
  look('/app/user?id=1', 'ViewUserInfo', { id: '1' }),
  look('/app/bid/login?item=@@item@@', 'PutBidAuth', ITEM),
  send('/app/bid/form', { item: '@@item@@', nickname, password }, 'PutBid', ITEM),
  send(
    '/app/bid',
    { item: '@@item@@', bid: '10.10', max_bid: '12.34', quantity: '1', request_id: 'smoke-@@unique@@' },
    'StoreBid',
    { ...ITEM, 'request-id': 'smoke-@@unique@@', price: '10.10' },
  ),
  {
    method: 'GET',
    path: '/app/bids?item=@@item@@',
    expect: { status: 200, contains: ['data-page="ViewBidHistory"', 'data-id="@@item@@"', nickname] },
  },
];
