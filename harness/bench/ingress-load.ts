/** One measurement on the stand: load on one way to the origin, and what it took. */
import { z } from 'zod';
import type { Stand, StandHost } from './ingress-stand.ts';

/** Ways to the origin that are compared. */
export const WAYS = ['direct', 'haproxy', 'ingress', 'mirroring'] as const;
export type Way = (typeof WAYS)[number];

/** What one way did under one load. */
export interface Measurement {
  readonly way: Way;
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Share of the time in which the proxy kept its core busy; null where there is none. */
  readonly proxyBusy: number | null;
  /** Cores that origin, load tool and reader used together. */
  readonly otherCores: number;
  /** Share of the mirror's messages that were dropped; null where nothing is mirrored. */
  readonly dropped: number | null;
}

/** How much load: as much as is answered, or a steady rate. */
export interface Load {
  readonly seconds: number;
  readonly connections: number;
  /** 0: as many as are answered. */
  readonly perSecond: number;
}

const TIMEOUT_BEYOND_MS = 20_000;
const MIRROR_LIMITS = { bufferedBytes: 16_777_216, bodyBytes: 65_536 };
const Report = z.object({
  requests: z.number(),
  durationUs: z.number(),
  failed: z.number(),
  p50Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
});

/** Puts load on one way. @throws if a single request fails: a failed one is answered sooner than a served one */
export async function measure(stand: Stand, way: Way, load: Load): Promise<Measurement> {
  if (way === 'mirroring') {
    await stand.control.mirror({ ...stand.sink, limits: MIRROR_LIMITS, everyNth: 1 });
  }
  const proxy: StandHost | undefined =
    way === 'direct' ? undefined : way === 'haproxy' ? 'haproxy' : 'ingress';
  const others = ['origin', 'load', 'sink'] as const;
  const usedS = async (): Promise<readonly number[]> =>
    Promise.all([...(proxy === undefined ? [] : [proxy]), ...others].map(stand.cpuS));
  const before = await usedS();
  const report = await putLoad(stand, stand.urls[way === 'mirroring' ? 'ingress' : way], load);
  const after = await usedS();
  const seconds = report.durationUs / 1e6;
  const used = after.map((value, index) => (value - (before[index] as number)) / seconds);
  const otherUsed = proxy === undefined ? used : used.slice(1);
  return {
    way,
    requests: report.requests,
    perSecond: report.requests / seconds,
    p50Ms: report.p50Us / 1e3,
    p95Ms: report.p95Us / 1e3,
    p99Ms: report.p99Us / 1e3,
    proxyBusy: proxy === undefined ? null : (used[0] as number),
    otherCores: otherUsed.reduce((sum, value) => sum + value, 0),
    dropped: way === 'mirroring' ? await droppedShare(stand) : null,
  };
}

async function putLoad(stand: Stand, url: string, load: Load): Promise<z.infer<typeof Report>> {
  const argv = [
    'wrk',
    '--threads=1',
    `--connections=${load.connections}`,
    `--duration=${load.seconds}s`,
    '--timeout=5s',
    '--script=/opt/bench/load.lua',
    url,
    '--',
    String(load.perSecond),
    String(load.connections),
  ];
  const { exitCode, stdout, stderr } = await stand.shell.run(argv, {
    timeoutMs: load.seconds * 1_000 + TIMEOUT_BEYOND_MS,
  });
  const line = stdout.split('\n').findLast((text) => text.startsWith('{'));
  if (exitCode !== 0 || line === undefined) {
    throw new Error(`bench ingress: wrk ended with ${exitCode}: ${stdout}${stderr}`);
  }
  const report = Report.parse(JSON.parse(line));
  if (report.failed > 0 || report.requests === 0) {
    throw new Error(`bench ingress: ${report.failed} of ${report.requests} requests to ${url} failed`);
  }
  return report;
}

async function droppedShare(stand: Stand): Promise<number> {
  const { sent, dropped } = await stand.control.mirrorStop();
  if (sent === 0) {
    throw new Error(`bench ingress: the mirror sent nothing and dropped ${dropped}`);
  }
  return dropped / (sent + dropped);
}
