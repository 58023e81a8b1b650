/**
 * When each request was due. An open load is due at equal distances, whether or not the system (or the load
 * generator) keeps up; the stream only tells when each request began. The n-th to begin is the n-th that was
 * due, so the schedule follows from the order: first due time plus n periods. The first due time is the
 * latest at which nobody began before being due. An opening at another rate comes first.
 */

/** Due times in the order of `startedWallMs`, and how late each began; both in milliseconds. */
export interface Schedule {
  readonly dueWallMs: Float64Array;
  readonly lateMs: Float32Array;
}

/** The first seconds of a load, at a rate of their own. */
export interface Opening {
  readonly ratePerSecond: number;
  readonly seconds: number;
}

/**
 * @param startedWallMs when each request began (or was dropped), in any order
 * @param ratePerSecond requests that were due each second, after the opening
 */
export function scheduleOf(
  startedWallMs: Float64Array,
  ratePerSecond: number,
  opening: Opening = { ratePerSecond, seconds: 0 },
): Schedule {
  const inOpening = opening.ratePerSecond * opening.seconds;
  const dueAfterMs = (rank: number): number =>
    rank < inOpening
      ? (rank * 1000) / opening.ratePerSecond
      : opening.seconds * 1000 + ((rank - inOpening) * 1000) / ratePerSecond;
  const order = Uint32Array.from(startedWallMs.keys()).sort(
    (a, b) => (startedWallMs[a] as number) - (startedWallMs[b] as number),
  );
  let firstDueMs = Number.POSITIVE_INFINITY;
  order.forEach((row, rank) => {
    firstDueMs = Math.min(firstDueMs, (startedWallMs[row] as number) - dueAfterMs(rank));
  });
  const dueWallMs = new Float64Array(startedWallMs.length);
  const lateMs = new Float32Array(startedWallMs.length);
  order.forEach((row, rank) => {
    dueWallMs[row] = firstDueMs + dueAfterMs(rank);
    lateMs[row] = (startedWallMs[row] as number) - (dueWallMs[row] as number);
  });
  return { dueWallMs, lateMs };
}
