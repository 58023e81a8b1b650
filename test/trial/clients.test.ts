import { expect } from 'chai';
import { assertServedBefore } from '../../harness/trial/clients.ts';
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
