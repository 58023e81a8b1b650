/**
 * How the auction's acknowledged writes, derived fields and seed rows are read back, in either shape of the schema.
 * Statements are files in `schema/ledger/`.
 *
 * Fields of a write, as text; prices with two decimals, users by nickname:
 * - `bid`: user, item, quantity, bid, max_bid
 * - `comment`: from_user, to_user, item, rating, comment
 * - `buy-now`: buyer, item, quantity
 * - `item`: seller, category, name, description_sha (SHA-256 of the UTF-8 text, lower-case hexadecimal),
 *   initial_price, quantity (as it was offered), reserve_price, buy_now
 * - `user`: nickname, firstname, lastname, email, region (its id)
 */
import { readFileSync } from 'node:fs';
import type { LedgerSpec, PerRelease } from '../../harness/contract/scenario.ts';

const WRITES = perRelease((shape) => [
  { kind: 'bid', statement: statement(`${shape}/write-bid`) },
  { kind: 'comment', statement: statement('both/write-comment') },
  { kind: 'buy-now', statement: statement('both/write-buy-now') },
  { kind: 'item', statement: statement(`${shape}/write-item`) },
  { kind: 'user', statement: statement('both/write-user') },
]);

const DERIVED = perRelease((shape) => [
  { name: 'bids-of-items', statement: statement(`${shape}/derived-bids`) },
  { name: 'stock-of-items', statement: statement('both/derived-stock') },
  { name: 'ratings', statement: statement(`${shape}/derived-rating`) },
  { name: 'references', statement: statement('both/derived-references') },
  { name: 'references-to-items', statement: statement(`${shape}/derived-items`) },
]);

const SEED_ROWS = perRelease((shape) => [
  { name: 'items', statement: statement(`${shape}/seed-items`) },
  { name: 'bids', statement: statement(`${shape}/seed-bids`) },
  { name: 'users', statement: statement(`${shape}/seed-users`) },
  { name: 'comments', statement: statement('both/seed-comments') },
  { name: 'buy-now', statement: statement('both/seed-buy-now') },
  { name: 'places', statement: statement('both/seed-places') },
]);

/** The auction's ledger. In an expanded schema, statements of both shapes work. */
export const ledger: LedgerSpec = {
  shape: statement('shape'),
  readers: 'app',
  writes: (shape) => WRITES[shape],
  derived: (shape) => DERIVED[shape],
  seedRows: (shape) => SEED_ROWS[shape],
};

function statement(file: string): string {
  return readFileSync(new URL(`schema/ledger/${file}.sql`, import.meta.url), 'utf8');
}

function perRelease<T>(read: (shape: 'old' | 'new') => T): PerRelease<T> {
  return { old: read('old'), new: read('new') };
}
