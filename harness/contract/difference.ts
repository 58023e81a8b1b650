/**
 * What the new release answers otherwise than the old one, on purpose, and which answers a test write changes.
 * A parallel universe's answers are compared with the old ones; everything not declared here must be equal.
 */

/**
 * Requests that something holds for: `METHOD PATH` without the query, such as `GET /app/items`. A `*` at the
 * end stands for any rest; `*` alone for every request.
 */
export type RoutePattern = string;

interface DifferenceBase {
  readonly routes: readonly RoutePattern[];
  /** Why the new release differs there: for people who read the verdict's evidence. */
  readonly reason: string;
}

/**
 * One declared difference. It is a promise, not a permission: an answer of the new release that does not
 * differ as declared is a mismatch (`column` excepted, which says *may*).
 *
 * A place is a path of element names from `html`: `html/head/title#text`, `html/body@data-release`; an element
 * with an id is written `tag#id`, the second of its name among its siblings `tag:2`.
 */
export type DeclaredDifference =
  /** The header's value in each release; null: absent. */
  | (DifferenceBase & {
      readonly kind: 'header';
      readonly name: string;
      readonly old: string | null;
      readonly new: string | null;
    })
  /** In the text or attribute at the place, the first `old` has become `new`. */
  | (DifferenceBase & {
      readonly kind: 'value';
      readonly place: string;
      readonly old: string;
      readonly new: string;
    })
  /** The elements at the place, which only one release has. */
  | (DifferenceBase & { readonly kind: 'element'; readonly place: string; readonly only: 'old' | 'new' })
  /** Tables of the new release may have a further column under this heading. */
  | (DifferenceBase & { readonly kind: 'column'; readonly heading: string });

/**
 * Which links a write's consequences can be seen behind. Test writes are made in the new universe beside the
 * ones that reach it from the old, so such pages, and rows that link to them, differ until it is reconciled.
 */
export interface WriteFootprint {
  readonly write: RoutePattern;
  /**
   * Links, such as `/app/bids?item=@@form:item@@`: `@@form:NAME@@` is the write's form field, `@@body:NAME@@` an
   * attribute of the body element of either universe's answer. Further parameters of a link do not matter.
   */
  readonly touches: readonly string[];
  /** Links to lists that get another row: rows more or fewer there, and what stands outside of rows, may differ. */
  readonly lists?: readonly string[];
}

/** What a comparison of both releases has to know about a scenario. */
export interface Comparison {
  readonly differences: readonly DeclaredDifference[];
  readonly footprints: readonly WriteFootprint[];
  /** Paths that clients seldom ask for and that must answer alike, such as protected areas. */
  readonly paths: readonly string[];
}
