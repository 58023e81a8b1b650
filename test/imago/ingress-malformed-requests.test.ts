import { expect } from 'chai';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, startOrigin } from './origin.ts';

describe('ingress: malformed requests', () => {
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

  const MALFORMED: readonly (readonly [string, string, number])[] = [
    ['no request line', 'hello\r\n\r\n', 400],
    ['a version of its own', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['a full address', 'GET http://elsewhere.test/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a space before a colon', 'GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n', 400],
    ['a folded field', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n', 400],
    ['a NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400],
    ['a bare line feed', 'GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['an unknown coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 501],
    ['a Host for one hop only', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n', 400],
    ['a head without end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}`, 431],
  ];
  for (const [what, bytes, status] of MALFORMED) {
    it(`answers ${status} to ${what}, and forwards nothing`, async () => {
      const origin = await standBefore(startOrigin(authority, (_, response) => response.end()));
      const answer = await client().send(bytes).untilEnd();
      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).to.include('X-Upfault-Ingress: malformed request');
      expect(origin.seen).to.deep.equal([]);
      expect(ingress.status()).to.include({ forwarded: 0, malformed: 1 });
    });
  }

  it('answers 400 on a connection that was answered before, too', async () => {
    await standBefore(startOrigin(authority, (_, response) => response.end('one')));
    const one = client().get('/');
    await one.until('one');
    expect(await one.send('hello\r\n\r\n').untilEnd()).to.match(
      /one(0\r\n\r\n|\r\n0\r\n\r\n)?HTTP\/1\.1 400 /,
    );
  });

  it('aborts a request whose chunks are none', async () => {
    let aborted = false;
    const origin = await standBefore(
      startOrigin(authority, (incoming) => {
        incoming.resume();
        incoming.on('close', () => {
          aborted = !incoming.complete;
        });
      }),
    );
    const one = client().send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
    await eventually(() => origin.seen.length === 1);
    one.send('zz\r\n');
    expect(await one.untilEnd()).to.match(/^HTTP\/1\.1 400 /);
    expect(ingress.status()).to.deep.include({ inFlight: 0, broken: { 'malformed-request': 1 } });
    await eventually(() => aborted);
  });
});
