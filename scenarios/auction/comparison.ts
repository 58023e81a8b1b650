/** What the new release answers otherwise, on purpose, and where the clients' writes are to be seen. */
import type { Comparison, DeclaredDifference } from '../../harness/contract/difference.ts';
import { CLOSED_PATHS } from './probes.ts';

const STATIC_PAGES = [
  'GET /',
  'GET /browse.html',
  'GET /register.html',
  'GET /sell.html',
  'GET /about_me.html',
];
const SEARCH = ['GET /app/items'];
const EVERYWHERE = ['*'];

/** Protections that the new release's servers add to every answer. */
const PROTECTIONS: readonly (readonly [name: string, value: string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'same-origin'],
  ['Content-Security-Policy', "default-src 'self'"],
  ['Strict-Transport-Security', 'max-age=31536000'],
];

/** Texts of the static pages that name the house and its release. */
const RENAMED: readonly (readonly [place: string, old: string, fresh: string])[] = [
  ['html/head/title#text', 'Auction', 'Auction House'],
  ['html/body@data-release', 'old', 'new'],
  ['html/body/header/a#text', 'Auction', 'Auction House'],
  ['html/body/footer#text', 'Auction, release 1', 'Auction House, release 2'],
];

/** What the old release's web server signs its own pages with: refusals, and pages that are not there. */
const SIGNATURE = ['html/body/hr', 'html/body/address'];

const differences: readonly DeclaredDifference[] = [
  ...SIGNATURE.map(
    (place): DeclaredDifference => ({
      ...{ kind: 'element', routes: EVERYWHERE, place, only: 'old' },
      reason: 'the new release does not say which web server it is',
    }),
  ),
  ...PROTECTIONS.map(
    ([name, value]): DeclaredDifference => ({
      ...{ kind: 'header', routes: EVERYWHERE, name, old: null, new: value },
      reason: 'the new release tells browsers to protect its visitors',
    }),
  ),
  ...RENAMED.map(
    ([place, old, fresh]): DeclaredDifference => ({
      ...{ kind: 'value', routes: STATIC_PAGES, place, old, new: fresh },
      reason: 'the auction is called Auction House from its second release on',
    }),
  ),
  {
    kind: 'column',
    routes: SEARCH,
    heading: 'Last sale in this category',
    reason: 'the new release shows what the last comparable auction fetched',
  },
];

/** What both releases' answers are compared with. */
export const comparison: Comparison = {
  differences,
  footprints: [
    {
      write: 'POST /app/bid',
      touches: ['/app/item?id=@@form:item@@', '/app/bids?item=@@form:item@@'],
    },
    { write: 'POST /app/buy-now', touches: ['/app/item?id=@@form:item@@'] },
    { write: 'POST /app/comment', touches: ['/app/user?id=@@form:to_user@@'] },
    {
      write: 'POST /app/item',
      touches: ['/app/item?id=@@body:data-id@@', '/app/bids?item=@@body:data-id@@'],
      lists: ['/app/items?category=@@form:category@@'],
    },
    { write: 'POST /app/register', touches: ['/app/user?id=@@body:data-id@@'] },
  ],
  paths: CLOSED_PATHS,
};
