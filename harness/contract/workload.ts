/**
 * What a scenario's k6 script and the harness agree on.
 *
 * Environment that every script gets: `UPFAULT_URL` (base URL of the ingress), `UPFAULT_RATE` (requests a
 * second), `UPFAULT_OPENING_RATE` and `UPFAULT_OPENING_S` (another rate at first), `UPFAULT_DURATION_S` (with the
 * opening), `UPFAULT_SEED`, `UPFAULT_TIMEOUT_MS`, `UPFAULT_MAX_VUS`.
 *
 * The script runs one scenario with an open model (arrival rate) in which one iteration is one request. For every
 * request it adds one point to the Trend `upfault_answer`: value, the latency in milliseconds; tags
 * `interaction` and `outcome`; metadata `started` (epoch milliseconds when the iteration began, with
 * fraction where there is one), `status` (0 where there was no answer), and, for writes, `write`: a
 * `WorkloadWrite` as JSON.
 */

/** How a request ended for the client. Only `ok` counts as served. */
export type AnswerOutcome =
  /** The right status and the right page. */
  | 'ok'
  /** Another status than a client could expect. */
  | 'error-status'
  /** The right status, but not the page that was asked for. */
  | 'wrong-content'
  /** No answer within the client's timeout. */
  | 'timeout'
  /** The connection was refused, reset, or closed before the answer was complete. */
  | 'broken';

/** One request as a client saw it. */
export interface Answer {
  /** Milliseconds on the trial's clock at which the request was due. */
  readonly startedMs: number;
  readonly latencyMs: number;
  readonly interaction: string;
  readonly outcome: AnswerOutcome;
  readonly status: number;
  readonly write?: WorkloadWrite;
}

/** A write that a client asked for. Acknowledged when the answer was 2xx and named the request id. */
export interface WorkloadWrite {
  readonly kind: string;
  readonly requestId: string;
  readonly acknowledged: boolean;
  /** What must be read back, as text, by column name of the ledger's statement for this kind. */
  readonly fields: Readonly<Record<string, string>>;
}
