/** What one client remembers between its requests. */
import type { Draws } from './prng.ts';

/** What the system is known to hold before the first client comes. Ids start at 1. */
export interface Ranges {
  readonly users: number;
  /** Closed auctions, ids 1 to this. */
  readonly closedItems: number;
  /** Items on sale, ids following the closed ones. */
  readonly itemsOnSale: number;
  readonly categories: number;
  readonly regions: number;
}

/** Who a client is logged in as, or would log in as. */
export interface User {
  readonly id: number;
  readonly nickname: string;
  readonly password: string;
}

/** One client. Its fields change as it walks through the site. */
export interface Client {
  /** Beginning of its request ids and nicknames: unique within a trial. */
  readonly prefix: string;
  readonly draws: Draws;
  readonly ranges: Ranges;
  /** Writes asked for so far. */
  serial: number;
  user: User;
  item: number;
  /** Price last seen on a bid form. */
  priceCents: number;
  category: number;
  region: number;
  page: number;
  /** Whether the last list was full, so that there may be a next page. */
  listFull: boolean;
  otherUser: number;
}

/** Rows of a full page of a list. */
export const LIST_ROWS = 20;

/** A client that has just arrived. `number` tells the clients of a trial apart. */
export function newClient(seed: number, number: number, draws: Draws, ranges: Ranges): Client {
  const client: Client = {
    prefix: `r${(seed >>> 0).toString(36)}-${number}`,
    draws,
    ranges,
    serial: 0,
    user: seedUser(draws, ranges),
    item: 0,
    priceCents: 0,
    category: draws.between(1, ranges.categories),
    region: draws.between(1, ranges.regions),
    page: 1,
    listFull: false,
    otherUser: draws.between(1, ranges.users),
  };
  client.item = itemOnSale(client);
  return client;
}

/** Somebody else at the same place: a new session begins. */
export function newSession(client: Client): void {
  client.user = seedUser(client.draws, client.ranges);
  client.item = itemOnSale(client);
}

/**
 * An item on sale. Uniform: at the default scale and 150 requests a second, one row is bid on about once in
 * 80 s, so clients hardly ever wait for each other's row locks and what is measured is the system.
 */
export function itemOnSale(client: Client): number {
  const { closedItems, itemsOnSale } = client.ranges;
  return closedItems + client.draws.between(1, itemsOnSale);
}

/** An item that can be bought at once: on sale and divisible by ten. */
export function itemToBuy(client: Client): number {
  const { closedItems, itemsOnSale } = client.ranges;
  const first = Math.floor(closedItems / 10) + 1;
  return 10 * client.draws.between(first, Math.floor((closedItems + itemsOnSale) / 10));
}

/** An item that was sold in the past. */
export function closedItem(client: Client): number {
  return client.draws.between(1, client.ranges.closedItems);
}

function seedUser(draws: Draws, ranges: Ranges): User {
  const id = draws.between(1, ranges.users);
  return { id, nickname: `user${id}`, password: `password${id}` };
}
