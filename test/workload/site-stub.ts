/** A tiny site on 127.0.0.1 that answers the auction's requests as told, for tests of the load generator. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the stub treats a request. */
export type Treatment = 'serve' | 'status-500' | 'wrong-page' | 'hang' | 'stall-body' | 'reset' | 'redirect';

export interface SiteStub {
  readonly url: string;
  /** Paths asked, with their form. */
  readonly asked: { path: string; form: Record<string, string>; cookie: string }[];
  readonly close: () => Promise<void>;
}

/** Static pages of the auction. */
const STATIC: Record<string, string> = {
  '/': 'Home',
  '/browse.html': 'Browse',
  '/register.html': 'Register',
  '/sell.html': 'Sell',
  '/about_me.html': 'AboutMeForm',
};

export async function startSiteStub(treatmentOf: (path: string) => Treatment): Promise<SiteStub> {
  const asked: SiteStub['asked'] = [];
  const server = createServer((request, response) => {
    void formOf(request).then((form) => {
      const path = request.url ?? '/';
      asked.push({ path, form, cookie: request.headers.cookie ?? '' });
      treat(treatmentOf(path), request, response, pageOf(path, form));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function treat(treatment: Treatment, request: IncomingMessage, response: ServerResponse, page: string): void {
  switch (treatment) {
    case 'serve':
      response.writeHead(200, {
        'content-type': 'text/html',
        'set-cookie': 'auction_session=s1; Path=/; HttpOnly; Secure',
      });
      response.end(page);
      return;
    case 'status-500':
      response.writeHead(500).end(page);
      return;
    case 'redirect':
      response.writeHead(302, { location: '/' }).end();
      return;
    case 'wrong-page':
      response.writeHead(200).end('<body data-page="SomethingElse">');
      return;
    case 'hang':
      return;
    case 'stall-body':
      response.writeHead(200, { 'content-length': '100000' });
      response.write(page);
      return;
    case 'reset':
      request.socket.resetAndDestroy();
  }
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  return Object.fromEntries(new URLSearchParams(text));
}

/** The page that a sound site would give. */
function pageOf(path: string, form: Record<string, string>): string {
  const url = new URL(path, 'http://site');
  const fixed = STATIC[url.pathname];
  const page =
    fixed ??
    PAGES[
      `${url.pathname}${url.searchParams.has('region') && url.pathname === '/app/items' ? '+region' : ''}`
    ] ??
    postPage(url.pathname, form);
  const id =
    url.searchParams.get('id') ??
    url.searchParams.get('item') ??
    url.searchParams.get('category') ??
    url.searchParams.get('region') ??
    form.to_user ??
    form.user ??
    form.item ??
    /\d+/.exec(form.nickname ?? '')?.[0] ??
    '1';
  const count = { BrowseCategories: '20', BrowseRegions: '62' }[page] ?? '20';
  return `<!doctype html><body class="x" data-page="${page}" data-id="${id}" data-count="${count}" data-price="${form.bid ?? '12.50'}" data-request-id="${form.request_id ?? ''}"><p>ü</p></body>`;
}

const PAGES: Record<string, string> = {
  '/app/categories': 'BrowseCategories',
  '/app/items': 'SearchItemsInCategory',
  '/app/items+region': 'SearchItemsInRegion',
  '/app/regions': 'BrowseRegions',
  '/app/regions/categories': 'BrowseCategoriesInRegion',
  '/app/item': 'ViewItem',
  '/app/user': 'ViewUserInfo',
  '/app/bids': 'ViewBidHistory',
  '/app/buy-now/login': 'BuyNowAuth',
  '/app/buy-now/form': 'BuyNow',
  '/app/buy-now': 'StoreBuyNow',
  '/app/bid/login': 'PutBidAuth',
  '/app/bid/form': 'PutBid',
  '/app/bid': 'StoreBid',
  '/app/comment/form': 'PutComment',
  '/app/comment': 'StoreComment',
  '/app/sell/categories': 'SelectCategory',
  '/app/sell': 'SellItemForm',
  '/app/register': 'RegisterUser',
  '/app/about-me': 'AboutMe',
};

function postPage(path: string, form: Record<string, string>): string {
  // POST /app/item registers, GET /app/item?id views: only the former carries a form.
  return form.request_id === undefined ? path : 'RegisterItem';
}
