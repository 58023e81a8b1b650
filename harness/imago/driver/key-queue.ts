/**
 * Keys of one table that changed on U_old: those still to be projected again (pending), and those projected again
 * since a comparison last found them equal (dirty). Positions are ranks in U_old's log.
 */
import type { AsOf } from './log-position.ts';

interface Pending {
  /** Where reading must begin again if the driver dies before this key is applied: before its transaction. */
  readonly since: number;
  /** End of the latest transaction that touched it: a row read before this place is too old. */
  readonly until: number;
}

/** The copy of a table moves along its keys: up to `copied` they are written, up to `reading` they are under way. */
export type Reach = bigint | 'none' | 'all';

/** Keys of one table. */
export class KeyQueue {
  /** In order of `since`: a key that is touched again keeps its place. */
  readonly #pending = new Map<bigint, Pending>();
  readonly #dirty = new Map<bigint, number>();
  #copied: Reach = 'none';
  #reading: Reach = 'none';
  /** End of the latest transaction that touched a key which no chunk had reached. */
  #passedOver = 0;

  get pendingCount(): number {
    return this.#pending.size;
  }

  get dirtyCount(): number {
    return this.#dirty.size;
  }

  get copied(): Reach {
    return this.#copied;
  }

  /** Rank from which reading must begin again; absent with nothing pending. */
  get oldest(): number | undefined {
    return this.#pending.values().next().value?.since;
  }

  /**
   * From now on keys up to here are kept; call it before the chunk is read, or a change falls in between.
   * @returns the place in the log that the reading must see, for changes up to there were not kept
   */
  beginReading(reach: Reach): number {
    this.#reading = reach;
    return this.#passedOver;
  }

  /** The chunk up to here is written: its keys may be applied. */
  endWriting(reach: Reach): void {
    this.#copied = reach;
  }

  /**
   * A transaction touched this key.
   * @returns whether it is kept; a key that no chunk has reached needs no work, for a later chunk reads it
   */
  touch(key: bigint, since: number, until: number): boolean {
    if (!reached(this.#reading, key)) {
      this.#passedOver = Math.max(this.#passedOver, until);
      return false;
    }
    const known = this.#pending.get(key);
    this.#pending.set(key, { since: known?.since ?? since, until: Math.max(until, known?.until ?? 0) });
    return true;
  }

  /** Whether the chunk that has this key is written. */
  isCopied(key: bigint): boolean {
    return reached(this.#copied, key);
  }

  /** Keys that may be applied now, at most `limit`, and the place up to which a reader must see. */
  ready(limit: number): { readonly keys: bigint[]; readonly until: number } {
    const keys: bigint[] = [];
    let latest = 0;
    for (const [key, { until }] of this.#pending) {
      if (keys.length >= limit) {
        break;
      }
      if (reached(this.#copied, key)) {
        keys.push(key);
        latest = Math.max(latest, until);
      }
    }
    return { keys, until: latest };
  }

  /** What `oldest` will be once these are applied as of `seen`. */
  oldestWithout(keys: ReadonlySet<bigint>, seen: number): number | undefined {
    for (const [key, { since, until }] of this.#pending) {
      if (!keys.has(key) || until > seen || !this.isCopied(key)) {
        return since;
      }
    }
    return undefined;
  }

  /**
   * These keys were written from rows as of then. One that was touched since stays pending, and so does one of a chunk
   * under way, which was in the way of others: that chunk may have been read before.
   */
  applied(keys: Iterable<bigint>, { seen, latest }: AsOf): void {
    for (const key of keys) {
      const pending = this.#pending.get(key);
      if (pending !== undefined && pending.until <= seen && this.isCopied(key)) {
        this.#pending.delete(key);
      }
      this.#markDirty(key, latest);
    }
  }

  /** Marks keys to be compared; they were written from rows of this place in the log, or of an earlier one. */
  markDirty(keys: Iterable<bigint>, latest: number): void {
    for (const key of keys) this.#markDirty(key, latest);
  }

  #markDirty(key: bigint, latest: number): void {
    this.#dirty.set(key, Math.max(latest, this.#dirty.get(key) ?? 0));
  }

  dirtyKeys(): bigint[] {
    return [...this.#dirty.keys()];
  }

  /**
   * These were found equal to U_old as of `seen`. One that was written from a later state, or is pending, stays.
   * @returns those that are dirty no more
   */
  foundEqual(keys: Iterable<bigint>, seen: number): bigint[] {
    const cleared: bigint[] = [];
    for (const key of keys) {
      const written = this.#dirty.get(key);
      if (written !== undefined && written <= seen && !this.#pending.has(key)) {
        this.#dirty.delete(key);
        cleared.push(key);
      }
    }
    return cleared;
  }
}

function reached(reach: Reach, key: bigint): boolean {
  return reach === 'all' || (reach !== 'none' && key <= reach);
}
