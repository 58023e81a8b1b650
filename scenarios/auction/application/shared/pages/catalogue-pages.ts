/** Pages that list things: categories, regions, items, bids. */
import { link, type Page, table } from '../html.ts';
import { priceText } from '../money.ts';
import { type Bid, type ListedItem, PAGE_ROWS, type Place, type Search } from '../store.ts';

/** Categories, each linked to what `href` makes of it. */
export function placesPage(
  name: string,
  title: string,
  places: readonly Place[],
  href: (place: Place) => string,
  data: Page['data'] = {},
): Page {
  return {
    status: 200,
    name,
    title,
    data: { ...data, count: places.length },
    content: table(
      [title],
      places.map((place) => [link(href(place), place.name)]),
    ),
  };
}

/** One page of the items of a category, and of a region where one is asked for. */
export function searchPage(search: Search, category: Place, found: readonly ListedItem[]): Page {
  const { region, page } = search;
  const where = `/app/items?category=${category.id}${region === undefined ? '' : `&region=${region}`}`;
  const turns = [
    ...(page > 1 ? [link(`${where}&page=${page - 1}`, 'Previous page')] : []),
    ...(found.length === PAGE_ROWS ? [link(`${where}&page=${page + 1}`, 'Next page')] : []),
  ];
  return {
    status: 200,
    name: region === undefined ? 'SearchItemsInCategory' : 'SearchItemsInRegion',
    title: `Items in ${category.name}`,
    data: { id: category.id, count: found.length },
    content: `${itemsTable(found)}\n<p>${turns.join(' ')}</p>`,
  };
}

/** Items as rows; what comparable ones fetched, where the release knows. */
export function itemsTable(items: readonly ListedItem[]): string {
  const compares = items.some((item) => item.lastSaleCents !== undefined);
  const header = ['Item', 'Price', 'Bids', 'Ends', '', ...(compares ? ['Last sale in this category'] : [])];
  return table(
    header,
    items.map((item) => [
      link(`/app/item?id=${item.id}`, item.name),
      priceText(currentPrice(item)),
      link(`/app/bids?item=${item.id}`, String(item.bids)),
      item.endDate,
      link(`/app/bid/login?item=${item.id}`, 'Bid now'),
      ...(compares ? [item.lastSaleCents === undefined ? '' : priceText(item.lastSaleCents)] : []),
    ]),
  );
}

/** The highest bid, or the initial price as long as there is none. */
export function currentPrice(item: ListedItem): number {
  return item.bids > 0 ? item.maxBidCents : item.initialPriceCents;
}

/** Who bid what for an item. */
export function bidHistoryPage(item: ListedItem, bids: readonly Bid[]): Page {
  return {
    status: 200,
    name: 'ViewBidHistory',
    title: `Bids for ${item.name}`,
    data: { id: item.id, count: bids.length },
    content: table(
      ['User', 'Bid', 'Date'],
      bids.map((bid) => [link(`/app/user?id=${bid.user}`, bid.nickname), priceText(bid.bidCents), bid.date]),
    ),
  };
}
