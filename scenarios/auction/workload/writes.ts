/**
 * The five kinds of write, with the fields by which the ledger finds them again. Prices are whole cents here
 * and `12.34` on the wire.
 */
import type { Client } from './client.ts';
import { type Ask, type Hash, post } from './request.ts';
import { nameOf, textOf } from './texts.ts';

const RATINGS = [-5, -3, 0, 3, 5];
const MAX_PRICE_CENTS = 10_000_000;
const MAX_COMMENT_CHARACTERS = 2_048;
const MAX_DESCRIPTION_CHARACTERS = 7_168;

/** Most request ids: `r`, seed, client, number of the write. */
function nextRequestId(client: Client): string {
  client.serial++;
  return `${client.prefix}-${client.serial}`;
}

export function storeBid(client: Client): Ask {
  const requestId = nextRequestId(client);
  const bidCents = Math.min(client.priceCents + client.draws.between(100, 1_000), MAX_PRICE_CENTS - 1_000);
  const form = {
    item: String(client.item),
    bid: price(bidCents),
    max_bid: price(bidCents + client.draws.between(0, 1_000)),
    quantity: String(client.draws.between(1, 3)),
  };
  return post(
    '/app/bid',
    { ...form, request_id: requestId },
    { page: 'StoreBid', id: client.item, requestId, price: form.bid },
    { kind: 'bid', requestId, fields: { user: client.user.nickname, ...form } },
  );
}

export function storeBuyNow(client: Client): Ask {
  const requestId = nextRequestId(client);
  const form = { item: String(client.item), quantity: String(client.draws.between(1, 2)) };
  return post(
    '/app/buy-now',
    { ...form, request_id: requestId },
    { page: 'StoreBuyNow', id: client.item, requestId },
    { kind: 'buy-now', requestId, fields: { buyer: client.user.nickname, ...form } },
  );
}

export function storeComment(client: Client): Ask {
  const requestId = nextRequestId(client);
  const form = {
    item: String(client.item),
    rating: String(RATINGS[client.draws.between(0, RATINGS.length - 1)]),
    comment: textOf(client.draws, lengthUpTo(client, MAX_COMMENT_CHARACTERS)),
  };
  return post(
    '/app/comment',
    { ...form, to_user: String(client.otherUser), request_id: requestId },
    { page: 'StoreComment', id: client.otherUser, requestId },
    {
      kind: 'comment',
      requestId,
      fields: { ...form, from_user: client.user.nickname, to_user: `user${client.otherUser}` },
    },
  );
}

export function storeItem(client: Client, sha256: Hash): Ask {
  const requestId = nextRequestId(client);
  const { draws } = client;
  const initialCents = draws.between(100, 500_000);
  const form = {
    name: textOf(draws, draws.between(10, 60)),
    initial_price: price(initialCents),
    quantity: String(draws.unit() < 0.8 ? 1 : draws.between(2, 10)),
    reserve_price: price(draws.unit() < 0.4 ? initialCents + draws.between(100, 10_000) : 0),
    buy_now: price(draws.unit() < 0.1 ? initialCents + draws.between(10_000, 50_000) : 0),
    category: String(client.category),
  };
  const description = textOf(draws, lengthUpTo(client, MAX_DESCRIPTION_CHARACTERS));
  return post(
    '/app/item',
    { ...form, description, duration_days: String(draws.between(1, 7)), request_id: requestId },
    { page: 'RegisterItem', requestId },
    {
      kind: 'item',
      requestId,
      fields: { ...form, seller: client.user.nickname, description_sha: sha256(description) },
    },
  );
}

export function storeUser(client: Client): Ask {
  const requestId = nextRequestId(client);
  const { draws } = client;
  const nickname = `n${requestId.slice(1)}`;
  const form = {
    nickname,
    firstname: nameOf(draws),
    lastname: nameOf(draws),
    email: `${nickname}@example.org`,
    region: String(draws.between(1, client.ranges.regions)),
  };
  return post(
    '/app/register',
    { ...form, password: passwordOf(nickname), request_id: requestId },
    { page: 'RegisterUser', requestId },
    { kind: 'user', requestId, fields: form },
  );
}

/** Password of a user that a client registered. */
export function passwordOf(nickname: string): string {
  return `password-of-${nickname}`;
}

function price(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** Short texts are common, long ones rare: the square of a uniform draw. */
function lengthUpTo(client: Client, limit: number): number {
  return Math.max(1, Math.floor(limit * client.draws.unit() ** 2));
}
