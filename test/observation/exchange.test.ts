import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Exchange } from '../../harness/contract/exchange.ts';
import { MAX_CONCURRENCY, runExchanges } from '../../harness/observation/exchange.ts';

interface Asked {
  readonly line: string;
  readonly cookie: string;
  readonly form: Record<string, string>;
}

describe('exchanges are made as a client would make them', () => {
  let server: Server;
  let port = 0;
  const asked: Asked[] = [];
  let peak = 0;
  let open = 0;
  /** Copies that are made at the same time, and answers that are given once so many are waited for. */
  const copies = 20;
  const held: (() => void)[] = [];

  before(async () => {
    server = createServer((incoming, response) => {
      open++;
      peak = Math.max(peak, open);
      response.on('close', () => open--);
      void textOf(incoming).then((text) => {
        asked.push({
          line: `${incoming.method} ${incoming.url}`,
          cookie: incoming.headers.cookie ?? '',
          form: Object.fromEntries(new URLSearchParams(text)),
        });
        switch (incoming.url) {
          case '/login':
            response.setHeader('set-cookie', ['session=s1; Path=/; HttpOnly; Secure', 'theme=dark']);
            response.end('<body data-id="42">welcome</body>');
            break;
          case '/logout':
            response.setHeader('set-cookie', 'session=; Max-Age=0');
            response.end('bye');
            break;
          case '/broken':
            response.writeHead(200, { 'content-length': '50' });
            response.write('half an answer');
            setImmediate(() => incoming.socket.destroy());
            break;
          case '/moved':
            response.writeHead(302, { location: '/login' }).end();
            break;
          case '/together':
            held.push(() => response.end('together'));
            if (held.length === copies) for (const answer of held.splice(0)) answer();
            break;
          default:
            response.end(`page ${incoming.url} ${text}`);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    asked.length = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (path: string, ...contains: string[]): Exchange => ({
    method: 'GET',
    path,
    expect: { status: 200, contains },
  });
  const one = { concurrency: 1 };

  it('keeps cookies, captures values and fills them in', async () => {
    const result = await runExchanges(
      port,
      [
        { ...get('/login', 'welcome'), capture: { user: 'data-id="(\\d+)"' } },
        {
          method: 'POST',
          path: '/u/@@user@@',
          form: { note: 'ü&=@@user@@', id: 'x-@@unique@@' },
          expect: { status: 200, contains: ['page /u/42', 'x-@@unique@@'] },
        },
        get('/logout'),
        get('/after'),
      ],
      one,
    );
    expect(result).to.deep.equal({ held: true, reason: '', failedCopies: 0, firstFailureMs: null });
    expect(asked.map(({ line, cookie }) => [line, cookie])).to.deep.equal([
      ['GET /login', ''],
      ['POST /u/42', 'session=s1; theme=dark'],
      ['GET /logout', 'session=s1; theme=dark'],
      ['GET /after', 'theme=dark'],
    ]);
    expect(asked[1]?.form.note).to.equal('ü&=42');
  });

  it('runs copies at the same time, each with cookies and a token of its own', async () => {
    peak = 0;
    const list: Exchange[] = [
      get('/together'),
      get('/login'),
      { method: 'POST', path: '/store', form: { id: '@@unique@@' }, expect: { status: 200, contains: [] } },
    ];
    expect(await runExchanges(port, list, { concurrency: copies })).to.include({ held: true, reason: '' });
    expect(peak).to.equal(copies);
    const ids = asked.filter(({ line }) => line === 'POST /store').map(({ form }) => form.id);
    expect(new Set(ids).size).to.equal(copies);
  });

  it('says what was expected and what was seen, and stops there', async () => {
    const reasonOf = async (...list: Exchange[]) => (await runExchanges(port, list, one)).reason;
    expect(await reasonOf(get('/moved', 'welcome'), get('/never'))).to.match(
      /GET \/moved: expected status 200, saw 302/,
    );
    expect(asked.map(({ line }) => line)).to.deep.equal(['GET /moved']);
    expect(await reasonOf(get('/page', 'other'))).to.match(
      /expected "other" in the answer, saw 200 "page \/page/,
    );
    expect(await reasonOf({ ...get('/page'), capture: { id: 'id=(\\d+)' } })).to.match(
      /expected a match of id=/,
    );
    expect(await reasonOf(get('/broken'))).to.match(/GET \/broken: aborted|GET \/broken: socket hang up/);
    const run = await runExchanges(port, [get('/page', 'other')], { concurrency: 3 });
    const { reason, failedCopies } = run;
    expect(run.firstFailureMs).to.be.greaterThan(0);
    expect([reason.slice(0, 22), failedCopies]).to.deep.equal(['3 of 3 copies failed, ', 3]);
  });

  it('says so when nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const free = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    expect((await runExchanges(free, [get('/')], one)).reason).to.match(/ECONNREFUSED/);
  });

  it('throws where the list itself is wrong, which is no finding about the system', async () => {
    const failure = async (run: Promise<unknown>) =>
      run.then(
        () => '',
        (error: Error) => error.message,
      );
    expect(await failure(runExchanges(port, [get('/@@nothing@@')], one))).to.match(
      /nothing was captured as nothing/,
    );
    expect(await failure(runExchanges(port, [], { concurrency: MAX_CONCURRENCY + 1 }))).to.match(
      /concurrency must be/,
    );
  });
});

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of incoming.setEncoding('utf8')) text += piece;
  return text;
}
