/**
 * The auction's conversion, declared once: each table of the new release as a projection over the old release's
 * tables. The old columns that the statements read are there before and after the schema is expanded.
 */
import type { Projection } from '../../harness/contract/projection.ts';

/** Columns of items that both releases have. */
const ITEM_COLUMNS = [
  ...['id', 'name', 'description', 'offered', 'quantity', 'nb_of_bids', 'start_date', 'end_date'],
  ...['seller', 'category', 'request_id'],
];
const ITEM_PRICES = ['initial_price', 'reserve_price', 'buy_now', 'max_bid'];

/** Both kinds of items in one table, money in cents. */
export const items = {
  name: 'items',
  target: 'items',
  key: 'id',
  columns: [...ITEM_COLUMNS, 'closed', ...ITEM_PRICES.map((price) => `${price}_cents`)],
  sources: ['items', 'old_items'].map((table) => ({
    table,
    key: 'id',
    // In an expanded schema `items` holds closed items too, once some are converted: the end tells, not the table.
    select: `SELECT ${[...same(ITEM_COLUMNS), 's.end_date <= NOW()', ...ITEM_PRICES.map(cents)].join(', ')} FROM ${table} s`,
  })),
} satisfies Projection;

/** Bids, money in cents. */
export const bids = {
  name: 'bids',
  target: 'bids',
  key: 'id',
  columns: ['id', 'user', 'item', 'quantity', 'date', 'request_id', 'bid_cents', 'max_bid_cents'],
  sources: [
    {
      table: 'bids',
      key: 'id',
      select: `SELECT ${[
        ...same(['id', 'user', 'item', 'quantity', 'date', 'request_id']),
        ...['bid', 'max_bid'].map(cents),
      ].join(', ')} FROM bids s`,
    },
  ],
} satisfies Projection;

const USER_COLUMNS = [
  ...[
    'id',
    'firstname',
    'lastname',
    'nickname',
    'email',
    'password',
    'creation_date',
    'region',
    'request_id',
  ],
];

/** Users without their rating, balance in cents. */
export const users = {
  name: 'users',
  target: 'users',
  key: 'id',
  columns: [...USER_COLUMNS, 'balance_cents'],
  sources: [
    {
      table: 'users',
      key: 'id',
      select: `SELECT ${[...same(USER_COLUMNS), cents('balance')].join(', ')} FROM users s`,
    },
  ],
} satisfies Projection;

/** Ratings, split from users. */
export const userRatings = {
  name: 'user_ratings',
  target: 'user_ratings',
  key: 'user_id',
  columns: ['user_id', 'rating'],
  sources: [{ table: 'users', key: 'id', select: 'SELECT s.id, s.rating FROM users s' }],
} satisfies Projection;

/** Tables that both releases have alike: only a universe of its own is filled through these. */
const unchanged: readonly Projection[] = [
  copy('categories', ['id', 'name']),
  copy('regions', ['id', 'name']),
  copy('comments', ['id', 'from_user', 'to_user', 'item', 'rating', 'date', 'comment', 'request_id']),
  copy('buy_now', ['id', 'buyer', 'item', 'quantity', 'date', 'request_id']),
  copy('sessions', ['id', 'token', 'user', 'created', 'expires']),
  copy('ids', ['id', 'category', 'region', 'users', 'item', 'comment', 'bid', 'buy_now']),
];

/** Every table of the new release; a table comes after those that its foreign keys name. */
export const projections: readonly Projection[] = [
  ...unchanged.filter(({ name }) => name === 'categories' || name === 'regions'),
  users,
  userRatings,
  items,
  bids,
  ...unchanged.filter(({ name }) => name !== 'categories' && name !== 'regions'),
];

function copy(table: string, columns: readonly string[]): Projection {
  return {
    name: table,
    target: table,
    key: 'id',
    columns,
    sources: [{ table, key: 'id', select: `SELECT ${same(columns).join(', ')} FROM ${table} s` }],
  };
}

function same(columns: readonly string[]): string[] {
  return columns.map((column) => `s.${column}`);
}

/** A FLOAT holds cents exactly enough up to 131072.00; the application's limit is 100000.00. */
function cents(price: string): string {
  return `ROUND(s.${price} * 100)`;
}
