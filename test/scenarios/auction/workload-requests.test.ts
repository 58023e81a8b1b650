import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Exchange } from '../../../harness/contract/exchange.ts';
import {
  firstInteraction,
  type Interaction,
  nextInteraction,
} from '../../../scenarios/auction/workload/chain.ts';
import { newClient } from '../../../scenarios/auction/workload/client.ts';
import { judge, learn } from '../../../scenarios/auction/workload/judgement.ts';
import { drawsFor } from '../../../scenarios/auction/workload/prng.ts';
import { provocations } from '../../../scenarios/auction/workload/provocations.ts';
import type { Ask } from '../../../scenarios/auction/workload/request.ts';
import { requestFor } from '../../../scenarios/auction/workload/requests.ts';
import { smoke } from '../../../scenarios/auction/workload/smoke.ts';

const RANGES = { users: 20_000, closedItems: 10_000, itemsOnSale: 660, categories: 20, regions: 62 };
const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** What a client of a sound site asks, with the interaction it was for. */
function walk(seed: number, number: number, steps: number): { interaction: Interaction; ask: Ask }[] {
  const draws = drawsFor(seed, number);
  const client = newClient(seed, number, draws, RANGES);
  let interaction = firstInteraction(draws.unit());
  return Array.from({ length: steps }, () => {
    const ask = requestFor(interaction, client, sha256);
    const step = { interaction, ask };
    learn(client, ask, { id: '30001', count: String(draws.between(0, 20)), price: '4999.99' });
    interaction = nextInteraction(interaction, draws.unit());
    return step;
  });
}

describe('the auction clients ask for what a sound site can answer', () => {
  const asks = Array.from({ length: 40 }, (_, number) => walk(3, number, 2000)).flat();
  const of = (interaction: Interaction) =>
    asks.filter((step) => step.interaction === interaction).map(({ ask }) => ask);

  it('bids on items on sale, buys those that can be bought at once, and looks at closed ones too', () => {
    const isOnSale = (id: number) => id > 10_000 && id <= 10_660;
    for (const { form } of [...of('PutBid'), ...of('StoreBid')])
      expect(isOnSale(Number(form.item))).to.equal(true);
    for (const { form } of [...of('BuyNow'), ...of('StoreBuyNow')]) {
      expect(isOnSale(Number(form.item))).to.equal(true);
      expect(Number(form.item) % 10).to.equal(0);
    }
    const viewed = of('ViewItem').map(({ expected }) => Number(expected.id));
    expect(viewed.some((id) => id <= 10_000)).to.equal(true);
    expect(Math.min(...viewed)).to.be.at.least(1);
  });

  it('gives every write an id of its own that the site accepts', () => {
    const ids = asks.flatMap(({ ask }) => (ask.write === undefined ? [] : [ask.write.requestId]));
    expect(ids.length).to.be.greaterThan(5000);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(/^[A-Za-z0-9._-]{1,40}$/);
    for (const { ask } of asks)
      expect(ask.write?.requestId).to.equal(ask.form.request_id).and.to.equal(ask.expected.requestId);
  });

  it('keeps every field within the limits of the site, and out of the ledger delimiters', () => {
    const price = /^(\d{1,5}|100000)\.\d\d$/;
    for (const { form } of of('StoreBid')) {
      expect(form.bid).to.match(price);
      expect(form.max_bid).to.match(price);
      expect(Number(form.max_bid)).to.be.at.least(Number(form.bid));
    }
    for (const { form, write } of of('RegisterItem')) {
      for (const name of ['initial_price', 'reserve_price', 'buy_now']) expect(form[name]).to.match(price);
      expect(form.name?.length).to.be.within(1, 100);
      expect(form.description?.length).to.be.within(1, 7168);
      expect(write?.fields.description_sha).to.equal(sha256(form.description ?? ''));
    }
    for (const { form } of of('StoreComment')) {
      expect(form.comment?.length).to.be.within(1, 2048);
      expect(form.rating).to.be.oneOf(['-5', '-3', '0', '3', '5']);
    }
    for (const { form } of of('RegisterUser')) expect(form.nickname).to.match(/^[A-Za-z0-9_-]{1,40}$/);
    for (const { ask } of asks)
      for (const value of Object.values(ask.write?.fields ?? {}))
        expect(value).to.match(/^[^\t\n\\\s]([^\t\n\\]*[^\t\n\\\s])?$/);
  });

  it('writes a share of its texts outside ASCII', () => {
    const comments = of('StoreComment').map(({ form }) => form.comment ?? '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
    const foreign = comments.filter((text) => /[^\x00-\x7f]/.test(text)).length / comments.length;
    expect(foreign).to.be.within(0.2, 0.5);
  });

  it('names every write of the ledger with the fields that the scenario reads back', () => {
    const fields = new Map(
      asks.flatMap(({ ask: { write } }) => (write ? [[write.kind, Object.keys(write.fields)]] : [])),
    );
    expect(Object.fromEntries([...fields].map(([kind, names]) => [kind, [...names].sort()]))).to.deep.equal({
      bid: ['bid', 'item', 'max_bid', 'quantity', 'user'],
      'buy-now': ['buyer', 'item', 'quantity'],
      comment: ['comment', 'from_user', 'item', 'rating', 'to_user'],
      item: [
        'buy_now',
        'category',
        'description_sha',
        'initial_price',
        'name',
        'quantity',
        'reserve_price',
        'seller',
      ],
      user: ['email', 'firstname', 'lastname', 'nickname', 'region'],
    });
  });
});

describe('an answer is judged by its status and by what the page says of itself', () => {
  const expected = { page: 'StoreBid', id: '7', requestId: 'r1' };
  const page = (attributes: string) => `<html><body class="a" ${attributes}>text</body></html>`;
  const right = page('data-page="StoreBid" data-id="7" data-request-id="r1" data-price="1.00"');

  it('is ok only with the right status, page, and identity', () => {
    const outcome = (status: number, body: string) =>
      judge({ status, errorCode: status >= 400 ? 1000 + status : 0, body }, expected).outcome;
    expect(outcome(200, right)).to.equal('ok');
    expect(outcome(200, right.replace('"7"', '"8"'))).to.equal('wrong-content');
    expect(outcome(200, right.replace('"r1"', '"r12"'))).to.equal('wrong-content');
    expect(outcome(200, right.replace('StoreBid', 'PutBid'))).to.equal('wrong-content');
    expect(outcome(200, '')).to.equal('wrong-content');
    // The right words in the text of another page are not the page.
    expect(
      outcome(200, `<body data-page="Error">data-page="StoreBid" data-id="7" data-request-id="r1"`),
    ).to.equal('wrong-content');
    expect(outcome(201, right)).to.equal('error-status');
    expect(outcome(500, right)).to.equal('error-status');
  });

  it('needs the price on a bid form and the count on a list, which clients go on with', () => {
    const judged = (name: string, attributes: string) =>
      judge({ status: 200, errorCode: 0, body: page(attributes) }, { page: name }).outcome;
    expect(judged('PutBid', 'data-page="PutBid" data-price="12.50"')).to.equal('ok');
    expect(judged('PutBid', 'data-page="PutBid" data-price="NaN"')).to.equal('wrong-content');
    expect(judged('SearchItemsInCategory', 'data-page="SearchItemsInCategory"')).to.equal('wrong-content');
  });

  it('never calls anything ok that has an error code or another status', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 599 }),
        fc.integer({ min: 0, max: 1700 }),
        (status, errorCode) => {
          const { outcome } = judge({ status, errorCode, body: right }, expected);
          expect(outcome === 'ok').to.equal(
            status === 200 && (errorCode === 0 || (errorCode >= 1400 && errorCode < 1600)),
          );
        },
      ),
    );
  });
});

describe('the smoke walk and the provocations are complete in themselves', () => {
  const lists: [string, readonly Exchange[]][] = [['smoke', smoke]];
  for (const { name, act } of provocations) {
    if (act.kind === 'exchanges') lists.push([name, act.exchanges]);
    if (act.kind === 'session') lists.push([name, [...act.begin, ...act.resume]]);
    if (act.kind === 'hardship') lists.push([name, act.visit.exchanges]);
    if (act.kind === 'restart' && act.visit !== undefined) lists.push([name, act.visit.exchanges]);
  }

  for (const [name, list] of lists)
    it(`${name} uses only what was captured before`, () => {
      const known = new Set(['unique']);
      for (const exchange of list) {
        const texts = [
          exchange.path,
          ...Object.values(exchange.form ?? {}),
          ...exchange.expect.contains,
        ].join(' ');
        for (const [, used] of texts.matchAll(/@@([a-z-]+)@@/g)) expect([...known]).to.include(used);
        for (const captured of Object.keys(exchange.capture ?? {})) known.add(captured);
      }
    });

  it('writes with ids that no client of the load has', () => {
    const ids = lists.flatMap(([, list]) => list.flatMap(({ form }) => form?.request_id ?? []));
    expect(ids.length).to.be.at.least(20);
    for (const id of ids) expect(id).to.match(/^(smoke|provoked)-@@unique@@/);
  });

  it('posts a description of the greatest length', () => {
    const large = provocations.find(({ name }) => name === 'large-description');
    const description =
      large?.act.kind === 'exchanges'
        ? large.act.exchanges.find(({ form }) => form?.description)?.form?.description
        : '';
    expect(description).to.have.length(7168);
    expect(description).to.equal(description?.trim());
  });
});
