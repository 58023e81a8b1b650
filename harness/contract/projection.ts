/**
 * One conversion, declared once: a target table as a projection over old tables. A rolling upgrade
 * backfills with it; a parallel universe is filled and compared with it.
 */

/** Rows of the target that come from one old table. */
export interface ProjectionSource {
  /** Old table that is read in key order. */
  readonly table: string;
  /** Integer key column of `table` by which chunks are cut. */
  readonly key: string;
  /**
   * `SELECT` list and `FROM` clause that yields the target's columns, in the order of `columns`; `table` is
   * aliased `s`. The reader appends `WHERE s.key > low AND s.key <= high`.
   */
  readonly select: string;
}

/** One target table. */
export interface Projection {
  readonly name: string;
  readonly target: string;
  /** Target columns, key first. */
  readonly columns: readonly string[];
  /** Primary key of the target; the first of `columns`. */
  readonly key: string;
  /** Old tables whose rows become rows of the target; their key ranges do not meet. */
  readonly sources: readonly ProjectionSource[];
}
