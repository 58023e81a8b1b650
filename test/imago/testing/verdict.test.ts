import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { UpstreamAddress } from '../../../harness/imago/ingress/protocol.ts';
import { type Authority, makeAuthority } from '../../../harness/provision/certificates.ts';
import { type Origin, startOrigin } from '../origin.ts';
import { type Ask, formOf, judge, page } from './site.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A little shop: what a sound universe of either version answers. */
function shop(state: { readonly rows: number[]; price: string }): Handler {
  return async (request, response) => {
    const path = (request.url ?? '').split('?')[0];
    if (request.method === 'POST') {
      const form = await formOf(request);
      const id = state.rows.length + 1;
      state.rows.push(id);
      page(response, `<h1>Stored</h1><p data-id="${id}">${form.get('item')}</p>`);
      return;
    }
    switch (path) {
      case '/admin/':
        response.writeHead(401, { 'www-authenticate': 'Basic realm="Shop"' }).end('who are you?');
        return;
      case '/list':
        page(response, `<table>${state.rows.map((id) => rowOf(id, state.price)).join('')}</table>`);
        return;
      case '/gone':
        response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
        return;
      default:
        page(response, `<h1>Page ${path}</h1><p>Welcome</p>`, { 'x-frame-options': 'DENY' });
    }
  };
}

function rowOf(id: number, price: string): string {
  return `<tr><td><a href="/item?id=${id}">item ${id}</a></td><td>${price}</td></tr>`;
}

describe('the verdict on a new universe', function () {
  this.timeout(20_000);
  let authority: Authority;
  const origins: Origin[] = [];

  before(async () => {
    authority = await makeAuthority();
  });
  afterEach(async () => {
    await Promise.all(origins.splice(0).map((origin) => origin.close()));
  });

  const site = async (handler: Handler): Promise<UpstreamAddress> => {
    const origin = await startOrigin(authority, (request, response) => void handler(request, response));
    origins.push(origin);
    return origin.address;
  };
  const sound = (): Handler => shop({ rows: [1, 2, 3], price: '10.00' });
  const both = async (fresh: Handler): Promise<{ old: UpstreamAddress; new: UpstreamAddress }> => ({
    old: await site(sound()),
    new: await site(fresh),
  });
  const times = (count: number, ...asks: Ask[]): Ask[] => Array.from({ length: count }, () => asks).flat();
  const CLIENTS = times(3, { target: '/' }, { target: '/list' }, { target: '/gone' });

  it('passes a universe that answers alike', async () => {
    const verdict = await judge(await both(sound()), CLIENTS, { comparison: { paths: ['/admin/'] } });
    expect(verdict).to.include({ passed: true, mismatched: 0, agreedLater: 0 });
    expect(verdict.agreed).to.be.at.least(CLIENTS.length);
  });

  const caught = (what: string, fresh: Handler, asks: readonly Ask[], kind: string, detail: RegExp): void => {
    it(`catches ${what}`, async () => {
      const verdict = await judge(await both(fresh), asks, { comparison: { paths: ['/admin/'] } });
      expect(verdict.passed, JSON.stringify(verdict)).to.equal(false);
      expect(verdict.mismatches[0]?.kind).to.equal(kind);
      expect(verdict.mismatches[0]?.detail).to.match(detail);
    });
  };
  const unless = (path: string, otherwise: Handler): Handler => {
    const rest = sound();
    return (request, response) =>
      request.url?.startsWith(path) ? otherwise(request, response) : rest(request, response);
  };

  caught(
    'static pages that are not there',
    unless('/static', (_, response) => void response.writeHead(404).end()),
    times(3, { target: '/static.html' }),
    'status',
    /200 became 404/,
  );
  caught(
    'a protected page that is open, though no client asks for it',
    unless('/admin/', (_, response) => page(response, '<h1>Status</h1>')),
    CLIENTS,
    'status',
    /401 became 200/,
  );
  caught(
    'a header that is missing',
    unless('/shop', (_, response) => page(response, '<h1>Page /shop</h1><p>Welcome</p>')),
    times(3, { target: '/shop' }),
    'header',
    /x-frame-options: "DENY" became none/,
  );
  caught(
    'rows that are missing',
    shop({ rows: [1, 3], price: '10.00' }),
    times(3, { target: '/list' }),
    'body',
    /without .*item 2/,
  );
  caught(
    'a value that is wrong',
    shop({ rows: [1, 2, 3], price: '9.99' }),
    times(3, { target: '/list' }),
    'body',
    /"10.00" became "9.99"/,
  );
  caught(
    'a page that is another one',
    unless('/shop', (_, response) =>
      page(response, '<h1>Sorry</h1><p>Welcome</p>', { 'x-frame-options': 'DENY' }),
    ),
    times(3, { target: '/shop' }),
    'body',
    /"Page \/shop" became "Sorry"/,
  );
  caught(
    'writes that fail',
    unless('/store', (_, response) => void response.writeHead(500).end()),
    times(3, { target: '/store', form: { item: '1' } }),
    'status',
    /200 became 500/,
  );
  caught(
    'writes that are answered with another page',
    unless('/store', (_, response) => page(response, '<h1>Something else</h1>')),
    times(4, { target: '/store', form: { item: '1' } }),
    'body',
    /without .*Stored|h1#text=Stored/,
  );

  it('catches a universe that answers nothing', async () => {
    const old = await site(sound());
    const dead = { ...(await site(sound())), port: 1 };
    const verdict = await judge({ old, new: dead }, CLIENTS);
    expect(verdict.passed).to.equal(false);
    expect(verdict.mismatches[0]).to.include({ kind: 'no-answer', askedAgain: 3 });
  });

  it('catches a certificate for another name', async () => {
    const old = await site(sound());
    const other = await startOrigin(authority, (request, response) => void sound()(request, response), {
      commonName: 'other.test',
      alternativeNames: ['other.test'],
    });
    origins.push(other);
    const verdict = await judge({ old, new: other.address }, CLIENTS);
    expect(verdict.passed).to.equal(false);
    expect(verdict.mismatches[0]?.detail).to.match(/other\.test/);
  });

  /** Answers each target by `first` once, and by `then` from then on: what was on its way has arrived. */
  const afterFirst = (first: Handler, then: Handler): Handler => {
    const asked = new Set<string | undefined>();
    return (request, response) => {
      const isFirst = !asked.has(request.url);
      asked.add(request.url);
      return (isFirst ? first : then)(request, response);
    };
  };

  it('does not take lag for a fault', async () => {
    const behind = shop({ rows: [1, 2], price: '9.00' });
    const asks = [1, 2, 3].map((number) => ({ target: `/list?of=${number}` }));
    const verdict = await judge(await both(afterFirst(behind, sound())), asks);
    expect(verdict).to.include({ passed: true, mismatched: 0, agreedLater: 3 });
  });

  it('does not take a session that is on its way for a fault', async () => {
    const refusing: Handler = (_, response) => void response.writeHead(401).end('log in');
    const asks = [1, 2, 3].map((number) => ({
      ...{ target: `/store?by=${number}`, form: { item: '1' }, cookie: 'session=a' },
    }));
    const verdict = await judge(await both(afterFirst(refusing, sound())), asks);
    expect(verdict).to.include({ passed: true, mismatched: 0, agreedLater: 3 });
  });

  it('knows what the new release declares, and misses it where it is not so', async () => {
    const declared = {
      differences: [
        {
          ...({ kind: 'header', name: 'Referrer-Policy', old: null, new: 'same-origin' } as const),
          ...{ routes: ['*'], reason: 'protection' },
        },
        {
          ...({ kind: 'value', place: 'html/body/h1#text', old: 'Page', new: 'Leaf' } as const),
          ...{ routes: ['GET /a*'], reason: 'renamed' },
        },
      ],
    };
    const renamed: Handler = (request, response) =>
      page(response, `<h1>Leaf ${request.url}</h1><p>Welcome</p>`, {
        ...{ 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' },
      });
    const as = times(3, { target: '/about' });
    expect(await judge(await both(renamed), as, { comparison: declared })).to.include({ passed: true });
    const unchanged = await judge(await both(sound()), as, { comparison: declared });
    expect(unchanged.passed, JSON.stringify(unchanged)).to.equal(false);
    expect(unchanged.mismatched).to.be.at.least(2);
    expect(unchanged.mismatches[0]).to.include({ request: 'GET /about', kind: 'header' });
    expect(unchanged.mismatches[0]?.detail).to.match(/referrer-policy: "same-origin" became none/);
    const elsewhere = await judge(await both(renamed), times(3, { target: '/b' }), { comparison: declared });
    expect(elsewhere.mismatches[0]?.detail).to.match(/"Page \/b" became "Leaf \/b"/);
  });

  it('does not take what test writes leave behind for a fault, and still sees other faults beside', async () => {
    const comparison = { footprints: [{ write: 'POST /store', touches: ['/list?of=@@form:item@@'] }] };
    // The new universe keeps a row that the old one never had.
    const keeps = (rows: number[]): Handler => shop({ rows, price: '10.00' });
    const forgets: Handler = async (request, response) => {
      if (request.method === 'POST') page(response, '<h1>Stored</h1><p data-id="9">1</p>');
      else await keeps([1, 2, 3])(request, response);
    };
    const asks = [
      { target: '/store', form: { item: '7' } },
      ...times(3, { target: '/list?of=7&page=1' }, { target: '/' }),
    ];
    const sites = { old: await site(forgets), new: await site(keeps([1, 2, 3])) };
    expect(await judge(sites, asks, { comparison })).to.deep.include({
      passed: true,
      excused: { 'test-write': 3 },
    });
    const another = [...asks, ...times(3, { target: '/list?of=8' })];
    const beside = await judge(sites, another, { comparison });
    expect(beside.passed, JSON.stringify(beside)).to.equal(false);
    expect(beside.mismatched).to.be.at.least(2);
    for (const { request, kind, detail } of beside.mismatches) {
      expect({ request, kind }).to.deep.equal({ request: 'GET /list?of=8', kind: 'body' });
      expect(detail).to.match(/has also .*item 4/);
    }
  });

  it('says that too little was compared, and that nothing was', async () => {
    const sites = await both(sound());
    const few = await judge(sites, CLIENTS, { minimumCompared: 50, timeoutMs: 300, comparedFirst: 9 });
    expect(few).to.include({ passed: false });
    expect(few.reason).to.match(/9 of at least 50 live requests were compared within 300 ms/);
  });

  it('takes nothing that it asked of its own accord for what clients ask', async () => {
    const verdict = await judge(await both(sound()), [], {
      ...{ comparison: { paths: ['/admin/', '/', '/gone'] }, minimumCompared: 1, timeoutMs: 300 },
      comparedFirst: 0,
    });
    expect(verdict.agreed).to.be.at.least(3);
    expect(verdict.reason).to.match(/^0 of at least 1 live requests were compared/);
    expect(verdict.passed).to.equal(false);
  });

  it('sends no more than its limits and counts the rest', async () => {
    const { old, new: fresh } = await both(sound());
    const verdict = await judge({ old, new: fresh }, times(40, { target: '/' }), {
      // One at once, and another only after more than a minute.
      limits: { requestsPerSecond: 0.01 },
      minimumCompared: 1,
    });
    expect(verdict.dropped.rate).to.be.at.least(30);
    expect(verdict.compared).to.equal(1);
  });

  it('sends a universe that answers slowly no more than it can answer soon', async () => {
    const asks = Array.from({ length: 40 }, (_, number) => ({ target: `/?client=${number}` }));
    let answerAll = (): void => {};
    const everybodyAsked = new Promise<void>((resolve) => {
      answerAll = resolve;
    });
    const targets = new Set<string | undefined>();
    const counting: Handler = (request, response) => {
      targets.add(request.url);
      if (targets.size === asks.length) answerAll();
      return sound()(request, response);
    };
    const slow: Handler = async (request, response) => {
      await everybodyAsked;
      await sound()(request, response);
    };
    const verdict = await judge({ old: await site(counting), new: await site(slow) }, asks, {
      limits: { maxAtOnce: 2 },
      minimumCompared: 1,
    });
    expect(verdict.passed, JSON.stringify(verdict)).to.equal(true);
    expect(verdict.dropped['new-universe-busy']).to.be.at.least(30);
    expect(verdict.compared).to.be.at.most(10);
  });

  it('begins nothing more once enough was compared and what differed is asked again', async () => {
    const late = { rows: [1, 2, 3], price: '9.00' };
    const meanwhile = times(20, { target: '/' });
    let pages = 0;
    const counting: Handler = (request, response) => {
      if (request.url === '/') pages += 1;
      // The new universe follows once clients have asked for all of it.
      if (pages === 1 + meanwhile.length) late.price = '10.00';
      return sound()(request, response);
    };
    const sites = { old: await site(counting), new: await site(shop(late)) };
    const verdict = await judge(sites, [{ target: '/list' }, { target: '/' }], {
      ...{ minimumCompared: 1, meanwhile },
      limits: { pausesMs: [1_000, 1_000, 1_000], oldReadsPerSecond: 0.1 },
    });
    expect(verdict).to.include({ passed: true, agreedLater: 1 });
    // The first of them may come before enough was compared.
    const dropped = verdict.dropped['enough-compared'] ?? 0;
    expect(dropped).to.be.at.least(1);
    expect(verdict.compared).to.equal(2 + meanwhile.length - dropped);
  });

  it('fails no universe for what the old one does not answer', async () => {
    const failing: Handler = (_, response) => void response.writeHead(503).end();
    const sites = { old: await site(failing), new: await site(sound()) };
    const verdict = await judge(sites, CLIENTS, { minimumCompared: 1, timeoutMs: 300 });
    expect(verdict).to.include({ passed: false, compared: 0, mismatched: 0 });
    expect(verdict.dropped['old-failed']).to.equal(CLIENTS.length);
  });
});
