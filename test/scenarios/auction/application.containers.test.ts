import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import { bodyTag, cookieOf } from './application-site.ts';
import { type DatabaseHost, startDatabaseHost } from './database-host.ts';

describe('the auction’s application with its database', function () {
  this.timeout(60_000);
  const PASSWORD = 'old-password';
  let database: DatabaseHost;
  let folder: string;
  let application: ChildProcess;
  let base: string;

  before(async () => {
    database = await startDatabaseHost('old');
    await database.run(`CREATE USER auction_app@'%' IDENTIFIED BY '${PASSWORD}';
      GRANT SELECT, INSERT, UPDATE, DELETE ON auction.* TO auction_app@'%';`);
    folder = mkdtempSync(join(tmpdir(), 'upfault-auction-'));
  });
  after(async () => {
    application?.kill('SIGKILL');
    if (folder !== undefined) rmSync(folder, { recursive: true });
    await database?.remove();
  });

  beforeEach(async () => {
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const file = join(folder, 'app.json');
    // The native library is built for the hosts' own Node.js; here the testbed's runs the application.
    const digest = join(folder, 'digest.cjs');
    writeFileSync(
      digest,
      "exports.digest = (text) => require('node:crypto').createHash('sha256').update(text, 'utf8').digest('hex');",
    );
    writeFileSync(
      file,
      JSON.stringify({
        listen: { port },
        hostName: 'app1',
        database: {
          ...{ host: '127.0.0.1', port: database.port, user: 'auction_app' },
          password: PASSWORD,
          name: 'auction',
          poolSize: 4,
        },
        sessionKey: '0123456789abcdef',
        dataDirectory: folder,
        digestLibrary: digest,
        seedDevice: '/dev/urandom',
      }),
    );
    const main = join(import.meta.dirname, '../../../scenarios/auction/application/old/main.ts');
    application = spawn(process.execPath, [main, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(application.stdout as NodeJS.ReadableStream, 'data');
  });
  afterEach(() => application.kill('SIGKILL'));

  const post = (path: string, form: Record<string, string>, cookie = ''): Promise<Response> =>
    fetch(base + path, { method: 'POST', body: new URLSearchParams(form), headers: { cookie } });

  it('serves every page of the catalogue', async () => {
    const pages = {
      '/healthz': undefined,
      '/app/categories': '<body data-page="BrowseCategories" data-count="20">',
      '/app/regions': '<body data-page="BrowseRegions" data-count="62">',
      '/app/regions/categories?region=5':
        '<body data-page="BrowseCategoriesInRegion" data-id="5" data-count="20">',
      '/app/items?category=3': '<body data-page="SearchItemsInCategory" data-id="3" data-count="20">',
      '/app/items?category=3&page=900': '<body data-page="SearchItemsInCategory" data-id="3" data-count="0">',
      '/app/items?category=4&region=20': '<body data-page="SearchItemsInRegion" data-id="4" data-count="1">',
      '/app/item?id=5': '<body data-page="ViewItem" data-id="5" data-price="1529.25">',
      '/app/user?id=77': '<body data-page="ViewUserInfo" data-id="77" data-count="1">',
      '/app/bids?item=10001': '<body data-page="ViewBidHistory" data-id="10001" data-count="19">',
      '/app/buy-now/login?item=10010': '<body data-page="BuyNowAuth" data-id="10010">',
      '/app/sell?category=2': '<body data-page="SellItemForm" data-id="2">',
      '/app/admin/status': '<body data-page="AdminStatus" data-count="7">',
    };
    for (const [path, tag] of Object.entries(pages)) {
      const answer = await fetch(base + path);
      expect(answer.status, path).to.equal(200);
      if (tag !== undefined) expect(await bodyTag(answer), path).to.equal(tag);
    }
  });

  it('sells to nobody what is closed, not for sale at once, or sold out', async () => {
    const form = await post('/app/buy-now/form', { item: '10010', nickname: 'user7', password: 'password7' });
    const cookie = cookieOf(form);
    const buy = async (item: string, quantity: string): Promise<number> =>
      (await post('/app/buy-now', { item, quantity, request_id: `buy-${item}-${quantity}` }, cookie)).status;
    expect(await buy('10010', '2')).to.equal(200);
    expect(await buy('10011', '1')).to.equal(404);
    expect(await buy('10', '1')).to.equal(404);
    await database.run('UPDATE items SET quantity = 1 WHERE id = 10020');
    expect(await buy('10020', '2')).to.equal(409);
    expect(
      await database.rows(`SELECT item, quantity FROM buy_now WHERE request_id LIKE 'buy-%'`),
    ).to.deep.equal([['10010', '2']]);
  });

  it('finishes a write in flight when it is told to stop, and takes no further request', async () => {
    const form = await post('/app/bid/form', { item: '10001', nickname: 'user7', password: 'password7' });
    const lock = await createConnection({
      ...{
        host: '127.0.0.1',
        port: database.port,
        user: 'auction_app',
        password: PASSWORD,
        database: 'auction',
      },
    });
    await lock.query('BEGIN');
    await lock.query('SELECT id FROM items WHERE id = 10001 FOR UPDATE');
    const bid = { item: '10001', bid: '6000.00', max_bid: '6000.00', quantity: '1', request_id: 'last-1' };
    const inFlight = post('/app/bid', bid, cookieOf(form));
    await waits(lock);
    const exit = once(application, 'exit');
    application.kill('SIGTERM');
    await refuses(base);
    await lock.query('ROLLBACK');
    await lock.end();
    const answer = await inFlight;
    expect(await bodyTag(answer)).to.include('data-request-id="last-1"');
    expect((await exit)[0]).to.equal(0);
    expect(await database.rows(`SELECT bid FROM bids WHERE request_id = 'last-1'`)).to.deep.equal([['6000']]);
  });

  it('answers 503 and 500, and works again, when the database was away', async () => {
    await database.run("ALTER USER auction_app@'%' ACCOUNT LOCK", 'mysql');
    await database.run("KILL USER 'auction_app'@'%'", 'mysql');
    expect((await fetch(`${base}/healthz`)).status).to.equal(503);
    expect((await fetch(`${base}/app/categories`)).status).to.equal(500);
    await database.run("ALTER USER auction_app@'%' ACCOUNT UNLOCK", 'mysql');
    expect((await fetch(`${base}/healthz`)).status).to.equal(200);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Until somebody waits for the lock that this connection holds. */
async function waits(connection: Awaited<ReturnType<typeof createConnection>>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [rows] = await connection.query('SHOW FULL PROCESSLIST');
    if (JSON.stringify(rows).includes('nb_of_bids')) return;
    await delay(50);
  }
  throw new Error('no bid waits for the lock');
}

/** Until the port refuses connections. */
async function refuses(base: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isRefused = await fetch(`${base}/healthz`).then(
      () => false,
      () => true,
    );
    if (isRefused) return;
    await delay(20);
  }
  throw new Error('the application still takes requests');
}
