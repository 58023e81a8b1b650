/**
 * What a client sends for each interaction, and what page answers it. Pure but for the client's own memory;
 * loaded by k6 and by Node.js, so it imports nothing but its own folder.
 */
import type { Interaction } from './chain.ts';
import { type Client, closedItem, itemOnSale, itemToBuy, newSession } from './client.ts';
import { type Ask, get, type Hash, post } from './request.ts';
import { storeBid, storeBuyNow, storeComment, storeItem, storeUser } from './writes.ts';

/** Share of the items that clients look at which were sold in the past. */
const CLOSED_SHARE = 0.15;

/**
 * The request for an interaction.
 * @param sha256 lower-case hexadecimal SHA-256 of a text's UTF-8 bytes
 */
export function requestFor(interaction: Interaction, client: Client, sha256: Hash): Ask {
  return REQUESTS[interaction](client, sha256);
}

const REQUESTS: Readonly<Record<Interaction, (client: Client, sha256: Hash) => Ask>> = {
  Home: (client) => {
    newSession(client);
    return get('/', { page: 'Home' });
  },
  Register: () => get('/register.html', { page: 'Register' }),
  RegisterUser: storeUser,
  Browse: () => get('/browse.html', { page: 'Browse' }),
  BrowseCategories: ({ ranges }) =>
    get('/app/categories', { page: 'BrowseCategories', count: String(ranges.categories) }),
  SearchItemsInCategory: (client) => {
    turnPage(client);
    const { category, page } = client;
    return get(`/app/items?category=${category}&page=${page}`, {
      page: 'SearchItemsInCategory',
      id: category,
    });
  },
  BrowseRegions: ({ ranges }) =>
    get('/app/regions', { page: 'BrowseRegions', count: String(ranges.regions) }),
  BrowseCategoriesInRegion: (client) => {
    client.region = client.draws.between(1, client.ranges.regions);
    return get(`/app/regions/categories?region=${client.region}`, {
      page: 'BrowseCategoriesInRegion',
      id: client.region,
    });
  },
  SearchItemsInRegion: (client) => {
    turnPage(client);
    const { category, region, page } = client;
    return get(`/app/items?category=${category}&region=${region}&page=${page}`, {
      page: 'SearchItemsInRegion',
      id: category,
    });
  },
  ViewItem: (client) => {
    client.item = client.draws.unit() < CLOSED_SHARE ? closedItem(client) : itemOnSale(client);
    return get(`/app/item?id=${client.item}`, { page: 'ViewItem', id: client.item });
  },
  ViewUserInfo: (client) => {
    client.otherUser = client.draws.between(1, client.ranges.users);
    return get(`/app/user?id=${client.otherUser}`, { page: 'ViewUserInfo', id: client.otherUser });
  },
  ViewBidHistory: ({ item }) => get(`/app/bids?item=${item}`, { page: 'ViewBidHistory', id: item }),
  BuyNowAuth: (client) => {
    client.item = itemToBuy(client);
    return get(`/app/buy-now/login?item=${client.item}`, { page: 'BuyNowAuth', id: client.item });
  },
  BuyNow: (client) => {
    // A client met here at the start of the load has not chosen yet.
    if (client.item % 10 !== 0 || isClosed(client)) client.item = itemToBuy(client);
    return post(
      '/app/buy-now/form',
      { item: String(client.item), ...login(client) },
      { page: 'BuyNow', id: client.item },
    );
  },
  StoreBuyNow: storeBuyNow,
  PutBidAuth: (client) => {
    if (isClosed(client)) client.item = itemOnSale(client);
    return get(`/app/bid/login?item=${client.item}`, { page: 'PutBidAuth', id: client.item });
  },
  PutBid: (client) =>
    post(
      '/app/bid/form',
      { item: String(client.item), ...login(client) },
      { page: 'PutBid', id: client.item },
    ),
  StoreBid: storeBid,
  PutComment: (client) =>
    post(
      '/app/comment/form',
      { user: String(client.otherUser), item: String(client.item), ...login(client) },
      { page: 'PutComment', id: client.otherUser },
    ),
  StoreComment: storeComment,
  Sell: () => get('/sell.html', { page: 'Sell' }),
  SelectCategory: () => get('/app/sell/categories', { page: 'SelectCategory' }),
  SellItemForm: (client) => {
    client.category = client.draws.between(1, client.ranges.categories);
    return get(`/app/sell?category=${client.category}`, { page: 'SellItemForm', id: client.category });
  },
  RegisterItem: storeItem,
  AboutMeForm: () => get('/about_me.html', { page: 'AboutMeForm' }),
  AboutMe: (client) => post('/app/about-me', login(client), { page: 'AboutMe', id: client.user.id }),
};

function login({ user }: Client): { nickname: string; password: string } {
  return { nickname: user.nickname, password: user.password };
}

function isClosed({ item, ranges }: Client): boolean {
  return item <= ranges.closedItems;
}

/** The next page of a list that was full, else the first page of another category. */
function turnPage(client: Client): void {
  if (client.listFull) {
    client.page++;
  } else {
    client.category = client.draws.between(1, client.ranges.categories);
    client.page = 1;
  }
  client.listFull = false;
}
