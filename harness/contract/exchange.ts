/** Requests that the testbed itself makes through the ingress, with what a client would expect back. */

/** One request and its expected answer. Exchanges of one list share a cookie jar and run in order. */
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
}
