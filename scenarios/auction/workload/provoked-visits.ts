/**
 * What users do while, or after, the auction is provoked. Their writes have request ids that begin with `provoked-`, so
 * the ledger passes over them; whether they took effect is checked by reading them back, here.
 */
import type { Exchange } from '../../../harness/contract/exchange.ts';
import { FIND_ITEM, logIn, look, OTHER_WALKER, send, WALKER } from './walk.ts';

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

/** Comments on a user, with a session. */
function comment(to: string, item: string, text: string, suffix: string, rating = '0'): Exchange {
  const requestId = `provoked-@@unique@@-${suffix}`;
  return send(
    '/app/comment',
    { to_user: to, item, rating, comment: text, request_id: requestId },
    'StoreComment',
    { id: to, 'request-id': requestId },
  );
}

/** The same exchange, whose answer must also hold a text. */
function showing(exchange: Exchange, text: string): Exchange {
  return { ...exchange, expect: { ...exchange.expect, contains: [...exchange.expect.contains, text] } };
}

/** Text as pages show it. */
function shown(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Looks around and logs in. */
export const peak: readonly Exchange[] = [
  look('/', 'Home'),
  FIND_ITEM,
  look('/app/item?id=@@item@@', 'ViewItem', { id: '@@item@@' }),
  logIn(WALKER),
];

/** The longest description, written and read back. */
export const largeDescription: readonly Exchange[] = [
  logIn(WALKER),
  look('/app/sell?category=20', 'SellItemForm', { id: '20' }),
  sell({ name: 'Large @@unique@@', description: LARGE_DESCRIPTION }, 'large'),
  showing(look('/app/item?id=@@made@@', 'ViewItem', MADE), LARGE_DESCRIPTION),
];

/** Registers a user of an unusual name, who can log in as `newUser`. */
const newUser = { nickname: 'new-@@unique@@', password: 'wörd & "quotes" 東' };
/** The same person, as people type their names: neither release lets letter case make another user of somebody. */
const newUserInCapitals = { ...newUser, nickname: 'NEW-@@unique@@' };
const walkerInCapitals = { ...WALKER, nickname: WALKER.nickname.toUpperCase() };
const registrationForm = {
  ...newUser,
  firstname: 'Żółć-Ñandú',
  lastname: "O'Neill; -- 王",
  email: 'new-@@unique@@@example.org',
  region: '62',
  request_id: 'provoked-@@unique@@-user',
};
const registration = send('/app/register', registrationForm, 'RegisterUser', {
  'request-id': 'provoked-@@unique@@-user',
});
/** Refused: the name is taken. */
const registrationInCapitals: Exchange = {
  method: 'POST',
  path: '/app/register',
  form: { ...registrationForm, ...newUserInCapitals, request_id: 'provoked-@@unique@@-taken' },
  expect: { status: 409, contains: ['data-page="Conflict"'] },
};

export const rareInteractions: readonly Exchange[] = [
  look('/register.html', 'Register'),
  registration,
  registrationInCapitals,
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
  send('/app/comment/form', { user: '1', item: '@@made@@', ...newUserInCapitals }, 'PutComment', { id: '1' }),
  comment('1', '@@made@@', 'żółw @@unique@@', 'comment', '-3'),
  showing(look('/app/user?id=1', 'ViewUserInfo', { id: '1' }), 'żółw @@unique@@'),
  logIn(walkerInCapitals),
];

/**
 * Characters of four bytes, of two code points, from right to left, joined, without width; all that means something to
 * HTML, SQL and URLs. None of them is a blank or a line end, so that it is read back as it was written.
 */
const UNUSUAL = `😀👩‍👩‍👧‍👦 🇵🇱 𝒳 עברית العربية é ﬁ \u200bx\u2060 'q' "qq" \`b\` <b>&amp;</b> %00 %s \\n \\' ; -- /* */ {{x}} \${x} ?&=#+`;
/** As many characters as a name may have, four bytes each. */
const LONG_NAME = '😀'.repeat(100);

/** What users can type, but seldom do, in every text that they write. */
export const unusualText: readonly Exchange[] = [
  logIn(WALKER),
  sell({ name: LONG_NAME, description: `${UNUSUAL} @@unique@@` }, 'unusual'),
  showing(
    showing(look('/app/item?id=@@made@@', 'ViewItem', MADE), LONG_NAME),
    `${shown(UNUSUAL)} @@unique@@`,
  ),
  comment('2', '@@made@@', `${UNUSUAL} @@unique@@`, 'unusual-comment'),
  showing(look('/app/user?id=2', 'ViewUserInfo', { id: '2' }), `${shown(UNUSUAL)} @@unique@@`),
];

/** Before the upgrade: somebody logs in, chooses an item, and leaves an unusual comment. */
export const sessionBegun: readonly Exchange[] = [
  FIND_ITEM,
  send(
    '/app/bid/form',
    { item: '@@item@@', nickname: WALKER.nickname, password: WALKER.password },
    'PutBid',
    { id: '@@item@@' },
  ),
  comment('3', '@@item@@', `${UNUSUAL} @@unique@@`, 'before'),
];

/** After it: the same client bids without logging in again, and finds what was written before. */
export const sessionResumed: readonly Exchange[] = [
  send(
    '/app/bid',
    {
      item: '@@item@@',
      bid: '10.10',
      max_bid: '12.34',
      quantity: '1',
      request_id: 'provoked-@@unique@@-bid',
    },
    'StoreBid',
    { id: '@@item@@', 'request-id': 'provoked-@@unique@@-bid', price: '10.10' },
  ),
  showing(look('/app/user?id=3', 'ViewUserInfo', { id: '3' }), `${shown(UNUSUAL)} @@unique@@`),
];

/** The most that forms carry: 86 kB for 28 kB of text. */
const FULL_DESCRIPTION = '😀'.repeat(DESCRIPTION_CHARACTERS);
const FULL_COMMENT = '東'.repeat(2_048);
const COMMENTS = Array.from({ length: 12 }, (_, index) => String(index + 1));

/** The largest forms, and pages that are made of many of them: some 30 and 75 kB. */
export const largeTransfers: readonly Exchange[] = [
  {
    ...registration,
    capture: { somebody: '<body[^>]*data-id="(\\d+)"' },
  },
  sell({ name: 'Full @@unique@@', description: FULL_DESCRIPTION }, 'full'),
  showing(look('/app/item?id=@@made@@', 'ViewItem', MADE), FULL_DESCRIPTION),
  ...COMMENTS.map((number) =>
    comment('@@somebody@@', '@@made@@', `${number} ${FULL_COMMENT}`.slice(0, 2_048), number),
  ),
  COMMENTS.reduce(
    (page, number) => showing(page, `${number} ${FULL_COMMENT}`.slice(0, 2_048)),
    look('/app/user?id=@@somebody@@', 'ViewUserInfo', { id: '@@somebody@@', count: String(COMMENTS.length) }),
  ),
];

/** Pages that read much of the database. */
export const manyReads: readonly Exchange[] = [
  ...['1', '7', '13', '20'].map((category) =>
    look(`/app/items?category=${category}`, 'SearchItemsInCategory', { id: category }),
  ),
  look('/app/regions/categories?region=5', 'BrowseCategoriesInRegion', { id: '5' }),
  look('/app/items?category=3&region=5', 'SearchItemsInRegion', { id: '3' }),
  ...['17', '4711', '9999'].flatMap((id) => [
    look(`/app/item?id=${id}`, 'ViewItem', { id }),
    look(`/app/bids?item=${id}`, 'ViewBidHistory', { id }),
    look(`/app/user?id=${id}`, 'ViewUserInfo', { id }),
  ]),
  logIn(OTHER_WALKER),
];

/** What is written to logs rather than answered: refusals, with a page that is right. */
export const refusals: readonly Exchange[] = [
  ...peak,
  {
    method: 'GET',
    path: '/app/item?id=2000000000',
    expect: { status: 404, contains: ['data-page="NotFound"'] },
  },
  { method: 'GET', path: '/app/item?id=none', expect: { status: 400, contains: ['data-page="BadRequest"'] } },
  { method: 'GET', path: '/nowhere.html', expect: { status: 404, contains: [] } },
];
