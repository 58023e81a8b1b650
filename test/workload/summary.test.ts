import { expect } from 'chai';
import fc from 'fast-check';
import { AnswerStore } from '../../harness/workload/answer-store.ts';
import { wallToTrial } from '../../harness/workload/clock-mapping.ts';
import { OUTCOMES, type StreamPoint } from '../../harness/workload/k6-stream.ts';
import { scheduleOf } from '../../harness/workload/schedule.ts';
import { summarize } from '../../harness/workload/summary.ts';

const WALL_MS = 1_700_000_000_000;

function answer(startedMs: number, outcome: (typeof OUTCOMES)[number], latencyMs: number): StreamPoint {
  return {
    point: 'answer',
    startedWallMs: WALL_MS + startedMs,
    recordedWallMs: WALL_MS + startedMs + latencyMs,
    latencyMs,
    interaction: 'Home',
    outcome,
    status: outcome === 'ok' ? 200 : 0,
  };
}

function summaryOf(
  points: readonly StreamPoint[],
  ratePerSecond: number,
  horizon: { startMs: number; endMs: number },
) {
  const store = new AnswerStore(100_000);
  for (const point of points) store.add(point);
  return summarize(
    store,
    { ratePerSecond, timeoutMs: 5000, toTrialMs: (wallMs) => wallMs - WALL_MS },
    { phaseAt: (ms) => (ms < horizon.startMs ? 'before' : 'after'), horizon },
  );
}

describe('the clients side of a trial is summed up', () => {
  it('finds when requests were due although some began late and came in any order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer(),
        (lateness, rate, salt) => {
          // The first begins on time; lateness cannot let a later request overtake (k6 starts them in order).
          let last = 0;
          const started = lateness.map((late, n) => {
            last = Math.max(last, (n * 1000) / rate + (n === 0 ? 0 : late));
            return last;
          });
          const order = started
            .map((_, n) => n)
            .sort((a, b) => ((a * 7919 + salt) % 101) - ((b * 7919 + salt) % 101));
          const { dueWallMs, lateMs } = scheduleOf(
            Float64Array.from(order, (n) => started[n] as number),
            rate,
          );
          const due = [...dueWallMs].sort((a, b) => a - b);
          due.forEach((ms, n) => {
            expect(ms).to.be.closeTo((n * 1000) / rate, 1e-6);
          });
          expect(Math.max(...lateMs)).to.be.closeTo(
            Math.max(...started.map((ms, n) => ms - (n * 1000) / rate)),
            1e-3,
          );
        },
      ),
    );
  });

  it('counts every request once, in its second, its bin and the horizon', () => {
    const outcome = fc.constantFrom(...OUTCOMES, 'dropped' as const);
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 20, maxLength: 120 }), (outcomes) => {
        // 10 requests a second from 500 ms on.
        const points = outcomes.map((one, n): StreamPoint => {
          const atMs = 500 + n * 100;
          return one === 'dropped'
            ? { point: 'dropped', atWallMs: WALL_MS + atMs, count: 1 }
            : answer(atMs, one, one === 'timeout' ? 5000 : 1 + (n % 50));
        });
        const { rows, bins, horizon } = summaryOf(points, 10, { startMs: 1000, endMs: 2000 });
        const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
        expect(sum(rows.map(({ offered }) => offered))).to.equal(outcomes.length);
        expect(sum(bins.map(({ offered }) => offered))).to.equal(outcomes.length);
        expect(sum(bins.map(({ ok }) => ok))).to.equal(outcomes.filter((one) => one === 'ok').length);
        for (const row of rows) expect(row.ok + row.failed + row.dropped).to.equal(row.offered);
        const inHorizon = outcomes.slice(5, 15);
        expect(horizon.offered).to.equal(10);
        expect(horizon.ok).to.equal(inHorizon.filter((one) => one === 'ok').length);
        for (const name of [...OUTCOMES.slice(1), 'dropped'])
          expect(horizon.failed[name], name).to.equal(inHorizon.filter((one) => one === name).length);
      }),
    );
  });

  it('counts a timeout at the timeout and leaves other failures out of the latencies', () => {
    const served = [5, 1, 3, 2, 4].map((latencyMs, n) => answer(n * 100, 'ok', latencyMs));
    const failed = [
      answer(500, 'broken', 0.1),
      answer(600, 'error-status', 0.1),
      answer(700, 'wrong-content', 0.1),
    ];
    const timeouts = [answer(800, 'timeout', 5000), answer(900, 'timeout', 4999)];
    const { horizon, rows } = summaryOf([...served, ...failed, ...timeouts], 10, { startMs: 0, endMs: 1000 });
    expect(horizon).to.include({ p50Ms: 4, p95Ms: 5000, p99Ms: 5000, ok: 5, offered: 10, seconds: 1 });
    expect(rows[0]).to.include({ second: 0, p50_ms: 4, p99_ms: 5000, failed: 5, dropped: 0, phase: 'after' });
  });

  it('has no latency where nothing was served, and empty seconds are rows too', () => {
    const { rows, bins } = summaryOf([answer(0, 'broken', 1), answer(2000, 'ok', 1)], 0.5, {
      startMs: 0,
      endMs: 9000,
    });
    expect(rows.map(({ second, offered, p50_ms }) => [second, offered, p50_ms])).to.deep.equal([
      [0, 1, null],
      [1, 0, null],
      [2, 1, 1],
    ]);
    expect(bins).to.have.length(21);
  });

  it('counts requests that began over 50 ms late, or never', () => {
    const points = [answer(0, 'ok', 1), answer(140, 'ok', 1), answer(251, 'ok', 1)];
    const dropped: StreamPoint = { point: 'dropped', atWallMs: WALL_MS + 300, count: 1 };
    expect(summaryOf([...points, dropped], 10, { startMs: 0, endMs: 1000 }).lateStarts).to.equal(2);
  });

  it('carries wall times over to the trial clock through two readings', () => {
    const convert = wallToTrial({ wallMs: 1000, trialMs: 10 }, { wallMs: 2001, trialMs: 1010 });
    expect([convert(1000), convert(2001)]).to.deep.equal([10, 1010]);
    expect(convert(1500.5)).to.be.closeTo(510, 1e-9);
  });
});
