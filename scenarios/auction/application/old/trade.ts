/** What the old release writes. The row that others compete for is changed first, so that its lock orders them. */
import { type Connections, isDatabaseError, Undo, undoable } from '../shared/pool.ts';
import type { Trade } from '../shared/store.ts';

/** Writes of the old release. */
export function oldTrade(pool: Connections): Trade {
  return {
    bid: (bid) =>
      undoable(pool, async ({ run }) => {
        const price = bid.bidCents / 100;
        const { affectedRows } = await run(
          `UPDATE items SET nb_of_bids = nb_of_bids + 1, max_bid = GREATEST(max_bid, ?)
          WHERE id = ? AND end_date > NOW()`,
          [price, bid.item],
        );
        if (affectedRows === 0) throw new Undo(false);
        await run(
          `INSERT INTO bids (user, item, quantity, bid, max_bid, date, request_id) VALUES (?, ?, ?, ?, ?, NOW(), ?)`,
          [bid.user, bid.item, bid.quantity, price, bid.maxBidCents / 100, bid.requestId],
        );
        return true;
      }),
    buyNow: ({ user, item, quantity, requestId }) =>
      undoable(pool, async ({ rows, run }) => {
        const [row] = await rows(
          'SELECT quantity FROM items WHERE id = ? AND buy_now > 0 AND end_date > NOW() FOR UPDATE',
          [item],
        );
        if (row === undefined) throw new Undo('not-on-sale' as const);
        if (row.quantity < quantity) throw new Undo('sold-out' as const);
        await run('UPDATE items SET quantity = quantity - ? WHERE id = ?', [quantity, item]);
        await run(
          'INSERT INTO buy_now (buyer, item, quantity, date, request_id) VALUES (?, ?, ?, NOW(), ?)',
          [...[user, item, quantity, requestId]],
        );
        return 'bought' as const;
      }),
    comment: ({ from, to, item, rating, text, requestId }) =>
      undoable(pool, async ({ rows, run }) => {
        const { affectedRows } = await run('UPDATE users SET rating = rating + ? WHERE id = ?', [rating, to]);
        const found = await rows(
          'SELECT id FROM items WHERE id = ? UNION SELECT id FROM old_items WHERE id = ?',
          [...[item, item]],
        );
        if (affectedRows === 0 || found.length === 0) throw new Undo(false);
        await run(
          `INSERT INTO comments (from_user, to_user, item, rating, date, comment, request_id)
          VALUES (?, ?, ?, ?, NOW(), ?, ?)`,
          [from, to, item, rating, text, requestId],
        );
        return true;
      }),
    sell: (item) =>
      pool.transaction(async ({ rows, run }) => {
        const [category] = await rows('SELECT id FROM categories WHERE id = ?', [item.category]);
        if (category === undefined) return undefined;
        const { insertId } = await run(
          `INSERT INTO items (name, description, initial_price, offered, quantity, reserve_price, buy_now, nb_of_bids, max_bid,
            start_date, end_date, seller, category, request_id)
          VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, NOW(), NOW() + INTERVAL ? DAY, ?, ?, ?)`,
          [
            ...[item.name, item.description, item.initialPriceCents / 100, item.quantity, item.quantity],
            ...[item.reservePriceCents / 100, item.buyNowCents / 100, item.durationDays],
            ...[item.seller, item.category, item.requestId],
          ],
        );
        return insertId;
      }),
    register: async (user) => {
      try {
        const { insertId } = await pool.run(
          `INSERT INTO users (firstname, lastname, nickname, email, password, rating, balance, creation_date, region, request_id)
          VALUES (?, ?, ?, ?, ?, 0, 0, NOW(), ?, ?)`,
          [
            ...[user.firstname, user.lastname, user.nickname, user.email, user.passwordHash],
            ...[user.region, user.requestId],
          ],
        );
        return insertId;
      } catch (error) {
        if (isDatabaseError(error, 'ER_DUP_ENTRY')) return 'taken';
        if (isDatabaseError(error, 'ER_NO_REFERENCED_ROW_2')) return 'no-such-region';
        throw error;
      }
    },
  };
}
