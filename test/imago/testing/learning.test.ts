import { expect } from 'chai';
import { readDocument } from '../../../harness/imago/testing/document.ts';
import { LearnedPlaces, withoutVolatile } from '../../../harness/imago/testing/learned-places.ts';
import { type Authority, makeAuthority } from '../../../harness/provision/certificates.ts';
import { startOrigin } from '../origin.ts';
import { judge, page } from './site.ts';

const documentOf = (html: string) =>
  readDocument(
    { status: 200, fields: [['content-type', 'text/html']], body: Buffer.from(html) },
    'shop.test',
    undefined,
  );
const rows = (...cells: string[]) =>
  documentOf(`<table>${cells.map((cell) => `<tr><td>x</td><td>${cell}</td></tr>`).join('')}</table>`);

describe('what differs by itself is learned by place', () => {
  const learnt = (span: 'at-once' | 'later', pairs: readonly (readonly [string, string])[]): string[] => {
    const learned = new LearnedPlaces();
    for (const [first, second] of pairs)
      learned.observe('GET /p', span, documentOf(first), documentOf(second));
    return [...learned.volatile('GET /p')];
  };
  const four = (first: string, second: string) => Array.from({ length: 4 }, () => [first, second] as const);

  it('learns tokens in attributes, clocks in texts, and the order of a list', () => {
    const form = (token: string) =>
      `<form><input name="token" value="${token}"><input name="item" value="1"></form>`;
    expect(learnt('at-once', four(form('a'), form('b')))).to.deep.equal([
      'value html/body/form/input[token]@value',
    ]);
    expect(learnt('later', four('<p>12:00:01</p>', '<p>12:00:02</p>'))).to.deep.equal([
      'value html/body/p#text',
    ]);
    const list = (...items: string[]) => `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
    expect(learnt('at-once', four(list('a', 'b', 'c'), list('c', 'a', 'b')))).to.deep.equal([
      'order html/body/ul',
    ]);
  });

  it('does not learn what clients change now and then, nor rows that come and go', () => {
    const changing = [...four('<p>1</p>', '<p>1</p>'), ...four('<p>1</p>', '<p>2</p>').slice(0, 2)];
    expect(learnt('at-once', changing)).to.deep.equal([]);
    expect(learnt('later', four('<ul><li>1</li></ul>', '<ul><li>1</li><li>2</li></ul>'))).to.deep.equal([]);
    expect(learnt('at-once', four('<p>1</p>', '<p>2</p>').slice(0, 3)), 'too few').to.deep.equal([]);
  });

  it('learns a clock in each row of a list, but not a price that a client changes in one', () => {
    const learned = new LearnedPlaces();
    for (let pair = 0; pair < 4; pair += 1) {
      learned.observe('GET /clocks', 'later', rows('30 s', '47 s', '55 s'), rows('29 s', '46 s', '54 s'));
      learned.observe('GET /prices', 'later', rows('3.00', '4.00', '5.00'), rows('3.00', '4.50', '5.00'));
    }
    expect(learned.all()).to.deep.equal(['GET /clocks value html/body/table/tbody/tr/td:2#text']);
  });

  it('leaves out what was learned and nothing else', () => {
    const volatile = new Set(['value html/body/p:2#text', 'header expires']);
    const one = withoutVolatile(documentOf('<p>a</p><p>1</p>'), volatile);
    expect(one.tree?.text).to.equal(withoutVolatile(documentOf('<p>a</p><p>2</p>'), volatile).tree?.text);
    expect(one.tree?.text).to.not.equal(withoutVolatile(documentOf('<p>b</p><p>1</p>'), volatile).tree?.text);
  });
});

describe('the verdict on universes with tokens and counters', function () {
  this.timeout(20_000);
  let authority: Authority;
  before(async () => {
    authority = await makeAuthority();
  });

  const noisy = async (greeting: string) => {
    let count = 0;
    return await startOrigin(authority, (_, response) => {
      count += 1;
      page(response, `<h1>${greeting}</h1><p>visitor ${count} of ${greeting}</p>`, {
        'content-security-policy': `script-src 'nonce-${count}-${response.socket?.remotePort}'`,
      });
    });
  };
  const verdictOn = async (fresh: string) => {
    const [old, other] = await Promise.all([noisy('Hello'), noisy(fresh)]);
    const asks = Array.from({ length: 6 }, () => ({ target: '/' }));
    try {
      return await judge({ old: old.address, new: other.address }, asks);
    } finally {
      await Promise.all([old.close(), other.close()]);
    }
  };

  it('is silent about them, and still finds another page', async () => {
    const verdict = await verdictOn('Hello');
    expect(verdict, JSON.stringify(verdict)).to.include({ passed: true, mismatched: 0 });
    expect(verdict.learned.places).to.include('GET / value html/body/p#text');
    const another = await verdictOn('Good bye');
    expect(another.passed, JSON.stringify(another)).to.equal(false);
    expect(another.mismatched).to.be.at.least(2);
    expect(another.compared).to.be.at.least(another.mismatched);
    expect(another.mismatches[0]).to.include({ request: 'GET /', kind: 'body' });
    expect(another.mismatches[0]?.detail).to.match(/h1#text: "Hello" became "Good bye"/);
  });
});
