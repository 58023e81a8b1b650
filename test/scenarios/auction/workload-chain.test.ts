import { expect } from 'chai';
import {
  FLOWS,
  firstInteraction,
  flowOf,
  INTERACTIONS,
  type Interaction,
  nextInteraction,
} from '../../../scenarios/auction/workload/chain.ts';
import { drawsFor } from '../../../scenarios/auction/workload/prng.ts';

/** Long-run shares of the bidding mix, per cent. */
const TABLE: Record<Interaction, number> = {
  Home: 2.2,
  Register: 0.25,
  RegisterUser: 0.25,
  Browse: 7.5,
  BrowseCategories: 5.3,
  SearchItemsInCategory: 17.0,
  BrowseRegions: 2.2,
  BrowseCategoriesInRegion: 2.1,
  SearchItemsInRegion: 6.9,
  ViewItem: 16.5,
  ViewUserInfo: 4.3,
  ViewBidHistory: 2.4,
  BuyNowAuth: 1.7,
  BuyNow: 1.6,
  StoreBuyNow: 1.6,
  PutBidAuth: 6.1,
  PutBid: 7.5,
  StoreBid: 5.6,
  PutComment: 0.7,
  StoreComment: 0.7,
  Sell: 0.7,
  SelectCategory: 0.7,
  SellItemForm: 0.7,
  RegisterItem: 0.7,
  AboutMeForm: 1.9,
  AboutMe: 3.3,
};

/** Long-run shares by power iteration on the transition matrix, per cent. */
function stationary(): Record<Interaction, number> {
  const shares = new Map(INTERACTIONS.map((state) => [state, 100 / INTERACTIONS.length]));
  for (let round = 0; round < 2000; round++) {
    const next = new Map(INTERACTIONS.map((state) => [state, 0]));
    for (const from of INTERACTIONS)
      for (const [to, flow] of Object.entries(FLOWS[from]) as [Interaction, number][])
        next.set(to, (next.get(to) ?? 0) + ((shares.get(from) ?? 0) * flow) / flowOf(from));
    for (const [state, share] of next) shares.set(state, share);
  }
  return Object.fromEntries(shares) as Record<Interaction, number>;
}

describe('the auction clients walk a Markov chain', () => {
  it('has the long-run shares of the table, by its transition matrix', () => {
    const shares = stationary();
    for (const state of INTERACTIONS) expect(shares[state], state).to.be.closeTo(TABLE[state], 0.1);
    expect(Object.keys(TABLE)).to.have.members(INTERACTIONS);
  });

  it('has them when it is walked, also where failed answers send clients home now and then', () => {
    for (const failureShare of [0, 0.005]) {
      const counts = new Map<Interaction, number>();
      const steps = 400_000;
      const draws = drawsFor(7, 1);
      let state: Interaction = 'Home';
      for (let n = 0; n < steps; n++) {
        counts.set(state, (counts.get(state) ?? 0) + 1);
        state = draws.unit() < failureShare ? 'Home' : nextInteraction(state, draws.unit());
      }
      for (const name of INTERACTIONS)
        expect((100 * (counts.get(name) ?? 0)) / steps, `${name} with ${failureShare} failing`).to.be.closeTo(
          TABLE[name],
          1,
        );
    }
  });

  it('is the same walk for the same seed and client, and another for the next client', () => {
    const walk = (client: number): Interaction[] => {
      const draws = drawsFor(42, client);
      let state = firstInteraction(draws.unit());
      return Array.from({ length: 50 }, () => {
        state = nextInteraction(state, draws.unit());
        return state;
      });
    };
    expect(walk(1)).to.deep.equal(walk(1));
    expect(walk(1)).not.to.deep.equal(walk(2));
  });

  it('never stores without the form before it, nor starts a client where a session is needed', () => {
    const before: Partial<Record<Interaction, Interaction>> = {
      RegisterUser: 'Register',
      StoreBuyNow: 'BuyNow',
      StoreBid: 'PutBid',
      StoreComment: 'PutComment',
      RegisterItem: 'SellItemForm',
    };
    for (const from of INTERACTIONS)
      for (const to of Object.keys(FLOWS[from]) as Interaction[])
        if (before[to] !== undefined) expect(before[to], `${from} -> ${to}`).to.equal(from);
    // Selling needs a session, which only these give.
    for (const from of INTERACTIONS)
      if ('Sell' in FLOWS[from]) expect(from).to.be.oneOf(['AboutMe', 'RegisterUser']);
    const starts = new Set(Array.from({ length: 20_000 }, (_, n) => firstInteraction(n / 20_000)));
    for (const state of ['StoreBid', 'StoreBuyNow', 'StoreComment', 'Sell', 'RegisterItem'])
      expect([...starts]).not.to.include(state);
  });
});
