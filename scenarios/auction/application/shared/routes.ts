/** Which handler answers which request. */
import * as reading from './reading.ts';
import type { Handler } from './site.ts';
import * as writing from './writing.ts';

/** Handlers by method and path. */
export const routes: ReadonlyMap<string, Handler> = new Map([
  ['GET /app/categories', reading.browseCategories],
  ['GET /app/items', reading.search],
  ['GET /app/regions', reading.browseRegions],
  ['GET /app/regions/categories', reading.browseCategoriesInRegion],
  ['GET /app/item', reading.viewItem],
  ['GET /app/user', reading.viewUser],
  ['GET /app/bids', reading.viewBids],
  ['GET /app/buy-now/login', reading.buyNowLogin],
  ['POST /app/buy-now/form', reading.buyNow],
  ['POST /app/buy-now', writing.storeBuyNow],
  ['GET /app/bid/login', reading.bidLogin],
  ['POST /app/bid/form', reading.putBid],
  ['POST /app/bid', writing.storeBid],
  ['GET /app/comment', reading.commentLogin],
  ['POST /app/comment/form', reading.putComment],
  ['POST /app/comment', writing.storeComment],
  ['GET /app/sell/categories', reading.selectCategory],
  ['GET /app/sell', reading.sellItem],
  ['POST /app/item', writing.registerItem],
  ['POST /app/register', writing.registerUser],
  ['POST /app/about-me', reading.aboutMe],
  ['GET /app/admin/status', reading.adminStatus],
]);
