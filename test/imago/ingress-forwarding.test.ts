import { createHash, randomBytes } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, SITE, startOrigin } from './origin.ts';

describe('ingress: forwarding', () => {
  let authority: Authority;
  let ingress: Ingress;
  let origin: Origin;
  const open: RawClient[] = [];
  const client = (): RawClient => {
    const made = new RawClient(ingress.port);
    open.push(made);
    return made;
  };
  const standBefore = async (handler: Parameters<typeof startOrigin>[1]): Promise<void> => {
    origin = await startOrigin(authority, handler);
    ingress.setUpstream(origin.address);
  };

  beforeEach(async () => {
    authority ??= await makeAuthority();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    for (const made of open.splice(0)) {
      made.socket.destroy();
    }
    await ingress.close();
    await origin.close();
  });

  it('passes fields on end to end, for the site, and keeps what is for one hop', async () => {
    let seen: IncomingMessage | undefined;
    await standBefore((incoming, response) => {
      seen = incoming;
      response.writeHead(200, {
        'Set-Cookie': ['a=1', 'b=2'],
        'X-Own': 'y',
        Connection: 'X-Hop',
        'X-Hop': '1',
      });
      response.end('hello');
    });
    const answer = await client()
      .get(
        '/p?q=1',
        'Cookie: s=1\r\nX-Drop: 1\r\nConnection: keep-alive, x-drop\r\nTE: trailers\r\nKeep-Alive: 5\r\n',
      )
      .until('hello');
    expect(seen?.url).to.equal('/p?q=1');
    expect(seen?.headers).to.deep.equal({ host: SITE, cookie: 's=1' });
    expect(answer).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).to.match(/Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Own: y\r\n/);
    expect(answer).not.to.match(/x-hop|^connection|keep-alive/im);
  });

  it('uses one upstream connection for the requests of one client connection', async () => {
    await standBefore((incoming, response) => response.end(`answer to ${incoming.url};`));
    const one = client();
    for (const path of ['/1', '/2', '/3']) {
      await one.get(path).until(`answer to ${path};`);
    }
    expect(origin.connections()).to.equal(1);
    await client().get('/4').until('answer to /4;');
    expect(origin.connections()).to.equal(2);
    expect(ingress.status()).to.include({
      forwarded: 4,
      answered: 4,
      inFlight: 0,
      peakInFlight: 1,
      connections: 2,
    });
  });

  it('answers pipelined requests in order', async () => {
    await standBefore((incoming, response) => response.end(`<${incoming.url}>`));
    const one = client();
    one.send(
      'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n\r\n',
    );
    one.get('/3');
    const all = await one.until('</3>');
    expect(all.match(/<.*?>/g)).to.deep.equal(['</1>', '</2>', '</3>']);
    expect(origin.seen).to.deep.equal(['POST /1', 'GET /2', 'GET /3']);
  });

  it('streams an answer while the server still writes it', async () => {
    let finish = (): void => {};
    await standBefore((_, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    const one = client().get('/');
    await one.until('first');
    expect(ingress.status()).to.include({ inFlight: 1, answered: 0 });
    finish();
    await one.until('last');
    await eventually(() => ingress.status().inFlight === 0);
    await one.until('0\r\n\r\n');
  });

  it('streams a request while the client still writes it', async () => {
    let got = '';
    await standBefore((incoming, response) => {
      incoming.on('data', (bytes) => {
        got += bytes;
      });
      incoming.on('end', () => response.end('done'));
    });
    const one = client().send('PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    await eventually(() => got === 'abc');
    one.send('2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n');
    await one.until('done');
    expect(got).to.equal('abcde');
    await one.get('/again').until('done');
  });

  for (const coding of ['chunked', 'length'] as const) {
    it(`carries 8 MB both ways unchanged (${coding})`, async () => {
      await standBefore(async (incoming, response) => {
        const body = await buffer(incoming);
        response.writeHead(200, coding === 'length' ? { 'Content-Length': body.length } : {});
        response.end(body);
      });
      const body = randomBytes(8_000_000);
      const agent = new Agent({ keepAlive: true });
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = coding === 'length' ? { 'Content-Length': body.length } : {};
        const sent = request({ port: ingress.port, method: 'POST', headers, agent }, resolve);
        sent.on('error', reject);
        for (let at = 0; at < body.length; at += 100_000) {
          sent.write(body.subarray(at, at + 100_000));
        }
        sent.end();
      });
      expect(digest(await buffer(answer))).to.equal(digest(body));
      agent.destroy();
    });
  }

  it('knows answers without a body, and goes on with the connection', async () => {
    await standBefore((incoming, response) => {
      const status = Number(/\d+/.exec(incoming.url ?? '')?.[0]);
      response.writeHead(status, status === 200 ? { 'Content-Length': 5 } : {});
      response.end(incoming.method === 'GET' && status === 200 ? 'hello' : undefined);
    });
    const one = client();
    await one.send('HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n').until('Content-Length: 5\r\n');
    await one.get('/204').until('HTTP/1.1 204');
    await one.get('/304').until('HTTP/1.1 304');
    await one.get('/200').until('hello');
    expect(origin.connections()).to.equal(1);
    expect(ingress.status()).to.include({ answered: 4, inFlight: 0 });
  });

  it('lets a client wait for 100 Continue from the server', async () => {
    await standBefore(async (incoming, response) => response.end(`got ${(await buffer(incoming)).length}`));
    const one = client().send(
      'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
    );
    await one.until('HTTP/1.1 100 Continue\r\n\r\n');
    await one.send('body').until('got 4');
  });

  it('passes early hints before the answer', async () => {
    await standBefore((_, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('page');
    });
    expect(await client().get('/').until('page')).to.match(/^HTTP\/1\.1 103 .*HTTP\/1\.1 200 OK/s);
  });

  it('closes behind an answer when the client or the server says so', async () => {
    await standBefore((incoming, response) => {
      if (incoming.url === '/close') {
        response.setHeader('Connection', 'close');
      }
      response.end('bye');
    });
    const byServer = await client().get('/close').untilEnd();
    expect(byServer).to.match(/\r\nConnection: close\r\n.*bye/s);
    const byClient = await client().get('/', 'Connection: close\r\n').untilEnd();
    expect(byClient).to.match(/\r\nConnection: close\r\n.*bye/s);
    const old = await client().send('GET / HTTP/1.0\r\n\r\n').untilEnd();
    expect(old).to.match(/\r\nConnection: close\r\n.*bye$/s);
    expect(old).not.to.match(/chunked/i);
    expect(ingress.status()).to.include({ answered: 3, inFlight: 0 });
  });

  it('does not read ahead of a client that does not keep up', async function () {
    this.timeout(30_000);
    const bytes = 64 * 1024 * 1024;
    await standBefore((_, response) => {
      response.writeHead(200, { 'Content-Length': bytes });
      response.end(Buffer.alloc(bytes, 120));
    });
    const slow = client();
    slow.socket.pause();
    slow.get('/');
    let last = -1;
    while (last !== ingress.status().bytesToClients || last === 0) {
      last = ingress.status().bytesToClients;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(last).to.be.below(bytes / 2);
    let got = 0;
    slow.socket.removeAllListeners('data');
    slow.socket.on('data', (part) => {
      got += part.length;
    });
    slow.socket.resume();
    await eventually(() => got > bytes);
  });
});

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
