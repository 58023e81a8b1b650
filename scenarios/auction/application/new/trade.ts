/** What the new release writes. The row that others compete for is changed first, so that its lock orders them. */
import { type Connections, isDatabaseError, Undo, undoable } from '../shared/pool.ts';
import type { Trade } from '../shared/store.ts';

/** Writes of the new release. */
export function newTrade(pool: Connections): Trade {
  return {
    bid: (bid) =>
      undoable(pool, async ({ run }) => {
        const { affectedRows } = await run(
          `UPDATE items SET nb_of_bids = nb_of_bids + 1, max_bid_cents = GREATEST(max_bid_cents, ?)
          WHERE id = ? AND closed = 0 AND end_date > NOW()`,
          [bid.bidCents, bid.item],
        );
        if (affectedRows === 0) throw new Undo(false);
        await run(
          `INSERT INTO bids (user, item, quantity, bid_cents, max_bid_cents, date, request_id)
          VALUES (?, ?, ?, ?, ?, NOW(), ?)`,
          [bid.user, bid.item, bid.quantity, bid.bidCents, bid.maxBidCents, bid.requestId],
        );
        return true;
      }),
    buyNow: ({ user, item, quantity, requestId }) =>
      undoable(pool, async ({ rows, run }) => {
        const [row] = await rows(
          `SELECT quantity FROM items
          WHERE id = ? AND buy_now_cents > 0 AND closed = 0 AND end_date > NOW() FOR UPDATE`,
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
        // The user's own row first, as a host of the old release would take it: neither waits for the other in turn.
        const [user] = await rows('SELECT id FROM users WHERE id = ? FOR UPDATE', [to]);
        const [about] = await rows('SELECT id FROM items WHERE id = ?', [item]);
        if (user === undefined || about === undefined) throw new Undo(false);
        await run('UPDATE user_ratings SET rating = rating + ? WHERE user_id = ?', [rating, to]);
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
          `INSERT INTO items (name, description, initial_price_cents, offered, quantity, reserve_price_cents, buy_now_cents,
            nb_of_bids, max_bid_cents, start_date, end_date, closed, seller, category, request_id)
          VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, NOW(), NOW() + INTERVAL ? DAY, 0, ?, ?, ?)`,
          [
            ...[item.name, item.description, item.initialPriceCents, item.quantity, item.quantity],
            ...[item.reservePriceCents, item.buyNowCents, item.durationDays],
            ...[item.seller, item.category, item.requestId],
          ],
        );
        return insertId;
      }),
    register: async (user) => {
      try {
        return await pool.transaction(async ({ run }) => {
          const { insertId } = await run(
            `INSERT INTO users (firstname, lastname, nickname, email, password, balance_cents, creation_date, region, request_id)
            VALUES (?, ?, ?, ?, ?, 0, NOW(), ?, ?)`,
            [
              ...[user.firstname, user.lastname, user.nickname, user.email, user.passwordHash],
              ...[user.region, user.requestId],
            ],
          );
          // The row may be there already: while the schema is expanded, a trigger makes it.
          await run(
            'INSERT INTO user_ratings (user_id, rating) VALUES (?, 0) ON DUPLICATE KEY UPDATE user_id = user_id',
            [insertId],
          );
          return insertId;
        });
      } catch (error) {
        if (isDatabaseError(error, 'ER_DUP_ENTRY')) return 'taken';
        if (isDatabaseError(error, 'ER_NO_REFERENCED_ROW_2')) return 'no-such-region';
        throw error;
      }
    },
  };
}
