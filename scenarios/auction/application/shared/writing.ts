/** Handlers that write. The page that names the request id is made only after the commit. */
import { NICKNAME, REQUEST_ID } from './fields.ts';
import { priceText } from './money.ts';
import { storedPage } from './pages/form-pages.ts';
import { badRequest, conflict, notFound } from './refusal.ts';
import { type Handler, openSession, sessionUser } from './site.ts';

const MOST_QUANTITY = 1000;
const RATINGS = [-5, -3, 0, 3, 5];

/** StoreBid. */
export const storeBid: Handler = async (visit) => {
  const { site, fields } = visit;
  const requestId = fields.matching('request_id', REQUEST_ID);
  const bidCents = fields.price('bid', 1);
  const bid = {
    item: fields.id('item'),
    bidCents,
    maxBidCents: fields.price('max_bid', bidCents),
    quantity: fields.integer('quantity', 1, MOST_QUANTITY),
    user: await sessionUser(visit),
    requestId,
  };
  if (!(await site.store.bid(bid))) throw notFound(`item ${bid.item} on sale`);
  const data = { id: bid.item, 'request-id': requestId, price: priceText(bidCents) };
  return { page: storedPage('StoreBid', 'Your bid is placed', data) };
};

/** StoreBuyNow. */
export const storeBuyNow: Handler = async (visit) => {
  const { site, fields } = visit;
  const requestId = fields.matching('request_id', REQUEST_ID);
  const purchase = {
    item: fields.id('item'),
    quantity: fields.integer('quantity', 1, MOST_QUANTITY),
    user: await sessionUser(visit),
    requestId,
  };
  const outcome = await site.store.buyNow(purchase);
  if (outcome === 'not-on-sale') throw notFound(`item ${purchase.item} to buy at once`);
  if (outcome === 'sold-out') throw conflict(`Not enough of item ${purchase.item} is left.`);
  const data = { id: purchase.item, 'request-id': requestId };
  return { page: storedPage('StoreBuyNow', 'You bought it', data) };
};

/** StoreComment. */
export const storeComment: Handler = async (visit) => {
  const { site, fields } = visit;
  const requestId = fields.matching('request_id', REQUEST_ID);
  const rating = fields.integer('rating', -5, 5);
  if (!RATINGS.includes(rating)) throw badRequest(`Field rating must be one of ${RATINGS.join(', ')}.`);
  const comment = {
    to: fields.id('to_user'),
    item: fields.id('item'),
    rating,
    text: fields.text('comment', 2048),
    from: await sessionUser(visit),
    requestId,
  };
  if (!(await site.store.comment(comment))) throw notFound(`user ${comment.to} or item ${comment.item}`);
  const data = { id: comment.to, 'request-id': requestId };
  return { page: storedPage('StoreComment', 'Your comment is stored', data) };
};

/** RegisterItem. */
export const registerItem: Handler = async (visit) => {
  const { site, fields } = visit;
  const requestId = fields.matching('request_id', REQUEST_ID);
  const item = {
    name: fields.text('name', 100),
    description: fields.text('description', 7168),
    initialPriceCents: fields.price('initial_price', 1),
    reservePriceCents: fields.price('reserve_price', 0),
    buyNowCents: fields.price('buy_now', 0),
    quantity: fields.integer('quantity', 1, MOST_QUANTITY),
    durationDays: fields.integer('duration_days', 1, 7),
    category: fields.id('category'),
    seller: await sessionUser(visit),
    requestId,
  };
  const id = await site.store.sell(item);
  if (id === undefined) throw notFound(`category ${item.category}`);
  return { page: storedPage('RegisterItem', 'Your item is on sale', { id, 'request-id': requestId }) };
};

/** RegisterUser. */
export const registerUser: Handler = async ({ site, fields }) => {
  const requestId = fields.matching('request_id', REQUEST_ID);
  const user = {
    firstname: fields.text('firstname', 40),
    lastname: fields.text('lastname', 40),
    nickname: fields.matching('nickname', NICKNAME),
    email: fields.text('email', 100),
    passwordHash: site.digest(fields.text('password', 100)),
    region: fields.id('region'),
    requestId,
  };
  const id = await site.store.register(user);
  if (id === 'taken') throw conflict(`The nickname ${user.nickname} is taken.`);
  if (id === 'no-such-region') throw notFound(`region ${user.region}`);
  const data = { id, 'request-id': requestId };
  return { page: storedPage('RegisterUser', 'Welcome', data), cookie: await openSession(site, id) };
};
