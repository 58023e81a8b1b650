/** What the ingress interceptor and the supervisor say to each other: one JSON object a line. */

/** UNIX socket on which the interceptor takes commands, inside its container. */
export const COMMAND_SOCKET = '/run/upfault/ingress.sock';

/** Where requests go: the entry of a universe, and how it is verified. */
export interface UpstreamAddress {
  readonly host: string;
  readonly port: number;
  /** Name that its certificate must be for; also the Host that requests carry. */
  readonly serverName: string;
  /** PEM of the authority that clients trust. */
  readonly ca: string;
}

/** How much may wait while requests are held. Past a limit the hold ends by itself and all are forwarded. */
export interface HoldLimits {
  readonly maxRequests: number;
  readonly maxMs: number;
}

/** How a hold ended. */
export type HoldEnd = 'released' | 'time-limit' | 'request-limit';

/** One hold, running or ended. */
export interface HoldStatus {
  readonly holdId: number;
  readonly limits: HoldLimits;
  /** Requests waiting now. */
  readonly waiting: number;
  /** The most that waited at once. */
  readonly peakWaiting: number;
  /** Milliseconds since it began, or that it took. */
  readonly lastedMs: number;
  /** Absent while it runs. */
  readonly ended?: HoldEnd;
}

/** Counts since the interceptor started, and what is the case now. */
export interface IngressStatus {
  /** Where requests go now, without the authority; absent before `upstream`. */
  readonly upstream?: { readonly host: string; readonly port: number; readonly serverName: string };
  readonly connections: number;
  /** Connections turned away because there were too many. */
  readonly connectionsRefused: number;
  /** Requests forwarded whose answer is not complete. */
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly forwarded: number;
  /** Answers passed on completely, whatever their status. */
  readonly answered: number;
  /** Forwarded requests that ended in any other way, by reason. */
  readonly broken: Readonly<Record<string, number>>;
  /** Requests that were no HTTP/1.x and never forwarded. */
  readonly malformed: number;
  readonly bytesFromClients: number;
  readonly bytesToClients: number;
  /** The latest hold; absent when there was none. */
  readonly hold?: HoldStatus;
}

/** What can be asked of the interceptor. */
export type IngressCommand =
  /** First upstream, or another one at once (holding or not). */
  | { readonly command: 'upstream'; readonly upstream: UpstreamAddress }
  | { readonly command: 'status' }
  /** Requests arriving from now on wait. Refused while another hold runs. */
  | { readonly command: 'hold'; readonly limits: HoldLimits }
  /** Answers once nothing is in flight; fails after the time given. */
  | { readonly command: 'drain'; readonly timeoutMs: number }
  /** Everything not yet forwarded goes elsewhere. Refused, with no change, unless the hold still runs. */
  | { readonly command: 'redirect'; readonly holdId: number; readonly upstream: UpstreamAddress }
  /** Ends the hold: what waits is forwarded, in order of arrival. Refused unless the hold still runs. */
  | { readonly command: 'release'; readonly holdId: number };
