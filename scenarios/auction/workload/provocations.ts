/**
 * What happens to every auction sooner or later. The writes have request ids that begin with `provoked-`, so
 * the ledger passes over them; whether they took effect is checked by reading them back, here.
 */
import type { Exchange } from '../../../harness/contract/exchange.ts';
import type { Provocation } from '../../../harness/contract/settle.ts';
import { FIND_ITEM, logIn, look, OTHER_WALKER, send, WALKER } from './walk.ts';

/** More at once than the pools of all application hosts hold, by far fewer than a sound system bears. */
const PEAK_CLIENTS = 80;

/** Characters, the most that a description may have; a third of them take two bytes or more. */
const DESCRIPTION_CHARACTERS = 7_168;
const LARGE_DESCRIPTION = 'Größe: 40 cm, café, łódź, 25 €, 東京 '
  .repeat(DESCRIPTION_CHARACTERS)
  .slice(0, DESCRIPTION_CHARACTERS - 1)
  .concat('.');

const MADE = { id: '@@made@@' };

/** Puts an item on sale; its id becomes `@@made@@`. */
function sell(fields: Readonly<Record<string, string>>, suffix: string): Exchange {
  const requestId = `provoked-@@unique@@-${suffix}`;
  return {
    ...send(
      '/app/item',
      {
        initial_price: '19.99',
        quantity: '3',
        reserve_price: '0.00',
        buy_now: '0.00',
        duration_days: '7',
        category: '20',
        request_id: requestId,
        ...fields,
      },
      'RegisterItem',
      { 'request-id': requestId },
    ),
    capture: { made: '<body[^>]*data-id="(\\d+)"' },
  };
}

/** The same exchange, whose answer must also hold a text. */
function showing(exchange: Exchange, text: string): Exchange {
  return { ...exchange, expect: { ...exchange.expect, contains: [...exchange.expect.contains, text] } };
}

const peak: readonly Exchange[] = [
  look('/', 'Home'),
  FIND_ITEM,
  look('/app/item?id=@@item@@', 'ViewItem', { id: '@@item@@' }),
  logIn(WALKER),
];

const largeDescription: readonly Exchange[] = [
  logIn(WALKER),
  look('/app/sell?category=20', 'SellItemForm', { id: '20' }),
  sell({ name: 'Large @@unique@@', description: LARGE_DESCRIPTION }, 'large'),
  showing(look('/app/item?id=@@made@@', 'ViewItem', MADE), LARGE_DESCRIPTION),
];

const newUser = { nickname: 'new-@@unique@@', password: 'wörd & "quotes" 東' };

const rareInteractions: readonly Exchange[] = [
  look('/register.html', 'Register'),
  send(
    '/app/register',
    {
      ...newUser,
      firstname: 'Żółć-Ñandú',
      lastname: "O'Neill; -- 王",
      email: 'new-@@unique@@@example.org',
      region: '62',
      request_id: 'provoked-@@unique@@-user',
    },
    'RegisterUser',
    { 'request-id': 'provoked-@@unique@@-user' },
  ),
  look('/sell.html', 'Sell'),
  look('/app/sell/categories', 'SelectCategory'),
  sell({ name: "Ünïcödé 'lot' @@unique@@", description: 'Ωmega 100 % \\ 東京', buy_now: '99999.99' }, 'item'),
  look('/app/buy-now/login?item=@@made@@', 'BuyNowAuth', MADE),
  send(
    '/app/buy-now/form',
    { item: '@@made@@', nickname: OTHER_WALKER.nickname, password: OTHER_WALKER.password },
    'BuyNow',
    { ...MADE, price: '99999.99' },
  ),
  send(
    '/app/buy-now',
    { item: '@@made@@', quantity: '3', request_id: 'provoked-@@unique@@-buy' },
    'StoreBuyNow',
    { ...MADE, 'request-id': 'provoked-@@unique@@-buy' },
  ),
  look('/app/regions/categories?region=62', 'BrowseCategoriesInRegion', { id: '62' }),
  look('/app/items?category=20&region=62', 'SearchItemsInRegion', { id: '20' }),
  send('/app/comment/form', { user: '1', item: '@@made@@', ...newUser }, 'PutComment', { id: '1' }),
  send(
    '/app/comment',
    {
      to_user: '1',
      item: '@@made@@',
      rating: '-3',
      comment: 'żółw @@unique@@',
      request_id: 'provoked-@@unique@@-comment',
    },
    'StoreComment',
    { id: '1', 'request-id': 'provoked-@@unique@@-comment' },
  ),
  showing(look('/app/user?id=1', 'ViewUserInfo', { id: '1' }), 'żółw @@unique@@'),
];

/** All provocations of the auction. */
export const provocations: readonly Provocation[] = [
  {
    name: 'restart-lb',
    summary: 'The balancers are restarted, one after the other.',
    act: { kind: 'restart', tier: 'lb' },
  },
  {
    name: 'restart-web',
    summary: 'The web servers are restarted, one after the other.',
    act: { kind: 'restart', tier: 'web' },
  },
  {
    name: 'restart-app',
    summary: 'The application hosts are restarted, one after the other.',
    act: { kind: 'restart', tier: 'app' },
  },
  {
    name: 'restart-db',
    summary: 'The databases are restarted, the primary among them.',
    act: { kind: 'restart', tier: 'db' },
  },
  {
    name: 'connection-peak',
    summary: `${PEAK_CLIENTS} users come at the same moment, each looks around and logs in.`,
    act: { kind: 'exchanges', exchanges: peak, concurrency: PEAK_CLIENTS },
  },
  {
    name: 'large-description',
    summary: `An item is put on sale with a description of ${DESCRIPTION_CHARACTERS} characters, and read back.`,
    act: { kind: 'exchanges', exchanges: largeDescription, concurrency: 1 },
  },
  {
    name: 'rare-interactions',
    summary: 'A new user with an unusual name registers, sells, comments; somebody buys everything at once.',
    act: { kind: 'exchanges', exchanges: rareInteractions, concurrency: 1 },
  },
];
