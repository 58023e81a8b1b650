/** Requests that the testbed itself makes through the ingress, with what a client would expect back. */

/**
 * One request and its expected answer. Exchanges of one list share a cookie jar and run in order.
 *
 * Texts (path, form, expected texts) may hold `@@unique@@`, which becomes a token of lower-case letters and
 * digits that is another one for every run and every concurrent copy of the list, and `@@NAME@@`, which
 * becomes what an earlier exchange of the list captured as NAME.
 */
export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Form fields of a POST, sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly status: number;
    /** Text that the body must hold; each one. */
    readonly contains: readonly string[];
  };
  /** Regular expressions by NAME; the first group's match in the body is captured. No match is a failure. */
  readonly capture?: Readonly<Record<string, string>>;
}
