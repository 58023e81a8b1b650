/**
 * The smallest part of a whole that still does what the whole did: delta debugging (Zeller and Hildebrandt, "Simplifying
 * and Isolating Failure-Inducing Input", TSE 2002).
 */

/** Whether some parts do what all of them did; `unknown` where the trial does not tell, which is never taken for yes. */
export type PartsVerdict = 'same' | 'other' | 'unknown';

/** What is left, and how sure that is. */
export interface Minimum<T> {
  readonly parts: readonly T[];
  /**
   * `minimal`: without any one of its parts it is not the same, nor without any part at all. `none-needed`: it is the same
   * without any part. `unproven`: no smaller was found, but of some it could not be told. `stopped`: the trials that were
   * allowed are used up.
   */
  readonly proof: 'minimal' | 'none-needed' | 'unproven' | 'stopped';
}

/** Asks about some parts; undefined where no further trial is allowed. */
export type AskParts<T> = (parts: readonly T[]) => Promise<PartsVerdict | undefined>;

/**
 * No parts are asked about first: what is there without any of them says nothing of them.
 * @param whole parts that together do it; their order is kept. The same parts are asked about once.
 */
export async function ddmin<T>(whole: readonly T[], ask: AskParts<T>): Promise<Minimum<T>> {
  const known = new Map<string, PartsVerdict>();
  let stopped = false;
  const keyOf = (parts: readonly T[]) => JSON.stringify(parts.map((part) => whole.indexOf(part)));
  const isSame = async (parts: readonly T[]) => {
    const key = keyOf(parts);
    const verdict = known.get(key) ?? (stopped ? undefined : await ask(parts));
    if (verdict === undefined) stopped = true;
    else known.set(key, verdict);
    return verdict === 'same';
  };
  if (await isSame([])) return { parts: [], proof: 'none-needed' };
  let parts = whole;
  let pieces = 2;
  while (parts.length > 1 && !stopped) {
    const chunks = split(parts, pieces);
    const smaller = await firstSame(chunks, isSame);
    if (smaller !== undefined) {
      parts = smaller;
      pieces = 2;
      continue;
    }
    const rests = chunks.map((chunk) => parts.filter((part) => !chunk.includes(part)));
    const rest = pieces === 2 ? undefined : await firstSame(rests, isSame);
    if (rest !== undefined) {
      parts = rest;
      pieces = Math.max(2, pieces - 1);
    } else if (pieces >= parts.length) break;
    else pieces = Math.min(parts.length, 2 * pieces);
  }
  if (stopped) return { parts, proof: 'stopped' };
  const smaller = [[], ...parts.map((part) => parts.filter((other) => other !== part))];
  const open = smaller.some((some) => known.get(keyOf(some)) !== 'other');
  return { parts, proof: open ? 'unproven' : 'minimal' };
}

async function firstSame<T>(
  candidates: readonly (readonly T[])[],
  isSame: (parts: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  for (const candidate of candidates) if (await isSame(candidate)) return candidate;
  return undefined;
}

/** As many chunks of consecutive parts, of sizes that differ by one at most. */
function split<T>(parts: readonly T[], pieces: number): T[][] {
  return Array.from({ length: pieces }, (_, index) =>
    parts.slice(
      Math.floor((index * parts.length) / pieces),
      Math.floor(((index + 1) * parts.length) / pieces),
    ),
  );
}
