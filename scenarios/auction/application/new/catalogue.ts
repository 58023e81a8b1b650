/** What the new release reads: all items in one table, money in cents, ratings in a table of their own. */
import type { RowDataPacket } from 'mysql2/promise';
import type { Connections } from '../shared/pool.ts';
import { commentsAbout, countRows, placeStore, purchasesOf } from '../shared/session-store.ts';
import { type Catalogue, type Item, LIST_ROWS, type ListedItem, PAGE_ROWS } from '../shared/store.ts';

const LISTED = 'i.id, i.name, i.initial_price_cents, i.max_bid_cents, i.nb_of_bids, i.end_date';

/** What the last auction of the category that closed before this one began was sold for. */
const LAST_SALE = `(SELECT c.max_bid_cents FROM items c
  WHERE c.category = i.category AND c.closed = 1 AND c.end_date < i.start_date
  ORDER BY c.end_date DESC LIMIT 1)`;

/** Reads of the new release. */
export function newCatalogue(pool: Connections): Catalogue {
  return {
    ...placeStore(pool),
    search: async ({ category, region, page }) => {
      const inRegion = region === undefined ? '' : 'JOIN users u ON u.id = i.seller AND u.region = ?';
      const rows = await pool.rows(
        `SELECT ${LISTED}, ${LAST_SALE} AS last_sale_cents FROM items i ${inRegion}
        WHERE i.category = ? AND i.closed = 0 AND i.end_date > NOW() ORDER BY i.end_date, i.id
        LIMIT ${PAGE_ROWS} OFFSET ${(page - 1) * PAGE_ROWS}`,
        region === undefined ? [category] : [region, category],
      );
      return rows.map((row) => {
        const lastSaleCents: number | null = row.last_sale_cents;
        return { ...listed(row), ...(lastSaleCents === null ? {} : { lastSaleCents }) };
      });
    },
    item: async (id) => {
      const [row] = await pool.rows(
        `SELECT ${LISTED}, i.description, i.quantity, i.reserve_price_cents, i.buy_now_cents, i.start_date, i.seller,
          i.category, i.closed = 0 AND i.end_date > NOW() AS on_sale, u.nickname
        FROM items i JOIN users u ON u.id = i.seller WHERE i.id = ?`,
        [id],
      );
      return row && item(row);
    },
    user: async (id) => {
      const [row] = await pool.rows(
        `SELECT u.id, u.nickname, u.firstname, u.lastname, u.creation_date, k.rating, r.name AS region
        FROM users u JOIN user_ratings k ON k.user_id = u.id JOIN regions r ON r.id = u.region WHERE u.id = ?`,
        [id],
      );
      return (
        row && {
          id: row.id,
          nickname: row.nickname,
          firstname: row.firstname,
          lastname: row.lastname,
          region: row.region,
          created: row.creation_date,
          rating: row.rating,
        }
      );
    },
    comments: (user) => commentsAbout(pool, user),
    bids: async (id) => {
      const rows = await pool.rows(
        `SELECT b.user, u.nickname, b.bid_cents, b.date FROM bids b JOIN users u ON u.id = b.user
        WHERE b.item = ? ORDER BY b.bid_cents DESC, b.id DESC LIMIT ${LIST_ROWS}`,
        [id],
      );
      return rows.map((row) => ({
        user: row.user,
        nickname: row.nickname,
        bidCents: row.bid_cents,
        date: row.date,
      }));
    },
    affairs: async (user) => {
      const [account] = await pool.rows('SELECT balance_cents FROM users WHERE id = ?', [user]);
      const selling = await pool.rows(
        `SELECT ${LISTED} FROM items i WHERE i.seller = ? AND i.closed = 0 ORDER BY i.id DESC LIMIT ${LIST_ROWS}`,
        [user],
      );
      const bids = await pool.rows(
        `SELECT item, bid_cents, date FROM bids WHERE user = ? ORDER BY id DESC LIMIT ${LIST_ROWS}`,
        [user],
      );
      return {
        balanceCents: account?.balance_cents,
        selling: selling.map(listed),
        bids: bids.map((row) => ({ item: row.item, bidCents: row.bid_cents, date: row.date })),
        purchases: await purchasesOf(pool, user),
        comments: await commentsAbout(pool, user),
      };
    },
    counts: () =>
      countRows(pool, ['users', 'user_ratings', 'items', 'bids', 'comments', 'buy_now', 'sessions']),
  };
}

function item(row: RowDataPacket): Item {
  return {
    ...listed(row),
    description: row.description,
    quantity: row.quantity,
    reservePriceCents: row.reserve_price_cents,
    buyNowCents: row.buy_now_cents,
    startDate: row.start_date,
    seller: row.seller,
    sellerNickname: row.nickname,
    category: row.category,
    onSale: row.on_sale === 1,
  };
}

function listed(row: RowDataPacket): ListedItem {
  return {
    id: row.id,
    name: row.name,
    initialPriceCents: row.initial_price_cents,
    maxBidCents: row.max_bid_cents,
    bids: row.nb_of_bids,
    endDate: row.end_date,
  };
}
