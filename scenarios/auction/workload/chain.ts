/**
 * The clients' Markov chain: which interaction follows which. Plain data and pure functions, without
 * imports, so that both k6 and Node.js can load it.
 *
 * `FLOWS` says, for one hundred interactions of the long run, how many go from a state to another. As much
 * flows out of each state as into it, so the long-run share of a state is the sum of its row, and these sums
 * are the shares measured from the published transition table of RUBiS's bidding mix (which add up to 100.4,
 * being rounded). The chain is our own; only the shares are taken over. Forms come before what they store,
 * and the form that asks for the password before the form that needs it.
 */

/** One kind of request. The names are those of the pages' `data-page` markers. */
export type Interaction =
  | 'Home'
  | 'Register'
  | 'RegisterUser'
  | 'Browse'
  | 'BrowseCategories'
  | 'SearchItemsInCategory'
  | 'BrowseRegions'
  | 'BrowseCategoriesInRegion'
  | 'SearchItemsInRegion'
  | 'ViewItem'
  | 'ViewUserInfo'
  | 'ViewBidHistory'
  | 'BuyNowAuth'
  | 'BuyNow'
  | 'StoreBuyNow'
  | 'PutBidAuth'
  | 'PutBid'
  | 'StoreBid'
  | 'PutComment'
  | 'StoreComment'
  | 'Sell'
  | 'SelectCategory'
  | 'SellItemForm'
  | 'RegisterItem'
  | 'AboutMeForm'
  | 'AboutMe';

/** Flow from each state to its successors, per cent of all interactions. A session begins at Home. */
export const FLOWS: Readonly<Record<Interaction, Readonly<Partial<Record<Interaction, number>>>>> = {
  Home: { Browse: 1.65, Register: 0.25, AboutMeForm: 0.3 },
  Register: { RegisterUser: 0.25 },
  RegisterUser: { Browse: 0.15, Home: 0.05, Sell: 0.05 },
  Browse: { BrowseCategories: 5.3, BrowseRegions: 2.2 },
  BrowseCategories: { SearchItemsInCategory: 5.3 },
  SearchItemsInCategory: {
    ViewItem: 9.0,
    SearchItemsInCategory: 6.7,
    Browse: 0.8,
    Home: 0.3,
    ViewUserInfo: 0.2,
  },
  BrowseRegions: { BrowseCategoriesInRegion: 2.1, Home: 0.1 },
  BrowseCategoriesInRegion: { SearchItemsInRegion: 2.1 },
  SearchItemsInRegion: { ViewItem: 3.5, SearchItemsInRegion: 2.8, Browse: 0.4, ViewUserInfo: 0.2 },
  ViewItem: {
    SearchItemsInCategory: 5.0,
    PutBidAuth: 3.7,
    SearchItemsInRegion: 2.0,
    BuyNowAuth: 1.7,
    ViewUserInfo: 1.4,
    ViewBidHistory: 1.1,
    Browse: 1.0,
    Home: 0.6,
  },
  ViewUserInfo: {
    AboutMeForm: 0.7,
    ViewItem: 1.0,
    PutComment: 0.7,
    ViewUserInfo: 0.7,
    PutBidAuth: 0.6,
    Browse: 0.5,
    Home: 0.1,
  },
  ViewBidHistory: { ViewItem: 0.9, PutBidAuth: 0.9, Browse: 0.3, ViewUserInfo: 0.3 },
  BuyNowAuth: { BuyNow: 1.6, ViewUserInfo: 0.1 },
  BuyNow: { StoreBuyNow: 1.6 },
  StoreBuyNow: { Browse: 0.6, AboutMe: 0.5, AboutMeForm: 0.3, Home: 0.2 },
  PutBidAuth: { PutBid: 6.0, Browse: 0.1 },
  PutBid: { StoreBid: 5.6, ViewItem: 1.0, ViewBidHistory: 0.9 },
  StoreBid: {
    PutBid: 1.5,
    Browse: 1.3,
    ViewUserInfo: 0.8,
    AboutMe: 0.6,
    AboutMeForm: 0.4,
    Home: 0.4,
    ViewBidHistory: 0.4,
    ViewItem: 0.2,
  },
  PutComment: { StoreComment: 0.7 },
  StoreComment: { ViewUserInfo: 0.3, Browse: 0.2, AboutMe: 0.2 },
  Sell: { SelectCategory: 0.7 },
  SelectCategory: { SellItemForm: 0.7 },
  SellItemForm: { RegisterItem: 0.7 },
  RegisterItem: { Browse: 0.3, AboutMeForm: 0.2, Home: 0.1, AboutMe: 0.1 },
  AboutMeForm: { AboutMe: 1.9 },
  AboutMe: { ViewItem: 0.9, PutBidAuth: 0.9, Sell: 0.65, Home: 0.35, ViewUserInfo: 0.3, Browse: 0.2 },
};

/** All states, in the order of the table. */
export const INTERACTIONS = Object.keys(FLOWS) as Interaction[];

/** Sum of a state's outgoing flow: its long-run share, per cent up to the rounding of the table. */
export function flowOf(state: Interaction): number {
  return Object.values(FLOWS[state]).reduce((sum, flow) => sum + flow, 0);
}

/**
 * The state after `state`.
 * @param draw uniform in [0, 1)
 */
export function nextInteraction(state: Interaction, draw: number): Interaction {
  return pickByFlow(Object.entries(FLOWS[state]) as [Interaction, number][], draw);
}

/** States that need the session (or the form) of a state before them, and states that only lead to such. */
const NEEDS_SESSION: readonly Interaction[] = [
  'StoreBuyNow',
  'StoreBid',
  'StoreComment',
  'Sell',
  'SelectCategory',
  'SellItemForm',
  'RegisterItem',
];

/**
 * The state in which a client is met at the start of the load. All clients starting at Home would move
 * through the chain abreast for minutes; so each is met at a state drawn from the long-run shares, those
 * left out that need a session.
 * @param draw uniform in [0, 1)
 */
export function firstInteraction(draw: number): Interaction {
  const free = INTERACTIONS.filter((state) => !NEEDS_SESSION.includes(state));
  return pickByFlow(
    free.map((state) => [state, flowOf(state)]),
    draw,
  );
}

function pickByFlow(choices: readonly (readonly [Interaction, number])[], draw: number): Interaction {
  let left = draw * choices.reduce((sum, [, flow]) => sum + flow, 0);
  for (const [state, flow] of choices) {
    left -= flow;
    if (left < 0) return state;
  }
  // Rounding may leave a remainder of a few units in the last place: it belongs to the last choice.
  const last = choices[choices.length - 1];
  if (last === undefined) throw new Error('choose the next interaction: no choices');
  return last[0];
}
