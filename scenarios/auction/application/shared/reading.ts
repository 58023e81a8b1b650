/** Handlers that only read. */
import { bidHistoryPage, placesPage, searchPage } from './pages/catalogue-pages.ts';
import { aboutMePage, itemPage, userPage } from './pages/detail-pages.ts';
import { bidForm, buyNowForm, commentForm, loginPage, sellForm, statusPage } from './pages/form-pages.ts';
import { notFound } from './refusal.ts';
import { type Answer, type Handler, logIn, type Site, type Visit } from './site.ts';
import type { Item, Place, User } from './store.ts';

const MOST_PAGES = 10_000;

/** BrowseCategories. */
export const browseCategories: Handler = async ({ site }) => ({
  page: placesPage(
    'BrowseCategories',
    'Categories',
    await site.store.categories(),
    ({ id }) => `/app/items?category=${id}`,
  ),
});

/** SelectCategory: for an item to sell. */
export const selectCategory: Handler = async ({ site }) => ({
  page: placesPage(
    'SelectCategory',
    'Category to sell in',
    await site.store.categories(),
    ({ id }) => `/app/sell?category=${id}`,
  ),
});

/** BrowseRegions. */
export const browseRegions: Handler = async ({ site }) => ({
  page: placesPage(
    'BrowseRegions',
    'Regions',
    await site.store.regions(),
    ({ id }) => `/app/regions/categories?region=${id}`,
  ),
});

/** BrowseCategoriesInRegion. */
export const browseCategoriesInRegion: Handler = async ({ site, fields }) => {
  const region = fields.id('region');
  const place = await site.store.region(region);
  if (place === undefined) throw notFound(`region ${region}`);
  const categories = await site.store.categories();
  const href = ({ id }: Place): string => `/app/items?category=${id}&region=${region}`;
  return {
    page: placesPage('BrowseCategoriesInRegion', `Categories in ${place.name}`, categories, href, {
      id: region,
    }),
  };
};

/** SearchItemsInCategory, SearchItemsInRegion. */
export const search: Handler = async ({ site, fields }) => {
  const region = fields.optionalId('region');
  const page = fields.has('page') ? fields.integer('page', 1, MOST_PAGES) : 1;
  const category = await categoryOf(site, fields.id('category'));
  if (region !== undefined && (await site.store.region(region)) === undefined)
    throw notFound(`region ${region}`);
  const query = { category: category.id, page, ...(region === undefined ? {} : { region }) };
  return { page: searchPage(query, category, await site.store.search(query)) };
};

/** ViewItem. */
export const viewItem: Handler = async ({ site, fields }) => ({
  page: itemPage(await itemOf(site, fields.id('id'))),
});

/** ViewUserInfo. */
export const viewUser: Handler = async ({ site, fields }) => {
  const user = await userOf(site, fields.id('id'));
  return { page: userPage(user, await site.store.comments(user.id)) };
};

/** ViewBidHistory. */
export const viewBids: Handler = async ({ site, fields }) => {
  const item = await itemOf(site, fields.id('item'));
  return { page: bidHistoryPage(item, await site.store.bids(item.id)) };
};

/** PutBidAuth. */
export const bidLogin: Handler = async ({ site, fields }) => {
  const { id } = await itemOf(site, fields.id('item'));
  return { page: loginPage('PutBidAuth', '/app/bid/form', id, { item: id }) };
};

/** BuyNowAuth. */
export const buyNowLogin: Handler = async ({ site, fields }) => {
  const { id } = await itemOf(site, fields.id('item'));
  return { page: loginPage('BuyNowAuth', '/app/buy-now/form', id, { item: id }) };
};

/** PutCommentAuth. */
export const commentLogin: Handler = async ({ site, fields }) => {
  const user = await userOf(site, fields.id('user'));
  const item = await itemOf(site, fields.id('item'));
  return {
    page: loginPage('PutCommentAuth', '/app/comment/form', user.id, { user: user.id, item: item.id }),
  };
};

/** PutBid. */
export const putBid: Handler = async (visit) => {
  const item = await itemOf(visit.site, visit.fields.id('item'));
  return withLogin(visit, () => bidForm(item));
};

/** BuyNow. */
export const buyNow: Handler = async (visit) => {
  const item = await itemOf(visit.site, visit.fields.id('item'));
  return withLogin(visit, () => buyNowForm(item));
};

/** PutComment. */
export const putComment: Handler = async (visit) => {
  const user = await userOf(visit.site, visit.fields.id('user'));
  const item = await itemOf(visit.site, visit.fields.id('item'));
  return withLogin(visit, () => commentForm(user, item.id));
};

/** SellItemForm. */
export const sellItem: Handler = async ({ site, fields }) => ({
  page: sellForm(await categoryOf(site, fields.id('category'))),
});

/** AboutMe. */
export const aboutMe: Handler = async (visit) => {
  const { user, cookie } = await logIn(visit);
  const { store } = visit.site;
  const page = aboutMePage(await userOf(visit.site, user), await store.affairs(user));
  return { page, ...(cookie === undefined ? {} : { cookie }) };
};

/** AdminStatus. */
export const adminStatus: Handler = async ({ site }) => ({
  page: statusPage(site.hostName, await site.store.counts()),
});

async function withLogin(visit: Visit, page: () => Answer['page']): Promise<Answer> {
  const { cookie } = await logIn(visit);
  return { page: page(), ...(cookie === undefined ? {} : { cookie }) };
}

async function itemOf({ store }: Site, id: number): Promise<Item> {
  const item = await store.item(id);
  if (item === undefined) throw notFound(`item ${id}`);
  return item;
}

async function userOf({ store }: Site, id: number): Promise<User> {
  const user = await store.user(id);
  if (user === undefined) throw notFound(`user ${id}`);
  return user;
}

async function categoryOf({ store }: Site, id: number): Promise<Place> {
  const category = await store.category(id);
  if (category === undefined) throw notFound(`category ${id}`);
  return category;
}
