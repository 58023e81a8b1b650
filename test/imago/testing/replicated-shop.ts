/**
 * Two universes of an auction in memory: what clients write in the old one reaches the new one later, by key and
 * in order, and the new one is written by the tester too.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Comparison } from '../../../harness/contract/difference.ts';
import { formOf, page } from './site.ts';

const CATEGORIES = 5;
const ITEMS = 300;

interface Item {
  readonly id: number;
  readonly category: number;
  readonly name: string;
  bids: number;
  priceCents: number;
}
interface Bid {
  readonly id: number;
  readonly item: number;
  readonly user: string;
  readonly cents: number;
}

/** One universe's data. */
export class ShopData {
  readonly items = new Map<number, Item>();
  readonly bids = new Map<number, Bid>();
  readonly sessions = new Map<string, string>();
  /** Told of each changed row; how the old universe's changes reach the new one. */
  onChange: (apply: (other: ShopData) => void) => void = () => {};
  private nextItem = ITEMS + 1;
  private nextBid = 1;

  constructor() {
    for (let id = 1; id <= ITEMS; id += 1)
      this.items.set(id, {
        ...{ id, category: (id % CATEGORIES) + 1, name: `item ${id}`, bids: 0, priceCents: 100 },
      });
  }

  logIn(user: string): string {
    const token = randomUUID();
    this.sessions.set(token, user);
    this.onChange((other) => other.sessions.set(token, user));
    return token;
  }

  bid(user: string, item: Item, cents: number): void {
    const bid = { id: this.nextBid++, item: item.id, user, cents };
    this.bids.set(bid.id, bid);
    item.bids += 1;
    item.priceCents = Math.max(item.priceCents, cents);
    this.onChange((other) => {
      other.bids.set(bid.id, bid);
      other.nextBid = Math.max(other.nextBid, bid.id + 1);
      // As transfer does: the row is read again when it is applied.
      other.items.set(item.id, { ...item });
    });
  }

  sell(category: number, name: string): number {
    const item: Item = { id: this.nextItem++, category, name, bids: 0, priceCents: 100 };
    this.items.set(item.id, item);
    this.onChange((other) => {
      other.items.set(item.id, { ...item });
      other.nextItem = Math.max(other.nextItem, item.id + 1);
    });
    return item.id;
  }
}

/** Lets changes of one universe reach another, in order, each `lagMs()` after it was made or later. */
export function replicate(from: ShopData, to: ShopData, lagMs: () => number): void {
  let last: Promise<void> = Promise.resolve();
  from.onChange = (apply) => {
    const due = new Promise<void>((resolve) => setTimeout(resolve, lagMs()));
    last = Promise.all([last, due]).then(() => apply(to));
  };
}

/** Serves a universe's data. */
export async function serveShop(
  data: ShopData,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shop.invalid');
  const number = (name: string): number => Number(url.searchParams.get(name));
  if (request.method === 'POST') return await store(data, url.pathname, request, response);
  if (url.pathname === '/list') {
    const items = [...data.items.values()].filter(({ category }) => category === number('category'));
    const rows = items.sort((one, other) => other.id - one.id).slice(0, 40);
    return page(response, `<h1>Items</h1>${table(rows.map((item) => rowOf(item)))}`);
  }
  const item = data.items.get(number('id'));
  if (url.pathname !== '/' && item === undefined) {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<p>There is none.</p>');
    return;
  }
  if (item === undefined) return page(response, '<h1>Welcome</h1>');
  const bids = [...data.bids.values()].filter((bid) => bid.item === item.id);
  const rows = bids.map(({ id, user, cents }) => `<tr><td>${id}</td><td>${user}</td><td>${cents}</td></tr>`);
  page(response, `<h1>${item.name}</h1><p>${item.priceCents}</p>${table(rows)}`);
}

async function store(
  data: ShopData,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = await formOf(request);
  const user = data.sessions.get(/sid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  if (path === '/login') {
    const token = data.logIn(form.get('user') ?? '');
    return page(response, '<h1>Hello</h1>', { 'set-cookie': `sid=${token}` });
  }
  const item = data.items.get(Number(form.get('item')));
  if (user === undefined || (path === '/bid' && item === undefined)) {
    response.writeHead(user === undefined ? 401 : 404, { 'content-type': 'text/html' }).end('<p>No.</p>');
    return;
  }
  const id = item?.id ?? data.sell(Number(form.get('category')), form.get('name') ?? '');
  if (item !== undefined) data.bid(user, item, Number(form.get('cents')));
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end(`<html><body data-id="${id}"><h1>Stored</h1></body></html>`);
}

function rowOf({ id, name, bids, priceCents }: Item): string {
  return `<tr><td><a href="/item?id=${id}">${name}</a></td><td>${bids}</td><td>${priceCents}</td></tr>`;
}

function table(rows: readonly string[]): string {
  return rows.length === 0 ? '<p>Nothing here.</p>' : `<table>${rows.join('')}</table>`;
}

/** What the shop declares. */
export const SHOP: Comparison = {
  differences: [],
  footprints: [
    { write: 'POST /bid', touches: ['/item?id=@@form:item@@'] },
    {
      write: 'POST /sell',
      touches: ['/item?id=@@body:data-id@@'],
      lists: ['/list?category=@@form:category@@'],
    },
  ],
  paths: [],
};

/** Highest numbers that clients choose from. */
export const RANGES = { categories: CATEGORIES, items: ITEMS };
