/**
 * What the pages need of the database. Each release has a data layer of its own for its schema; money is in cents
 * on this side of it, dates are the database's text.
 */

/** A category or a region. */
export interface Place {
  readonly id: number;
  readonly name: string;
}

/** An item in a list. */
export interface ListedItem {
  readonly id: number;
  readonly name: string;
  readonly initialPriceCents: number;
  /** Highest bid; 0 without bids. */
  readonly maxBidCents: number;
  readonly bids: number;
  readonly endDate: string;
  /** What a comparable item fetched last; where the release knows. */
  readonly lastSaleCents?: number;
}

/** An item in full, on sale or closed. */
export interface Item extends ListedItem {
  readonly description: string;
  readonly quantity: number;
  readonly reservePriceCents: number;
  /** 0: cannot be bought at once. */
  readonly buyNowCents: number;
  readonly startDate: string;
  readonly seller: number;
  readonly sellerNickname: string;
  readonly category: number;
  readonly onSale: boolean;
}

/** What everybody may know of a user. */
export interface User {
  readonly id: number;
  readonly nickname: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly region: string;
  readonly created: string;
  readonly rating: number;
}

/** A comment about a user. */
export interface Comment {
  readonly from: number;
  readonly fromNickname: string;
  readonly item: number;
  readonly rating: number;
  readonly date: string;
  readonly text: string;
}

/** A bid in a history. */
export interface Bid {
  readonly user: number;
  readonly nickname: string;
  readonly bidCents: number;
  readonly date: string;
}

/** What a user has going on. */
export interface Affairs {
  readonly balanceCents: number;
  readonly selling: readonly ListedItem[];
  readonly bids: readonly { readonly item: number; readonly bidCents: number; readonly date: string }[];
  readonly purchases: readonly { readonly item: number; readonly quantity: number; readonly date: string }[];
  readonly comments: readonly Comment[];
}

/** A user's bid. */
export interface NewBid {
  readonly user: number;
  readonly item: number;
  readonly bidCents: number;
  readonly maxBidCents: number;
  readonly quantity: number;
  readonly requestId: string;
}

/** A user's purchase at once. */
export interface NewPurchase {
  readonly user: number;
  readonly item: number;
  readonly quantity: number;
  readonly requestId: string;
}

/** What a user says of another. */
export interface NewComment {
  readonly from: number;
  readonly to: number;
  readonly item: number;
  readonly rating: number;
  readonly text: string;
  readonly requestId: string;
}

/** What a user puts on sale. */
export interface NewItem {
  readonly seller: number;
  readonly name: string;
  readonly description: string;
  readonly initialPriceCents: number;
  readonly reservePriceCents: number;
  readonly buyNowCents: number;
  readonly quantity: number;
  readonly durationDays: number;
  readonly category: number;
  readonly requestId: string;
}

/** Who registers. */
export interface NewUser {
  readonly firstname: string;
  readonly lastname: string;
  readonly nickname: string;
  readonly email: string;
  /** SHA-256, hexadecimal. */
  readonly passwordHash: string;
  readonly region: number;
  readonly requestId: string;
}

/** The page of a list: rows are cut by the store. */
export interface Search {
  readonly category: number;
  readonly region?: number;
  /** From 1. */
  readonly page: number;
}

/** Rows of a page of a list. */
export const PAGE_ROWS = 20;
/** Most rows of a list without pages. */
export const LIST_ROWS = 50;

/** What is read. */
export interface Catalogue {
  readonly ping: () => Promise<void>;
  readonly categories: () => Promise<Place[]>;
  readonly category: (id: number) => Promise<Place | undefined>;
  readonly regions: () => Promise<Place[]>;
  readonly region: (id: number) => Promise<Place | undefined>;
  readonly search: (search: Search) => Promise<ListedItem[]>;
  readonly item: (id: number) => Promise<Item | undefined>;
  readonly user: (id: number) => Promise<User | undefined>;
  readonly comments: (user: number) => Promise<Comment[]>;
  readonly bids: (item: number) => Promise<Bid[]>;
  readonly affairs: (user: number) => Promise<Affairs>;
  /** Row counts by name. */
  readonly counts: () => Promise<Readonly<Record<string, number>>>;
}

/** What is written: each one transaction, complete when it resolves; `false` or undefined: nothing was written. */
export interface Trade {
  /** False: no such item on sale. */
  readonly bid: (bid: NewBid) => Promise<boolean>;
  readonly buyNow: (purchase: NewPurchase) => Promise<'bought' | 'not-on-sale' | 'sold-out'>;
  /** False: no such user or item. */
  readonly comment: (comment: NewComment) => Promise<boolean>;
  /** The item's id; undefined: no such category. */
  readonly sell: (item: NewItem) => Promise<number | undefined>;
  /** The user's id, or why there is none. */
  readonly register: (user: NewUser) => Promise<number | 'taken' | 'no-such-region'>;
}

/** Who is who. */
export interface Sessions {
  readonly credentials: (nickname: string) => Promise<{ id: number; passwordHash: string } | undefined>;
  readonly open: (token: string, user: number) => Promise<void>;
  /** The user of a session that has not expired. */
  readonly userOf: (token: string) => Promise<number | undefined>;
}

/** A release's data layer. */
export interface Store extends Catalogue, Trade, Sessions {
  readonly close: () => Promise<void>;
}
