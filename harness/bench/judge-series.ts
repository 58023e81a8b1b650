/** Series of a trial that never ran: requests, bins and events as many as the quick windows give. */
import type { BinsRow, RequestsRow, TrialEvent, TrialRecord } from '../../results/schema.ts';
import type { Plan } from '../contract/plan.ts';
import type { Random } from '../contract/random.ts';

/** Where the horizon begins. */
export const HORIZON_START_MS = 10_000;

/** What the clients of such a trial saw. */
export interface BenchLoad {
  readonly requests: readonly RequestsRow[];
  readonly bins: readonly BinsRow[];
  readonly horizon: TrialRecord['horizon'];
}

/** A load whose latency varies by an eighth; every fourth trial is slow, every fifth fails some requests. */
export function benchLoad({ windows, ratePerSecond }: Plan, random: Random): BenchLoad {
  const factor = (1 + (random.below(1000) - 500) / 4000) * (random.below(4) === 0 ? 3 : 1);
  const failing = random.below(5) === 0 ? 0.1 : 0;
  const firstSecond = HORIZON_START_MS / 1000 - windows.warmUpS - windows.beforeS;
  const seconds = windows.warmUpS + windows.beforeS + windows.horizonS + 1;
  const requests: RequestsRow[] = [];
  const bins: BinsRow[] = [];
  for (let second = firstSecond; second < firstSecond + seconds; second += 1) {
    const offered = Math.round(ratePerSecond / 10);
    const served = Array.from({ length: 10 }, () => (random.below(100) < failing * 100 ? 0 : offered));
    const ok = served.reduce((sum, count) => sum + count, 0);
    for (const [bin, count] of served.entries())
      bins.push({ start_ms: second * 1000 + bin * 100, offered, ok: count });
    const p95 = ok === 0 ? null : 6 * factor * (1 + random.below(1000) / 5000);
    requests.push({
      second,
      phase: phaseAt(second * 1000, windows.warmUpS, firstSecond),
      offered: offered * 10,
      ok,
      failed: offered * 10 - ok,
      dropped: 0,
      p50_ms: p95 === null ? null : p95 / 2.2,
      p95_ms: p95,
      p99_ms: p95 === null ? null : p95 * 1.8,
    });
  }
  const endMs = HORIZON_START_MS + windows.horizonS * 1000;
  const within = bins.filter(({ start_ms }) => start_ms >= HORIZON_START_MS && start_ms < endMs);
  const sum = (of: (bin: BinsRow) => number) => within.reduce((all, bin) => all + of(bin), 0);
  const [offered, ok] = [sum((bin) => bin.offered), sum((bin) => bin.ok)];
  return {
    requests,
    bins,
    horizon: {
      startMs: HORIZON_START_MS,
      seconds: windows.horizonS,
      offered,
      ok,
      failed: { 'error-status': offered - ok, timeout: 0, dropped: 0 },
      p50Ms: 2.7 * factor,
      p95Ms: 6 * factor,
      p99Ms: 11 * factor,
    },
  };
}

function phaseAt(ms: number, warmUpS: number, firstSecond: number): RequestsRow['phase'] {
  if (ms < (firstSecond + warmUpS) * 1000) return 'warm-up';
  if (ms < HORIZON_START_MS) return 'before';
  return ms < HORIZON_START_MS + 16_000 ? 'mid-upgrade' : 'after';
}

/** Each step of the plan begun and done, readings, and what ingress and driver tell each second. */
export function benchEvents(record: TrialRecord): TrialEvent[] {
  const events: TrialEvent[] = [
    { event: 'phase', atMs: 5000, phase: 'warm-up' },
    { event: 'phase', atMs: HORIZON_START_MS, phase: 'mid-upgrade' },
  ];
  const steps = record.upgrade.outcome === 'none' ? [] : record.plan;
  const stepMs = 16_000 / Math.max(1, steps.length);
  for (const [index, { stepId, kind, host, title }] of steps.entries()) {
    const startMs = HORIZON_START_MS + index * stepMs;
    const atMs = startMs + stepMs * 0.9;
    events.push({ event: 'step-start', atMs: startMs, stepId, kind, host, title });
    events.push({ event: 'step-end', atMs, stepId, startMs, outcome: 'done', reason: '' });
  }
  for (const { fault, stepIds, summary } of record.evidence)
    for (const stepId of stepIds)
      events.push({
        event: 'reading',
        atMs: 20_000,
        stepId,
        fault,
        host: 'web1',
        taken: true,
        exitCode: 0,
        excerpt: summary,
      });
  for (let second = 5; second < 39; second += 1) {
    const atMs = second * 1000 + 450.034638;
    events.push({
      event: 'ingress',
      atMs,
      inFlight: 3,
      peakInFlight: 53,
      forwarded: 150 * second,
      broken: 0,
    });
    if (record.approach === 'imago' && second < 22 && second >= 12)
      events.push({
        event: 'imago',
        atMs,
        what: 'transfer',
        figures: { copiedRows: 9000 * second, rowsPerSecond: 80_000, pauseShare: 0.25, p95Ms: 6 },
      });
  }
  events.push({ event: 'phase', atMs: 26_000, phase: 'after' });
  return events.sort((a, b) => a.atMs - b.atMs);
}
