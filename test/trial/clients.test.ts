import { expect } from 'chai';
import { assertCovers, assertServedBefore } from '../../harness/trial/clients.ts';
import type { Phase, RequestsRow } from '../../results/schema.ts';

function second(phase: Phase, ok: number): RequestsRow {
  const latencies = { p50_ms: null, p95_ms: null, p99_ms: null };
  return { second: 0, phase, offered: 150, ok, failed: 150 - ok, dropped: 0, ...latencies };
}

describe('what clients met before the upgrade', () => {
  it('is the testbed’s failure where they were not served, whatever came afterwards', () => {
    expect(() => assertServedBefore([second('before', 0), second('mid-upgrade', 150)])).to.throw(
      'before the upgrade only 0 of 150 requests were served',
    );
    expect(() => assertServedBefore([second('before', 150), second('before', 130)])).to.throw(/280 of 300/);
  });

  it('may miss a request, and says nothing of the warm-up and of the upgrade', () => {
    assertServedBefore([second('warm-up', 0), second('before', 148), second('mid-upgrade', 0)]);
  });
});

describe('the load of a trial', () => {
  const until = (lastMs: number) => [0, lastMs].map((start_ms) => ({ start_ms, offered: 15, ok: 15 }));

  it('is the testbed’s failure where it ended before the horizon did, by the milliseconds that it missed', () => {
    expect(() => assertCovers(until(9_600), 100, 10_000)).to.throw(
      'the load ended 290 ms before the horizon',
    );
    expect(() => assertCovers([], 100, 10_000)).to.throw('the load ended');
  });

  it('may end with the horizon, and at a low rate with the last request that was due in it', () => {
    assertCovers(until(9_900), 100, 10_000);
    assertCovers(until(9_200), 1, 10_000);
  });
});
