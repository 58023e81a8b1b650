import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { fields } from '../../../scenarios/auction/application/shared/fields.ts';
import { escapeHtml } from '../../../scenarios/auction/application/shared/html.ts';
import { parsePrice, priceText } from '../../../scenarios/auction/application/shared/money.ts';
import type { Item, NewBid } from '../../../scenarios/auction/application/shared/store.ts';
import { bodyTag, cookieOf, digest, type RunningSite, startSite } from './application-site.ts';

const item: Item = {
  ...{
    id: 10_010,
    name: 'A <b>lot</b>',
    description: '"x" & <script>',
    initialPriceCents: 100,
    maxBidCents: 1234,
    bids: 2,
  },
  ...{
    quantity: 3,
    reservePriceCents: 0,
    buyNowCents: 200,
    startDate: '2024-01-01 00:00:00',
    endDate: '2099-01-01 00:00:00',
  },
  ...{ seller: 7, sellerNickname: 'user7', category: 3, onSale: true },
};

describe('the auction’s application', () => {
  let site: RunningSite | undefined;
  afterEach(async () => {
    await site?.close();
    site = undefined;
  });

  it('names page, thing and price in the body, and release and host in headers', async () => {
    site = await startSite({ item: async () => item }, { release: 'new' });
    const answer = await site.get('/app/item?id=10010');
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('x-auction-release')).to.equal('new');
    expect(answer.headers.get('x-auction-host')).to.equal('app1');
    expect(await bodyTag(answer)).to.equal('<body data-page="ViewItem" data-id="10010" data-price="12.34">');
  });

  it('escapes what users typed', async () => {
    site = await startSite({ item: async () => item });
    const html = await (await site.get('/app/item?id=10010')).text();
    expect(html).to.include('A &lt;b&gt;lot&lt;/b&gt;').and.to.include('&quot;x&quot; &amp; &lt;script&gt;');
    expect(html).not.to.include('<script>').and.not.to.include('<b>lot');
  });

  it('refuses what is missing, malformed, unknown or too long, each with its page', async () => {
    site = await startSite({ item: async () => undefined });
    const refused = async (answer: Promise<Response>) => [(await answer).status, await bodyTag(await answer)];
    expect(await refused(site.get('/app/item'))).to.deep.equal([400, '<body data-page="BadRequest">']);
    expect(await refused(site.get('/app/item?id=1x'))).to.deep.equal([400, '<body data-page="BadRequest">']);
    expect(await refused(site.get('/app/item?id=5'))).to.deep.equal([404, '<body data-page="NotFound">']);
    expect(await refused(site.get('/app/nothing'))).to.deep.equal([404, '<body data-page="NotFound">']);
    const long = site.post('/app/item', { description: 'x'.repeat(200_000) });
    expect(await refused(long)).to.deep.equal([413, '<body data-page="BadRequest">']);
  });

  it('shows a failure as 500 without its reason', async () => {
    site = await startSite({
      item: async () => {
        throw new Error('Table secret_table is gone');
      },
    });
    const answer = await site.get('/app/item?id=5');
    const html = await answer.text();
    expect(answer.status).to.equal(500);
    expect(html).to.include('<body data-page="Error">');
    expect(html).not.to.match(/secret_table|\bat \S+:\d+/);
  });

  it('is healthy only while the database answers', async () => {
    let isUp = true;
    site = await startSite({
      ping: async () => {
        if (!isUp) throw new Error('gone');
      },
    });
    expect(await (await site.get('/healthz')).text()).to.equal('ok\n');
    isUp = false;
    expect((await site.get('/healthz')).status).to.equal(503);
  });

  describe('with sessions', () => {
    const opened = new Map<string, number>();
    const bids: NewBid[] = [];
    const store = {
      item: async () => item,
      credentials: async (nickname: string) =>
        nickname === 'user7' ? { id: 7, passwordHash: digest('password7') } : undefined,
      open: async (token: string, user: number) => void opened.set(token, user),
      userOf: async (token: string) => opened.get(token),
      bid: async (bid: NewBid) => {
        if (bid.item === 13) throw new Error('commit failed');
        bids.push(bid);
        return true;
      },
    };
    const login = { item: '10010', nickname: 'user7', password: 'password7' };
    const bid = { item: '10010', bid: '20.50', max_bid: '21.00', quantity: '1', request_id: 'r-1' };

    it('stores a bid of the session’s user and names the request', async () => {
      site = await startSite(store);
      const form = await site.post('/app/bid/form', login);
      expect(await bodyTag(form.clone())).to.equal(
        '<body data-page="PutBid" data-id="10010" data-price="12.34">',
      );
      const answer = await site.post('/app/bid', bid, cookieOf(form));
      expect(await bodyTag(answer)).to.equal(
        '<body data-page="StoreBid" data-id="10010" data-request-id="r-1" data-price="20.50">',
      );
      expect(bids.at(-1)).to.deep.equal({
        ...{ user: 7, item: 10_010, bidCents: 2050, maxBidCents: 2100, quantity: 1, requestId: 'r-1' },
      });
    });

    it('does not name the request when the write failed', async () => {
      site = await startSite(store);
      const cookie = cookieOf(await site.post('/app/bid/form', login));
      const answer = await site.post('/app/bid', { ...bid, item: '13' }, cookie);
      expect(answer.status).to.equal(500);
      expect(await answer.text()).not.to.include('r-1');
    });

    it('asks for a login without a session, with a forged one, and with a wrong password', async () => {
      site = await startSite(store);
      const cookie = cookieOf(await site.post('/app/bid/form', login));
      const forged = cookie.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
      const answers = [
        await site.post('/app/bid', bid),
        await site.post('/app/bid', bid, forged),
        await site.post('/app/bid/form', { ...login, password: 'password8' }),
        await site.post('/app/bid/form', { ...login, nickname: 'nobody' }),
      ];
      for (const answer of answers) {
        expect([answer.status, await bodyTag(answer)]).to.deep.equal([
          401,
          '<body data-page="LoginRequired">',
        ]);
      }
    });

    it('goes on with a session of the other release, unless the keys differ', async () => {
      site = await startSite(store, { release: 'old' });
      const cookie = cookieOf(await site.post('/app/bid/form', login));
      await site.close();
      site = await startSite(store, { release: 'new' });
      expect((await site.post('/app/bid', bid, cookie)).status).to.equal(200);
      await site.close();
      site = await startSite(store, { release: 'new', sessionKey: 'another key of 16' });
      expect((await site.post('/app/bid', bid, cookie)).status).to.equal(401);
    });
  });

  describe('reading fields', () => {
    it('turns prices into cents and back', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 100_000_00 }),
          (cents) => parsePrice(priceText(cents)) === cents,
        ),
      );
    });

    it('never takes anything but a price for one', () => {
      for (const text of ['', '-1', '1.234', '1,5', '1e3', ' 1', '0x1', '1.'])
        expect(parsePrice(text), text).to.equal(undefined);
    });

    it('leaves no markup in escaped text', () => {
      fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
    });

    it('counts characters as the database does', () => {
      const read = fields(new URLSearchParams({ comment: '😀'.repeat(2048) }));
      expect(read.text('comment', 2048)).to.have.lengthOf(4096);
      expect(() => read.text('comment', 2047)).to.throw('1 to 2047 characters');
    });
  });
});

describe('the auction’s application, started', function () {
  this.timeout(20_000);
  const PASSWORD = 'hush-hush-password';
  let folder: string;
  const old = () => ({
    listen: { port: 18_080 },
    hostName: 'app1',
    database: {
      ...{ host: '127.0.0.1', port: 3306, user: 'auction_app', password: PASSWORD },
      name: 'auction',
      poolSize: 2,
    },
    sessionKey: PASSWORD,
    dataDirectory: folder,
    digestLibrary: join(folder, 'digest.cjs'),
    seedDevice: '/dev/urandom',
  });
  const renewed = () => ({
    server: { port: 18_081, name: 'app1', debug: false },
    database: {
      ...{ address: '127.0.0.1:3306', account: 'auction_app2', password: PASSWORD },
      schema: 'auction',
      connections: 2,
    },
    session: { key: PASSWORD, lifetimeMinutes: 60 },
    uploads: folder,
    digestLibrary: join(folder, 'digest.cjs'),
    seedDevice: '/dev/urandom',
  });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'upfault-auction-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function refusal(release: 'old' | 'new', content: string | undefined): Promise<string> {
    const file = join(folder, 'app.json');
    if (content === undefined) rmSync(file, { force: true });
    else writeFileSync(file, content);
    const main = join(import.meta.dirname, '../../../scenarios/auction/application', release, 'main.ts');
    const child = spawn(process.execPath, [main, file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    const [code] = await once(child, 'close');
    clearTimeout(timer);
    expect(code, stderr).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.lengthOf(1);
    expect(stderr).not.to.include(PASSWORD);
    return stderr;
  }

  it('refuses the other release’s configuration, in one line and without secrets', async () => {
    expect(await refusal('old', JSON.stringify(renewed()))).to.include('listen');
    expect(await refusal('new', JSON.stringify(old()))).to.include('server');
  });

  it('refuses a file that is absent, cut off, or wrong in one value', async () => {
    expect(await refusal('old', undefined)).to.include('ENOENT');
    expect(await refusal('old', JSON.stringify(old()).slice(0, -1))).to.include('not valid JSON');
    expect(await refusal('old', JSON.stringify({ ...old(), listen: { port: 'x' } }))).to.include(
      'listen.port',
    );
    expect(await refusal('new', JSON.stringify({ ...renewed(), debug: true }))).to.include('debug');
  });

  it('refuses to start without its directory', async () => {
    const missing = join(folder, 'nowhere');
    expect(await refusal('new', JSON.stringify({ ...renewed(), uploads: missing }))).to.include(
      `uploads: ${missing}`,
    );
  });

  it('refuses to start without its native library, or without a device to draw random bytes from', async () => {
    expect(await refusal('new', JSON.stringify(renewed()))).to.include('digestLibrary: Cannot find module');
    writeFileSync(join(folder, 'digest.cjs'), 'exports.digest = () => "";');
    const seedDevice = join(folder, 'nowhere');
    expect(await refusal('old', JSON.stringify({ ...old(), seedDevice }))).to.include('seedDevice: ENOENT');
    expect(await refusal('new', JSON.stringify({ ...renewed(), seedDevice: '/dev/null' }))).to.include(
      'gave 0 of 16 bytes',
    );
  });
});
