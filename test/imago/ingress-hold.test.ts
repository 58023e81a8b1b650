import { expect } from 'chai';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { type Authority, makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, startOrigin } from './origin.ts';

const LIMITS = { maxRequests: 100, maxMs: 5_000 };

describe('ingress: hold, drain, redirect, release', () => {
  let authority: Authority;
  let ingress: Ingress;
  let old: Origin;
  let next: Origin;
  const open: RawClient[] = [];
  const client = (): RawClient => {
    const made = new RawClient(ingress.port);
    open.push(made);
    return made;
  };
  const waiting = (count: number): Promise<void> =>
    eventually(() => ingress.status().hold?.waiting === count);

  beforeEach(async () => {
    authority ??= await makeAuthority();
    ingress = await startIngress({ host: '127.0.0.1', port: 0 });
    old = await startOrigin(authority, (incoming, response) => {
      if (incoming.url !== '/never') {
        response.end('old');
      }
    });
    next = await startOrigin(authority, (_, response) => response.end('new'));
    ingress.setUpstream(old.address);
  });
  afterEach(async () => {
    for (const made of open.splice(0)) {
      made.socket.destroy();
    }
    await ingress.close();
    await Promise.all([old.close(), next.close()]);
  });

  it('holds what arrives and forwards it in order of arrival', async () => {
    const warm = client().get('/warm');
    await warm.until('old');
    const { holdId } = ingress.hold(LIMITS);
    const held: RawClient[] = [];
    for (let i = 0; i < 5; i += 1) {
      held.push(client().send(`POST /${i} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo`));
      await waiting(i + 1);
    }
    held[0]?.send('dy');
    warm.get('/again');
    await waiting(6);
    expect(old.seen).to.deep.equal(['GET /warm']);
    expect(ingress.status()).to.include({ inFlight: 0, forwarded: 1 });
    const released = ingress.release(holdId);
    expect(released).to.deep.include({ ended: 'released', peakWaiting: 6, waiting: 0 });
    for (const one of held.slice(1)) {
      one.send('dy');
    }
    await Promise.all(held.map((one) => one.until('old')));
    await eventually(() => ingress.status().answered === 7);
    expect(ingress.status().broken).to.deep.equal({});
  });

  it('redirects what it holds and what comes later, and lets clients keep their connections', async () => {
    const clients = Array.from({ length: 10 }, () => client().get('/before'));
    await Promise.all(clients.map((one) => one.until('old')));
    const { holdId } = ingress.hold(LIMITS);
    for (const one of clients.slice(5)) {
      one.get('/held');
    }
    await waiting(5);
    ingress.redirect(holdId, next.address);
    expect(next.seen).to.deep.equal([]);
    ingress.release(holdId);
    await Promise.all(clients.slice(5).map((one) => one.until('new')));
    await old.close();
    old = await startOrigin(authority, () => {});
    await Promise.all(clients.slice(0, 5).map((one) => one.get('/later').until('new')));
    expect(next.seen.filter((request) => request === 'GET /held')).to.have.length(5);
    expect(ingress.status()).to.deep.include({ answered: 20, broken: {} });
  });

  it('loses no request when it is switched under load', async () => {
    const seen = { old: 0, new: 0 };
    let stop = false;
    let sent = 0;
    const walk = async (one: RawClient): Promise<void> => {
      for (let i = 0; !stop; i += 1) {
        sent += 1;
        one.received = '';
        const answer = await one
          .send(`POST /${i} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`)
          .until('\r\n\r\n');
        await one.until(answer.includes('new') ? 'new' : (/old|new/.exec(one.received)?.[0] ?? ''));
        seen[one.received.includes('new') ? 'new' : 'old'] += 1;
      }
    };
    const walks = Array.from({ length: 20 }, () => walk(client()));
    await eventually(() => seen.old > 200);
    const { holdId } = ingress.hold(LIMITS);
    await ingress.drain(5_000);
    const seenByOld = old.seen.length;
    await waiting(20);
    ingress.redirect(holdId, next.address);
    ingress.release(holdId);
    await eventually(() => seen.new > 200);
    stop = true;
    await Promise.all(walks);
    expect(old.seen).to.have.length(seenByOld);
    expect(old.seen.length + next.seen.length).to.equal(sent);
    expect(seen.old + seen.new).to.equal(sent);
    expect(ingress.status()).to.deep.include({ forwarded: sent, answered: sent, broken: {}, inFlight: 0 });
  });

  it('ends a hold by itself when too many requests wait; none is lost, and no redirect follows', async () => {
    const { holdId } = ingress.hold({ maxRequests: 2, maxMs: 5_000 });
    const held = Array.from({ length: 3 }, () => client().get('/'));
    await Promise.all(held.map((one) => one.until('old')));
    expect(ingress.status().hold).to.include({ ended: 'request-limit', peakWaiting: 3, holdId });
    expect(() => ingress.redirect(holdId, next.address)).to.throw('does not run');
    expect(() => ingress.release(holdId)).to.throw('request-limit');
    await client().get('/').until('old');
    expect(next.seen).to.deep.equal([]);
  });

  it('ends a hold by itself when it lasts too long', async () => {
    const { holdId } = ingress.hold({ maxRequests: 10, maxMs: 300 });
    const held = client().get('/');
    await waiting(1);
    await held.until('old');
    expect(ingress.status().hold).to.include({ ended: 'time-limit', peakWaiting: 1 });
    expect(() => ingress.redirect(holdId, next.address)).to.throw('time-limit');
  });

  it('refuses a second hold, and holds that no limit bounds', () => {
    ingress.hold(LIMITS);
    expect(() => ingress.hold(LIMITS)).to.throw('still runs');
    expect(() => ingress.release(99)).to.throw('does not run');
    ingress.release(1);
    for (const maxMs of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => ingress.hold({ maxRequests: 1, maxMs })).to.throw('maxMs');
    }
    expect(ingress.hold(LIMITS).holdId).to.equal(2);
  });

  it('drains what is in flight, and says when that does not end', async () => {
    const stuck = client().get('/never');
    await eventually(() => ingress.status().inFlight === 1);
    let refusal = '';
    await ingress.drain(20).catch((error: Error) => {
      refusal = error.message;
    });
    expect(refusal).to.include('1 requests still in flight after 20 ms');
    const drained = ingress.drain(5_000);
    stuck.socket.destroy();
    await drained;
    expect(ingress.status().inFlight).to.equal(0);
  });

  it('does not forward for a client that left while held', async () => {
    const { holdId } = ingress.hold(LIMITS);
    const gone = client().get('/gone');
    await waiting(1);
    gone.socket.destroy();
    await waiting(0);
    ingress.release(holdId);
    await client().get('/here').until('old');
    expect(old.seen).to.deep.equal(['GET /here']);
    expect(ingress.status()).to.deep.include({ forwarded: 1, broken: {} });
  });
});
