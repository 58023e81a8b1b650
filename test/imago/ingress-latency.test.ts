import { expect } from 'chai';
import { type Ingress, startIngress } from '../../harness/imago/ingress/ingress.ts';
import { LatencyWindow } from '../../harness/imago/ingress/latency.ts';
import { makeAuthority } from '../../harness/provision/certificates.ts';
import { eventually, type Origin, RawClient, startOrigin } from './origin.ts';

describe('ingress: latency of the latest answers', () => {
  it('is told by quantiles of what ended within a second', () => {
    const window = new LatencyWindow();
    expect(window.status(0)).to.deep.equal({ count: 0, p50Ms: null, p95Ms: null, longestHeldMs: 0 });
    window.add(100, 999, 999);
    for (let tookMs = 1; tookMs <= 100; tookMs += 1) {
      window.add(2_000 + tookMs, tookMs, tookMs === 7 ? 3 : 0);
    }
    expect(window.status(2_200)).to.deep.equal({ count: 100, p50Ms: 50, p95Ms: 95, longestHeldMs: 3 });
    expect(window.status(3_050)).to.deep.include({ count: 51, p50Ms: 75 });
    expect(window.status(9_000)).to.deep.include({ count: 0, p50Ms: null });
  });

  it('looks at the latest only, when there are very many', () => {
    const window = new LatencyWindow();
    for (let tookMs = 1; tookMs <= 10_000; tookMs += 1) {
      window.add(5_000, tookMs, 0);
    }
    expect(window.status(5_000)).to.deep.include({ count: 4_096, p50Ms: 10_000 - 2_048 });
  });

  describe('through an interceptor', () => {
    let ingress: Ingress;
    let origin: Origin;
    const open: RawClient[] = [];
    beforeEach(async () => {
      const authority = await makeAuthority();
      ingress = await startIngress({ host: '127.0.0.1', port: 0 });
      origin = await startOrigin(authority, (incoming, response) => {
        if (incoming.url === '/breaks') {
          incoming.socket.destroy();
        } else {
          response.end('done');
        }
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

    it('counts answers that are complete, and tells how long they were held before', async () => {
      const client = new RawClient(ingress.port);
      open.push(client);
      await client.get('/').until('done');
      expect(ingress.status().latency).to.include({ count: 1, longestHeldMs: 0 });
      const { holdId } = ingress.hold({ maxRequests: 10, maxMs: 10_000 });
      client.received = '';
      client.get('/');
      await eventually(() => (ingress.status().hold?.waiting ?? 0) === 1);
      ingress.release(holdId);
      await client.until('done');
      const { latency } = ingress.status();
      expect(latency.count).to.equal(2);
      expect(latency.longestHeldMs).to.be.above(0);
      expect(latency.p50Ms).to.be.above(0);
      await client.get('/breaks').untilEnd();
      expect(ingress.status().latency.count).to.equal(2);
    });
  });
});
