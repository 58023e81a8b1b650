/** Pages about one item or one user. */
import { escapeHtml, link, type Page, table } from '../html.ts';
import { priceText } from '../money.ts';
import type { Affairs, Comment, Item, User } from '../store.ts';
import { currentPrice, itemsTable } from './catalogue-pages.ts';

/** An item, on sale or closed. */
export function itemPage(item: Item): Page {
  const actions = [
    link(`/app/bid/login?item=${item.id}`, 'Bid now'),
    ...(item.buyNowCents > 0 ? [link(`/app/buy-now/login?item=${item.id}`, 'Buy now')] : []),
  ];
  return {
    status: 200,
    name: 'ViewItem',
    title: item.name,
    data: { id: item.id, price: priceText(currentPrice(item)) },
    content: `${itemFacts(item)}
<p class="description">${escapeHtml(item.description)}</p>
<p>${item.onSale ? actions.join(' ') : 'This auction is closed.'}
${link(`/app/comment?user=${item.seller}&item=${item.id}`, `Leave a comment on ${item.sellerNickname}`)}</p>`,
  };
}

/** The figures of an item. */
export function itemFacts(item: Item): string {
  const rows: [string, string][] = [
    ['Price', priceText(currentPrice(item))],
    ['Initial price', priceText(item.initialPriceCents)],
    ['Reserve', item.reservePriceCents > item.maxBidCents ? 'not met' : 'met or none'],
    ['Buy now', item.buyNowCents > 0 ? priceText(item.buyNowCents) : 'no'],
    ['Quantity', String(item.quantity)],
    ['Bids', link(`/app/bids?item=${item.id}`, String(item.bids))],
    ['Seller', link(`/app/user?id=${item.seller}`, item.sellerNickname)],
    ['Started', item.startDate],
    ['Ends', item.endDate],
  ];
  return table(['', ''], rows);
}

/** A user and what others say of them. */
export function userPage(user: User, comments: readonly Comment[]): Page {
  return {
    status: 200,
    name: 'ViewUserInfo',
    title: `About ${user.nickname}`,
    data: { id: user.id, count: comments.length },
    content: `${userFacts(user)}\n<h2>Comments</h2>\n${commentsTable(comments)}`,
  };
}

/** Everything a user has going on; for that user only. */
export function aboutMePage(user: User, affairs: Affairs): Page {
  return {
    status: 200,
    name: 'AboutMe',
    title: `About me, ${user.nickname}`,
    data: { id: user.id, count: affairs.bids.length },
    content: `${userFacts(user)}
<p>Balance: ${priceText(affairs.balanceCents)}</p>
<h2>Items I sell</h2>
${itemsTable(affairs.selling)}
<h2>My bids</h2>
${table(
  ['Item', 'Bid', 'Date'],
  affairs.bids.map((bid) => [
    link(`/app/item?id=${bid.item}`, String(bid.item)),
    priceText(bid.bidCents),
    bid.date,
  ]),
)}
<h2>What I bought</h2>
${table(
  ['Item', 'Quantity', 'Date'],
  affairs.purchases.map((one) => [
    link(`/app/item?id=${one.item}`, String(one.item)),
    String(one.quantity),
    one.date,
  ]),
)}
<h2>Comments about me</h2>
${commentsTable(affairs.comments)}`,
  };
}

function userFacts(user: User): string {
  return table(
    ['', ''],
    [
      ['Name', escapeHtml(`${user.firstname} ${user.lastname}`)],
      ['Region', escapeHtml(user.region)],
      ['Member since', user.created],
      ['Rating', String(user.rating)],
    ],
  );
}

function commentsTable(comments: readonly Comment[]): string {
  return table(
    ['From', 'Item', 'Rating', 'Date', 'Comment'],
    comments.map((comment) => [
      link(`/app/user?id=${comment.from}`, comment.fromNickname),
      link(`/app/item?id=${comment.item}`, String(comment.item)),
      String(comment.rating),
      comment.date,
      escapeHtml(comment.text),
    ]),
  );
}
