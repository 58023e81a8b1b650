/** Sessions, credentials and the small tables that both releases have alike. */
import type { Connections } from './pool.ts';
import { type Catalogue, type Comment, LIST_ROWS, type Place, type Sessions } from './store.ts';

/** Sessions in the database, so that any host can go on with them. */
export function sessionStore(pool: Connections, lifetimeMinutes: number): Sessions {
  return {
    credentials: async (nickname) => {
      const [row] = await pool.rows('SELECT id, password FROM users WHERE nickname = ?', [nickname]);
      return row && { id: row.id, passwordHash: row.password };
    },
    open: async (token, user) => {
      await pool.run(
        'INSERT INTO sessions (token, user, created, expires) VALUES (?, ?, NOW(), NOW() + INTERVAL ? MINUTE)',
        [token, user, lifetimeMinutes],
      );
    },
    userOf: async (token) => {
      const [row] = await pool.rows('SELECT user FROM sessions WHERE token = ? AND expires > NOW()', [token]);
      return row?.user;
    },
  };
}

/** Categories and regions. */
export function placeStore(
  pool: Connections,
): Pick<Catalogue, 'ping' | 'categories' | 'category' | 'regions' | 'region'> {
  return {
    ping: async () => {
      await pool.rows('SELECT 1');
    },
    categories: async () => (await pool.rows('SELECT id, name FROM categories ORDER BY id')).map(place),
    category: async (id) =>
      (await pool.rows('SELECT id, name FROM categories WHERE id = ?', [id])).map(place)[0],
    regions: async () => (await pool.rows('SELECT id, name FROM regions ORDER BY id')).map(place),
    region: async (id) => (await pool.rows('SELECT id, name FROM regions WHERE id = ?', [id])).map(place)[0],
  };
}

/** What others say of a user, newest first. */
export async function commentsAbout(pool: Connections, user: number): Promise<Comment[]> {
  const rows = await pool.rows(
    `SELECT c.from_user, u.nickname, c.item, c.rating, c.date, c.comment
    FROM comments c JOIN users u ON u.id = c.from_user
    WHERE c.to_user = ? ORDER BY c.id DESC LIMIT ${LIST_ROWS}`,
    [user],
  );
  return rows.map((row) => ({
    from: row.from_user,
    fromNickname: row.nickname,
    item: row.item,
    rating: row.rating,
    date: row.date,
    text: row.comment,
  }));
}

/** What a user bought at once, newest first. */
export async function purchasesOf(
  pool: Connections,
  user: number,
): Promise<{ item: number; quantity: number; date: string }[]> {
  const rows = await pool.rows(
    `SELECT item, quantity, date FROM buy_now WHERE buyer = ? ORDER BY id DESC LIMIT ${LIST_ROWS}`,
    [user],
  );
  return rows.map((row) => ({ item: row.item, quantity: row.quantity, date: row.date }));
}

/** Row counts of the tables. */
export async function countRows(
  pool: Connections,
  tables: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await pool.rows(`SELECT COUNT(*) AS count FROM ${table}`);
    counts[table] = row?.count;
  }
  return counts;
}

function place(row: Readonly<Record<string, unknown>>): Place {
  return { id: Number(row.id), name: String(row.name) };
}
