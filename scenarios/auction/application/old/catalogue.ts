/** What the old release reads: items in two tables, money as FLOAT, the rating in users. */
import type { RowDataPacket } from 'mysql2/promise';
import type { Connections } from '../shared/pool.ts';
import { commentsAbout, countRows, placeStore, purchasesOf } from '../shared/session-store.ts';
import { type Catalogue, type Item, LIST_ROWS, type ListedItem, PAGE_ROWS } from '../shared/store.ts';

/** Money is read in cents: as text, a FLOAT has six digits only. */
const LISTED = `i.id, i.name, ROUND(i.initial_price * 100) AS initial_price_cents, ROUND(i.max_bid * 100) AS max_bid_cents,
  i.nb_of_bids, i.end_date`;

/** Reads of the old release. */
export function oldCatalogue(pool: Connections): Catalogue {
  return {
    ...placeStore(pool),
    search: async ({ category, region, page }) => {
      const inRegion = region === undefined ? '' : 'JOIN users u ON u.id = i.seller AND u.region = ?';
      const rows = await pool.rows(
        `SELECT ${LISTED} FROM items i ${inRegion}
        WHERE i.category = ? AND i.end_date > NOW() ORDER BY i.end_date, i.id
        LIMIT ${PAGE_ROWS} OFFSET ${(page - 1) * PAGE_ROWS}`,
        region === undefined ? [category] : [region, category],
      );
      return rows.map(listed);
    },
    item: async (id) => (await itemFrom(pool, 'items', id)) ?? (await itemFrom(pool, 'old_items', id)),
    user: async (id) => {
      const [row] = await pool.rows(
        `SELECT u.id, u.nickname, u.firstname, u.lastname, u.creation_date, u.rating, r.name AS region
        FROM users u JOIN regions r ON r.id = u.region WHERE u.id = ?`,
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
    bids: async (item) => {
      const rows = await pool.rows(
        `SELECT b.user, u.nickname, ROUND(b.bid * 100) AS bid_cents, b.date FROM bids b JOIN users u ON u.id = b.user
        WHERE b.item = ? ORDER BY b.bid DESC, b.id DESC LIMIT ${LIST_ROWS}`,
        [item],
      );
      return rows.map((row) => ({
        user: row.user,
        nickname: row.nickname,
        bidCents: row.bid_cents,
        date: row.date,
      }));
    },
    affairs: async (user) => {
      const [account] = await pool.rows(
        'SELECT ROUND(balance * 100) AS balance_cents FROM users WHERE id = ?',
        [user],
      );
      const selling = await pool.rows(
        `SELECT ${LISTED} FROM items i WHERE i.seller = ? AND i.end_date > NOW() ORDER BY i.id DESC LIMIT ${LIST_ROWS}`,
        [user],
      );
      const bids = await pool.rows(
        `SELECT item, ROUND(bid * 100) AS bid_cents, date FROM bids WHERE user = ? ORDER BY id DESC LIMIT ${LIST_ROWS}`,
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
    counts: () => countRows(pool, ['users', 'items', 'old_items', 'bids', 'comments', 'buy_now', 'sessions']),
  };
}

async function itemFrom(
  pool: Connections,
  table: 'items' | 'old_items',
  id: number,
): Promise<Item | undefined> {
  const [row] = await pool.rows(
    `SELECT ${LISTED}, i.description, i.quantity, ROUND(i.reserve_price * 100) AS reserve_price_cents,
      ROUND(i.buy_now * 100) AS buy_now_cents, i.start_date, i.seller, i.category,
      i.end_date > NOW() AS on_sale, u.nickname
    FROM ${table} i JOIN users u ON u.id = i.seller WHERE i.id = ?`,
    [id],
  );
  return (
    row && {
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
    }
  );
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
