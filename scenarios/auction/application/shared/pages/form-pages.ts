/** Pages with a form, and the pages that answer one. */
import { escapeHtml, form, type Page, table } from '../html.ts';
import { priceText } from '../money.ts';
import type { Item, Place, User } from '../store.ts';
import { currentPrice } from './catalogue-pages.ts';
import { itemFacts } from './detail-pages.ts';

const LOGIN_FIELDS = [
  { name: 'nickname', label: 'Nickname' },
  { name: 'password', label: 'Password', type: 'password' },
];

/** Asks who the client is; `action` is what follows. */
export function loginPage(
  name: string,
  action: string,
  id: number,
  hidden: Readonly<Record<string, number>>,
): Page {
  return {
    status: 200,
    name,
    title: 'Log in',
    data: { id },
    content: form(action, hidden, LOGIN_FIELDS, 'Log in'),
  };
}

/** The form of a bid. */
export function bidForm(item: Item): Page {
  const fields = [
    { name: 'bid', label: 'Your bid' },
    { name: 'max_bid', label: 'Your highest bid' },
    { name: 'quantity', label: 'Quantity', value: '1' },
  ];
  return {
    status: 200,
    name: 'PutBid',
    title: `Bid for ${item.name}`,
    data: { id: item.id, price: priceText(currentPrice(item)) },
    content: `${itemFacts(item)}\n${form('/app/bid', { item: item.id, request_id: '' }, fields, 'Bid')}`,
  };
}

/** The form of a purchase at once. */
export function buyNowForm(item: Item): Page {
  const fields = [{ name: 'quantity', label: 'Quantity', value: '1' }];
  return {
    status: 200,
    name: 'BuyNow',
    title: `Buy ${item.name}`,
    data: { id: item.id, price: priceText(item.buyNowCents) },
    content: `${itemFacts(item)}\n${form('/app/buy-now', { item: item.id, request_id: '' }, fields, 'Buy')}`,
  };
}

/** The form of a comment about a user. */
export function commentForm(user: User, item: number): Page {
  const fields = [
    { name: 'rating', label: 'Rating: -5, -3, 0, 3 or 5', value: '0' },
    { name: 'comment', label: 'Comment' },
  ];
  return {
    status: 200,
    name: 'PutComment',
    title: `Comment on ${user.nickname}`,
    data: { id: user.id },
    content: form('/app/comment', { to_user: user.id, item, request_id: '' }, fields, 'Send'),
  };
}

/** The form of an item to sell. */
export function sellForm(category: Place): Page {
  const names = [
    'name',
    'description',
    'initial_price',
    'quantity',
    'reserve_price',
    'buy_now',
    'duration_days',
  ];
  const fields = names.map((name) => ({ name, label: name.replaceAll('_', ' ') }));
  return {
    status: 200,
    name: 'SellItemForm',
    title: `Sell in ${category.name}`,
    data: { id: category.id },
    content: form('/app/item', { category: category.id, request_id: '' }, fields, 'Put on sale'),
  };
}

/** Says that a write is done; names its request. */
export function storedPage(
  name: string,
  title: string,
  data: { readonly id: number; readonly 'request-id': string; readonly price?: string },
): Page {
  const details = Object.entries(data).map(([key, value]) => [key, escapeHtml(String(value))]);
  return { status: 200, name, title, data, content: table(['', ''], details) };
}

/** Counts for the site's administrator. */
export function statusPage(host: string, counts: Readonly<Record<string, number>>): Page {
  const rows = Object.entries(counts).map(([what, count]) => [escapeHtml(what), String(count)]);
  return {
    status: 200,
    name: 'AdminStatus',
    title: `Status of ${host}`,
    data: { count: rows.length },
    content: table(['What', 'How many'], rows),
  };
}

/** Anything that is not answered as asked. */
export function refusalPage(status: number, name: string, message: string): Page {
  return { status, name, title: 'The Auction', content: `<p>${escapeHtml(message)}</p>` };
}
