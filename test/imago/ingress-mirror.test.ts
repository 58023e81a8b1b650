import { expect } from 'chai';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, SITE, startOrigin } from './origin.ts';
import { startTester, type Tester } from './tester.ts';

const LIMITS = { bufferedBytes: 1_000_000, bodyBytes: 10_000 };
const BIG = 'x'.repeat(50_000);

describe('ingress: mirror', () => {
  let authority: Authority;
  let ingress: Ingress;
  let origin: Origin;
  let tester: Tester;
  const open: RawClient[] = [];
  const client = (): RawClient => {
    const made = new RawClient(ingress.port);
    open.push(made);
    return made;
  };
  const mirror = (limits = LIMITS, everyNth = 1) =>
    ingress.mirror({ host: '127.0.0.1', port: tester.port, limits, everyNth });
  const told = async (count: number) => {
    await eventually(() => tester.told.length >= count);
    return tester.told.map(([message, body]) => ({ ...message, body }));
  };

  beforeEach(async () => {
    authority ??= await makeAuthority();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 });
    tester = await startTester();
    origin = await startOrigin(authority, (incoming, response) => {
      if (incoming.url === '/early') {
        response.end('early');
        return;
      }
      incoming.resume();
      incoming.on('end', () => {
        if (incoming.url === '/breaks') {
          incoming.socket.destroy();
        } else if (incoming.url !== '/never') {
          const body = incoming.url === '/big' ? BIG : `answer to ${incoming.url}`;
          response.writeHead(incoming.url === '/missing' ? 404 : 200, {
            'Content-Length': body.length,
            'Set-Cookie': 's=2',
          });
          response.end(body);
        }
      });
    });
    ingress.setUpstream(origin.address);
  });
  afterEach(async () => {
    for (const made of open.splice(0)) {
      made.socket.destroy();
    }
    await ingress.close();
    await Promise.all([origin.close(), tester.close()]);
  });

  it('tells a request as the system gets it, and its answer as the system gave it', async () => {
    expect(await mirror()).to.deep.equal({ sent: 0, dropped: 0, connected: true });
    await client()
      .send('POST /bid?n=1 HTTP/1.1\r\nHost: a\r\nCookie: s=1\r\nTE: x\r\nContent-Length: 4\r\n\r\nbody')
      .until('answer to /bid');
    const [request, answer] = await told(2);
    expect(request).to.deep.include({
      kind: 'request',
      number: 1,
      requestLine: 'POST /bid?n=1 HTTP/1.1\r\n',
      headers: `Host: ${SITE}\r\nCookie: s=1\r\nContent-Length: 4\r\n\r\n`,
      bodyBytes: 4,
      truncated: false,
      body: 'body',
    });
    expect(answer).to.deep.include({
      kind: 'answer',
      number: 1,
      status: 200,
      bodyBytes: 18,
      truncated: false,
      body: 'answer to /bid?n=1',
    });
    expect(answer)
      .to.have.property('headers')
      .that.matches(/Set-Cookie: s=2\r\n(.*\r\n)*\r\n$/);
    expect(answer).to.have.property('tookMs').that.is.above(0);
    await eventually(() => ingress.status().mirror?.sent === 2);
  });

  it('tells many requests of many clients, each with its own answer', async () => {
    await mirror();
    await Promise.all(
      Array.from({ length: 20 }, async (_, one) => {
        const connection = client();
        for (let request = 0; request < 5; request += 1) {
          await connection.get(`/${one}-${request}.`).until(`answer to /${one}-${request}.`);
        }
      }),
    );
    const messages = await told(200);
    const asked = new Map(
      messages.flatMap((message) =>
        message.kind === 'request' ? [[message.number, message.requestLine.split(' ')[1]]] : [],
      ),
    );
    const answers = messages.filter(({ kind }) => kind === 'answer');
    expect(asked.size).to.equal(100);
    expect(answers).to.have.length(100);
    for (const { number, body } of answers) {
      expect(body).to.equal(`answer to ${asked.get(number)}`);
    }
  });

  it('cuts bodies at the limit and says so; the client gets all of it', async () => {
    await mirror();
    const one = client().send(`POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: ${BIG.length}\r\n\r\n${BIG}`);
    await one.until(BIG);
    const [request, answer] = await told(2);
    for (const message of [request, answer]) {
      expect(message).to.deep.include({ bodyBytes: 50_000, truncated: true });
      expect(message?.body).to.have.length(10_000);
    }
  });

  it('tells only every nth request', async () => {
    await mirror(LIMITS, 3);
    const one = client();
    for (let request = 1; request <= 7; request += 1) {
      await one.get(`/${request}.`).until(`answer to /${request}.`);
    }
    const lines = (await told(4)).flatMap((message) =>
      message.kind === 'request' ? [message.requestLine] : [],
    );
    expect(lines).to.deep.equal(['GET /3. HTTP/1.1\r\n', 'GET /6. HTTP/1.1\r\n']);
  });

  it('tells as lost what breaks, and what its client leaves', async () => {
    await mirror();
    await client().get('/breaks').untilEnd();
    const leaves = client().get('/never');
    await eventually(() => tester.told.length === 3);
    leaves.socket.destroy();
    const messages = await told(4);
    expect(messages.map(({ kind, number }) => `${kind} ${number}`)).to.deep.equal([
      'request 1',
      'lost 1',
      'request 2',
      'lost 2',
    ]);
    expect(messages[3]).to.include({ reason: 'client-left' });
  });

  it('tells a request as truncated whose answer came before all of it', async () => {
    await mirror();
    const one = client().send('POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf');
    await one.until('early');
    one.send('rest');
    const [request, answer] = await told(2);
    expect(request).to.deep.include({ kind: 'request', bodyBytes: 4, truncated: true, body: 'half' });
    expect(answer).to.deep.include({ kind: 'answer', status: 200 });
    expect(answer?.body).to.include('early').and.not.include('rest');
  });

  it('tells nothing of a request that could not be forwarded', async () => {
    await mirror();
    ingress.setUpstream({ ...origin.address, serverName: 'other.test' });
    await client().get('/').untilEnd();
    expect(await ingress.mirrorStop()).to.deep.equal({ sent: 0, dropped: 0, connected: false });
  });

  it('drops and counts what a tester that reads nothing has no room for; clients get all answers', async () => {
    await tester.close();
    tester = await startTester(false);
    await mirror({ bufferedBytes: 300_000, bodyBytes: 60_000 });
    const one = client();
    for (let request = 0; request < 400; request += 1) {
      one.received = '';
      await one.get('/big').until(BIG);
    }
    const { mirror: status, answered } = ingress.status();
    expect(answered).to.equal(400);
    expect(status?.connected).to.equal(true);
    expect(status?.dropped).to.be.above(0);
    expect(await ingress.mirrorStop()).to.include({ connected: false });
  });

  it('does without a tester that died', async () => {
    await mirror();
    const one = client();
    await one.get('/1.').until('answer to /1.');
    await told(2);
    tester.socket()?.resetAndDestroy();
    await eventually(() => ingress.status().mirror?.connected === false);
    await one.get('/2.').until('answer to /2.');
    expect(ingress.status().mirror).to.deep.equal({ sent: 2, dropped: 1, connected: false });
    expect(await ingress.mirrorStop()).to.deep.equal({ sent: 2, dropped: 1, connected: false });
    await mirror();
    await one.get('/3.').until('answer to /3.');
    expect(await told(4)).to.have.length(4);
  });

  it('is stopped in the middle of requests, which are told as lost and answered all the same', async () => {
    await mirror();
    const half = client().send('POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo');
    const never = client().get('/never');
    await eventually(() => origin.seen.length === 2);
    expect(await ingress.mirrorStop()).to.deep.equal({ sent: 4, dropped: 0, connected: false });
    const messages = await told(4);
    const lost = messages.filter(({ kind }) => kind === 'lost');
    expect(lost).to.have.length(2);
    expect(lost[0]).to.include({ reason: 'mirror-stopped' });
    half.send('dy');
    await half.until('answer to /half');
    await half.get('/after').until('answer to /after');
    never.socket.destroy();
    expect(tester.told).to.have.length(4);
  });

  it('refuses a second mirror, a tester that is not there, limits out of range, and a stop of none', async () => {
    const refusal = (asked: Promise<unknown>): Promise<string> =>
      asked.then(
        () => 'accepted',
        (error: Error) => error.message,
      );
    await mirror();
    expect(await refusal(mirror())).to.equal('mirror: one runs already; stop it before another is started');
    await ingress.mirrorStop();
    expect(await refusal(ingress.mirrorStop())).to.equal('mirror-stop: no mirror runs');
    expect(await refusal(mirror(LIMITS, 0))).to.include('everyNth 0: a whole number from 1');
    expect(await refusal(mirror({ ...LIMITS, bufferedBytes: 1e12 }))).to.include('bufferedBytes');
    await tester.close();
    expect(await refusal(mirror())).to.match(/^mirror: tester at 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    tester = await startTester();
    expect(await mirror()).to.include({ connected: true });
  });
});
