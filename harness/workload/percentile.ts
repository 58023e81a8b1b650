/**
 * The smallest of the values that at least `share` of them do not exceed (nearest rank): exact, and always a
 * value that was seen. `null` when there are none.
 * @param sorted ascending
 * @param share above 0, at most 1
 */
export function percentileOf(sorted: Float32Array, share: number): number | null {
  if (sorted.length === 0) return null;
  const rank = Math.max(1, Math.ceil(share * sorted.length - 1e-9));
  return sorted[rank - 1] as number;
}
