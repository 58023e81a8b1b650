import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Disturbance } from '../../harness/imago/ingress/disturbance.ts';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, startOrigin } from './origin.ts';

const UNDISTURBED = {
  running: false,
  met: 0,
  refused: 0,
  longestRefusalMs: 0,
  withheld: 0,
  tookMs: 0,
  withheldMs: 0,
};
const LATER = { refusedShare: 0, forMs: 30_000 };
const REFUSING = { latencyFactor: 1, forMs: 30_000 };
/** How long the origin takes for `/slow`, ms. */
const SLOW_MS = 40;

describe('ingress: disturbed on purpose', () => {
  let authority: Authority;
  let ingress: Ingress;
  let origin: Origin;
  let endHuge: () => void = () => {};
  const open: RawClient[] = [];
  const client = (): RawClient => {
    const made = new RawClient(ingress.port);
    open.push(made);
    return made;
  };
  /** Status line and body of the next answer on a connection. */
  const answer = async (one: RawClient): Promise<string> => {
    const [head = ''] = (await one.until('\r\n\r\n')).split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    await eventually(() => one.received.length >= head.length + 4 + length || one.ended);
    const text = `${head.slice(9, 12)} ${one.received.slice(head.length + 4, head.length + 4 + length)}`;
    one.received = one.received.slice(head.length + 4 + length);
    return text.trim();
  };

  beforeEach(async () => {
    authority ??= await makeAuthority();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 });
    origin = await startOrigin(authority, (incoming, response) => {
      let sent = '';
      incoming.on('data', (bytes) => (sent += bytes));
      incoming.on('end', () => {
        const { url } = incoming;
        if (url === '/half') {
          response.writeHead(200, { 'Content-Length': '8' }).write('half');
          setTimeout(() => incoming.socket.destroy(), 20);
        } else if (url === '/last') {
          response.writeHead(200, { 'Content-Length': '4' }).end('last');
          setTimeout(() => incoming.socket.destroy(), 10);
        } else if (url === '/huge') {
          response.writeHead(200, { 'Content-Length': '5000000' }).write('x'.repeat(4_999_996));
          endHuge = () => response.end('last');
        } else if (url === '/slow') {
          setTimeout(() => response.end('slow'), SLOW_MS);
        } else {
          const body = `served ${sent}`;
          response.writeHead(200, { 'Content-Length': String(body.length) }).end(body);
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
    await origin.close();
  });

  it('does nothing unless it is told to', async () => {
    const one = client();
    for (let i = 0; i < 3; i += 1) {
      expect(await answer(one.get('/'))).to.equal('200 served');
    }
    expect(ingress.status().disturbance).to.deep.equal(UNDISTURBED);
  });

  it('refuses the share that it is told, evenly, on connections that go on', async () => {
    const one = client();
    await answer(one.get('/'));
    ingress.disturb({ ...REFUSING, refusedShare: 0.25 });
    const answers: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      answers.push(await answer(one.get(`/${i}`)));
    }
    const round = [...Array(3).fill('200 served'), '503 refused on purpose'];
    expect(answers).to.deep.equal([...round, ...round, ...round]);
    expect(origin.seen).to.have.length(1 + 9);
    expect(origin.connections()).to.equal(1);
    const { disturbance, forwarded, answered, connections, broken } = ingress.status();
    expect(disturbance).to.deep.include({ met: 12, refused: 3, longestRefusalMs: 0, withheld: 0 });
    expect({ forwarded, answered, connections, broken }).to.deep.equal({
      ...{ forwarded: 10, answered: 10, connections: 1, broken: {} },
    });
  });

  it('names itself in what it refuses', async () => {
    ingress.disturb({ ...REFUSING, refusedShare: 1 });
    const last = await client().get('/', 'Connection: close\r\n').untilEnd();
    expect(last).to.match(/^HTTP\/1\.1 503 Service Unavailable\r\nX-Upfault-Ingress: refused on purpose\r\n/);
    expect(last).to.include('\r\nConnection: close\r\n');
    const head = client().send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await head.get('/', 'Connection: close\r\n').untilEnd()).to.match(
      /^HTTP\/1\.1 503 (?:[^\r]+\r\n)+\r\nHTTP\/1\.1 503 (?:[^\r]+\r\n)+\r\nrefused on purpose\n$/,
    );
    expect(origin.seen).to.deep.equal([]);
  });

  it('reads the body of what it refuses, and what is sent behind it', async () => {
    ingress.disturb({ ...REFUSING, refusedShare: 0.5 });
    const one = client();
    const post = (text: string) =>
      one.send(`POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    expect(await answer(post('one'))).to.equal('200 served one');
    one.send('POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nt');
    await eventually(() => ingress.status().disturbance.refused === 1);
    expect(one.received).to.equal('');
    one.send('wo\r\n0\r\n\r\n');
    post('three');
    expect(await answer(one)).to.equal('503 refused on purpose');
    expect(await answer(one)).to.equal('200 served three');
    one.send('POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnone');
    await one.untilEnd();
    expect(ingress.status()).to.deep.include({ malformed: 1, answered: 2, broken: {} });
  });

  it('is an outage where it refuses all, and measures it; then all is served again', async () => {
    const one = client();
    ingress.disturb({ latencyFactor: 1, refusedShare: 1, forMs: 500 });
    while ((await answer(one.get('/'))).startsWith('503')) {
      await delay(10);
    }
    const { running, met, refused, longestRefusalMs } = ingress.status().disturbance;
    expect({ running, served: met - refused }).to.deep.equal({ running: false, served: 0 });
    expect(refused).to.be.above(1);
    expect(longestRefusalMs).to.be.within(1, 500);
    expect(origin.seen).to.have.length(1);
    ingress.disturb({ ...REFUSING, refusedShare: 0.5 });
    await answer(one.get('/'));
    await answer(one.get('/'));
    expect(ingress.status().disturbance).to.deep.include({ refused: refused + 1, longestRefusalMs });
  });

  it('withholds answers in proportion to what the system took for them', async () => {
    const one = client();
    ingress.disturb({ ...LATER, latencyFactor: 3 });
    for (let i = 0; i < 3; i += 1) {
      const sentNs = process.hrtime.bigint();
      expect(await answer(one.get('/slow'))).to.include('slow');
      expect(Number(process.hrtime.bigint() - sentNs) / 1e6).to.be.above(3 * (SLOW_MS - 2));
    }
    const { withheld, tookMs, withheldMs, met, refused } = ingress.status().disturbance;
    expect({ withheld, met, refused }).to.deep.equal({ withheld: 3, met: 3, refused: 0 });
    expect(tookMs).to.be.above(3 * (SLOW_MS - 2));
    expect(withheldMs / tookMs).to.be.above(1.9);
    const { latency } = ingress.status();
    expect(latency.p50Ms).to.be.above(3 * (SLOW_MS - 2));
  });

  it('counts a withheld answer as in flight until the client has it', async () => {
    ingress.disturb({ ...LATER, latencyFactor: 3 });
    const one = client().get('/slow');
    await eventually(() => ingress.status().inFlight === 1);
    await ingress.drain(5_000);
    expect(ingress.status().disturbance.withheld).to.equal(1);
    expect(await answer(one)).to.include('slow');
  });

  it('passes a withheld answer on when the system closes the connection behind it', async () => {
    ingress.disturb({ ...LATER, latencyFactor: 100 });
    const one = client().get('/last');
    expect(await answer(one)).to.equal('200 last');
    await one.untilEnd();
    expect(ingress.status()).to.deep.include({ answered: 1, broken: {} });
    expect(ingress.status().disturbance.withheld).to.equal(0);
  });

  it('breaks off behind half an answer as the system did', async () => {
    ingress.disturb({ ...LATER, latencyFactor: 100 });
    const half = await client().get('/half').untilEnd();
    expect(half).to.match(/\r\n\r\nhalf$/);
    expect(ingress.status()).to.deep.include({ answered: 0, broken: { 'connection-closed': 1 } });
  });

  it('forgets a withheld answer whose client has left', async () => {
    ingress.disturb({ ...LATER, latencyFactor: 10 });
    const gone = client().get('/slow');
    await eventually(() => origin.seen.length === 1);
    await delay(SLOW_MS + 20);
    expect(ingress.status()).to.include({ inFlight: 1, answered: 0 });
    gone.socket.destroy();
    await eventually(() => ingress.status().inFlight === 0);
    await delay(10 * SLOW_MS);
    expect(ingress.status()).to.deep.include({ answered: 0, broken: { 'client-left': 1 } });
    expect(ingress.status().disturbance.withheld).to.equal(0);
  });

  it('withholds no more of one answer than it can keep', async () => {
    ingress.disturb({ ...LATER, latencyFactor: 100 });
    const one = client().get('/huge');
    await eventually(() => one.received.length > 4_000_000);
    endHuge();
    expect((await answer(one)).length).to.equal('200 '.length + 5_000_000);
    expect(ingress.status().disturbance).to.deep.include({ met: 1, withheld: 0 });
  });

  it('refuses a second disturbance, one without effect, and figures out of range', () => {
    ingress.disturb({ ...LATER, latencyFactor: 2 });
    expect(() => ingress.disturb({ ...LATER, latencyFactor: 2 })).to.throw('another one runs');
    for (const [wrong, message] of [
      [{ latencyFactor: 1, refusedShare: 0, forMs: 1 }, 'disturb nothing'],
      [{ latencyFactor: 0.5, refusedShare: 0, forMs: 1 }, 'latencyFactor 0.5'],
      [{ latencyFactor: 1, refusedShare: 1.1, forMs: 1 }, 'refusedShare 1.1'],
      [{ latencyFactor: 1, refusedShare: 1, forMs: Number.NaN }, 'forMs NaN'],
      [{ latencyFactor: 1, refusedShare: 1, forMs: 3_600_000 }, 'forMs 3600000'],
    ] as const) {
      expect(() => new Disturbance().start(wrong)).to.throw(message);
    }
  });
});
