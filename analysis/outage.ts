/** How long nobody was served. */
import type { BinsRow } from '../results/schema.ts';
import { BIN_MS } from '../results/series.ts';
import { OUTAGE_SERVED_SHARE, OUTAGE_WINDOW_MS, OUTAGE_WINDOW_REQUESTS } from './rules.ts';

/** The part of a trial in which harm is counted. */
export interface Span {
  readonly startMs: number;
  readonly seconds: number;
}

/**
 * Seconds of the span that lie in at least one window of at least 1 s in which at least 20 requests were offered
 * and at most 5 % of them served. Shorter gaps count as failed requests, not as outage. Resolution 100 ms.
 * Null where no bin lies in the span: then nothing is known.
 */
export function outageSeconds(bins: readonly BinsRow[], span: Span, ratePerSecond: number): number | null {
  const count = Math.round((span.seconds * 1000) / BIN_MS);
  const offered = new Array<number>(count).fill(0);
  const served = new Array<number>(count).fill(0);
  let seen = 0;
  for (const bin of bins) {
    const index = Math.floor((bin.start_ms - span.startMs) / BIN_MS);
    if (index < 0 || index >= count) continue;
    offered[index] = (offered[index] ?? 0) + bin.offered;
    served[index] = (served[index] ?? 0) + bin.ok;
    seen += 1;
  }
  if (seen === 0) return null;
  const dark = darkBins(offered, served, windowBins(ratePerSecond));
  return (dark.filter(Boolean).length * BIN_MS) / 1000;
}

/** Bins of a window: 1 s, or as long as it takes to offer enough requests. */
function windowBins(ratePerSecond: number): number {
  const enoughMs = ratePerSecond > 0 ? (OUTAGE_WINDOW_REQUESTS / ratePerSecond) * 1000 : OUTAGE_WINDOW_MS;
  return Math.ceil(Math.max(OUTAGE_WINDOW_MS, enoughMs) / BIN_MS);
}

/** Marks every bin that lies in a dark window: at low rates most bins of one have no request. */
function darkBins(offered: readonly number[], served: readonly number[], width: number): boolean[] {
  const dark = new Array<boolean>(offered.length).fill(false);
  let offeredInWindow = 0;
  let servedInWindow = 0;
  let markedUpTo = 0;
  for (let end = 0; end < offered.length; end += 1) {
    offeredInWindow += offered[end] ?? 0;
    servedInWindow += served[end] ?? 0;
    if (end >= width) {
      offeredInWindow -= offered[end - width] ?? 0;
      servedInWindow -= served[end - width] ?? 0;
    }
    if (end < width - 1 || offeredInWindow < OUTAGE_WINDOW_REQUESTS) continue;
    if (servedInWindow > OUTAGE_SERVED_SHARE * offeredInWindow) continue;
    dark.fill(true, Math.max(markedUpTo, end - width + 1), end + 1);
    markedUpTo = end + 1;
  }
  return dark;
}
