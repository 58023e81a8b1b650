import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, startOrigin, startRawOrigin } from './origin.ts';

describe('ingress: failures reach the client', () => {
  let authority: Authority;
  let ingress: Ingress;
  const open: (RawClient | Origin)[] = [];
  const client = (): RawClient => {
    const made = new RawClient(ingress.port);
    open.push(made);
    return made;
  };
  const standBefore = async (starting: Promise<Origin>): Promise<Origin> => {
    const origin = await starting;
    open.push(origin);
    ingress.setUpstream(origin.address);
    return origin;
  };

  beforeEach(async () => {
    authority ??= await makeAuthority();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    await ingress.close();
    for (const made of open.splice(0)) {
      await (made instanceof RawClient ? made.socket.destroy() : made.close());
    }
  });

  const past = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2020-02-01T00:00:00Z') };
  const ahead = { notBefore: new Date(Date.now() + 3_600_000) };
  for (const [what, certificate, reason] of [
    ['is for another name', { alternativeNames: ['other.test'] }, 'certificate-name'],
    ['has expired', past, 'certificate-expired'],
    ['is not valid yet', ahead, 'certificate-not-yet-valid'],
  ] as const) {
    it(`refuses a server whose certificate ${what}`, async () => {
      const origin = await standBefore(startOrigin(authority, (_, response) => response.end(), certificate));
      const answer = await client().get('/').untilEnd();
      expect(answer).to.match(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
      expect(answer).to.include(`X-Upfault-Ingress: broken ${reason}\r\n`);
      expect(origin.seen).to.deep.equal([]);
      expect(ingress.status().broken).to.deep.equal({ [reason]: 1 });
    });
  }

  it('refuses a server whose certificate another authority signed', async () => {
    const stranger = await makeAuthority();
    const origin = await standBefore(startOrigin(stranger, (_, response) => response.end()));
    ingress.setUpstream({ ...origin.address, ca: authority.certificate });
    expect(await client().get('/').untilEnd()).to.include('X-Upfault-Ingress: broken certificate-untrusted');
    expect(origin.seen).to.deep.equal([]);
  });

  it('verifies each new connection again', async () => {
    const origin = await standBefore(startOrigin(authority, (_, response) => response.end('ok')));
    await client().get('/').until('200 OK');
    ingress.setUpstream({ ...origin.address, serverName: 'other.test' });
    expect(await client().get('/').untilEnd()).to.include('broken certificate-name');
    expect(origin.seen).to.have.length(1);
  });

  it('tells when the system cannot be reached, or speaks no TLS', async () => {
    const origin = await startOrigin(authority, () => {});
    await origin.close();
    ingress.setUpstream(origin.address);
    expect(await client().get('/').untilEnd()).to.include(
      '502 Bad Gateway\r\nX-Upfault-Ingress: broken connect-refused',
    );
    const plain = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 no TLS\r\n\r\n'));
    await new Promise<void>((listening) => plain.listen(0, '127.0.0.1', listening));
    const { port } = plain.address() as { port: number };
    ingress.setUpstream({ ...origin.address, port });
    expect(await client().get('/').untilEnd()).to.include('broken tls-failed');
    plain.close();
    expect(ingress.status()).to.include({ inFlight: 0, answered: 0, forwarded: 2 });
  });

  it('breaks the connection when the server resets it before an answer, and never asks twice', async () => {
    const origin = await standBefore(
      startOrigin(authority, (incoming) => {
        incoming.resume();
        incoming.on('end', () => incoming.socket.destroy());
      }),
    );
    const one = client().send('POST /bid HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
    expect(await one.untilEnd()).to.equal('');
    expect(origin.seen).to.deep.equal(['POST /bid']);
    expect(origin.connections()).to.equal(1);
    expect(ingress.status()).to.deep.include({ inFlight: 0, answered: 0, forwarded: 1 });
    expect(Object.values(ingress.status().broken)).to.deep.equal([1]);
  });

  it('never asks twice on a reused connection either', async () => {
    const origin = await standBefore(
      startOrigin(authority, (incoming, response) => {
        if (incoming.url === '/second') {
          incoming.socket.destroy();
        } else {
          response.end('one');
        }
      }),
    );
    const one = client();
    await one.get('/first').until('one');
    await one.get('/second').untilEnd();
    expect(origin.seen).to.deep.equal(['GET /first', 'GET /second']);
    expect(origin.connections()).to.equal(1);
  });

  it('ends an answer where the server ended it', async () => {
    await standBefore(
      startOrigin(authority, (_, response) => {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('only this', () => response.socket?.end());
      }),
    );
    const received = await client().get('/').untilEnd();
    expect(received).to.match(/Content-Length: 100\r\n.*\r\n\r\nonly this$/s);
    expect(ingress.status()).to.deep.include({
      answered: 0,
      inFlight: 0,
      broken: { 'connection-closed': 1 },
    });
  });

  it('passes an answer that ends with its connection', async () => {
    await standBefore(
      startRawOrigin(authority, (socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
      }),
    );
    const received = await client().get('/').untilEnd();
    expect(received).to.match(/Connection: close\r\n\r\nall of it$/);
    expect(ingress.status()).to.include({ answered: 1 });
  });

  it('closes a connection that is idle when the server closes its own', async () => {
    let close = (): void => {};
    await standBefore(
      startOrigin(authority, (incoming, response) => {
        close = () => incoming.socket.end();
        response.end('one');
      }),
    );
    const one = client().get('/');
    await one.until('one');
    await eventually(() => ingress.status().inFlight === 0);
    close();
    await one.untilEnd();
    expect(one.error).to.equal(undefined);
    expect(ingress.status()).to.deep.include({ answered: 1, broken: {} });
  });

  it('does nothing for a client that had not seen yet that its idle connection was closed', async () => {
    let close = (): void => {};
    const origin = await standBefore(
      startOrigin(authority, (incoming, response) => {
        close = () => incoming.socket.end();
        response.end('one');
      }),
    );
    const socket = connect({ port: ingress.port, host: '127.0.0.1', allowHalfOpen: true });
    const get = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    socket.on('data', () => {});
    get('/one');
    await eventually(() => ingress.status().answered === 1);
    close();
    await once(socket, 'end');
    get('/two');
    const [ended] = await Promise.all([once(socket, 'close'), socket.end()]);
    expect(ended).to.not.equal(undefined);
    expect(origin.seen).to.deep.equal(['GET /one']);
    expect(ingress.status()).to.deep.include({ answered: 1, broken: {} });
  });

  for (const state of ['before an answer', 'in the middle of an answer'] as const) {
    it(`aborts the request at the server when the client leaves ${state}`, async () => {
      let aborted = false;
      await standBefore(
        startOrigin(authority, (_, response) => {
          response.on('close', () => {
            aborted = !response.writableFinished;
          });
          if (state !== 'before an answer') {
            response.write('some');
          }
        }),
      );
      const one = client().get('/');
      await (state === 'before an answer'
        ? eventually(() => ingress.status().inFlight === 1)
        : one.until('some'));
      one.socket.destroy();
      await eventually(() => aborted);
      expect(ingress.status()).to.deep.include({ inFlight: 0, broken: { 'client-left': 1 } });
    });
  }

  for (const [what, bytes] of [
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['two answers to one request', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'],
  ] as const) {
    it(`answers 502 when the server answers ${what}`, async () => {
      await standBefore(
        startRawOrigin(authority, (socket) => socket.once('data', () => socket.write(bytes))),
      );
      expect(await client().get('/').untilEnd()).to.include(
        '502 Bad Gateway\r\nX-Upfault-Ingress: broken malformed-answer',
      );
    });
  }

  it('cuts connections on which nothing moves', async () => {
    await ingress.close();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 }, { sweepMs: 5, quietSweeps: 3 });
    await standBefore(startOrigin(authority, () => {}));
    expect(await client().get('/').untilEnd()).to.equal('');
    expect(await client().send('GET / HT').untilEnd()).to.equal('');
    expect(ingress.status()).to.deep.include({ inFlight: 0, broken: { stalled: 1 } });
    await eventually(() => ingress.status().connections === 0);
  });
});
