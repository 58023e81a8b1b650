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

/** How long the latest answers took, those completed within a second. */
export interface LatencyStatus {
  /** Answers looked at: at most 4096, the latest. */
  readonly count: number;
  /** From forwarding the request's head to the end of the answer; null of none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** The longest that one of them was held before, which is not part of the others; 0 when none was. */
  readonly longestHeldMs: number;
}

/** How much the mirror may keep. What is beyond is left out and told as such; clients never wait for it. */
export interface MirrorLimits {
  /** Bytes kept in all; past it messages are dropped. */
  readonly bufferedBytes: number;
  /** Bytes of one body; longer ones are cut there and marked. */
  readonly bodyBytes: number;
}

/** Where live requests are told, as frames of `mirror-frames.ts`. */
export interface MirrorRequest {
  readonly host: string;
  readonly port: number;
  readonly limits: MirrorLimits;
  /** 1 tells every request, 2 every second one. */
  readonly everyNth: number;
}

/** A mirror, running or stopped. Messages are requests, answers and losses. */
export interface MirrorStatus {
  /** Messages that the connection took. */
  readonly sent: number;
  /** Messages for which there was no room, or no tester any more; the answer to a dropped request is not one. */
  readonly dropped: number;
  /** Whether the tester is there. */
  readonly connected: boolean;
}

/** What is done to requests on purpose, for a time. */
export interface DisturbanceRequest {
  /** Answers are withheld until this many times as long as the system took for them has passed; 1 withholds none. */
  readonly latencyFactor: number;
  /** Share of requests that are answered 503 and never reach the system; 1 is an outage. */
  readonly refusedShare: number;
  readonly forMs: number;
}

/** What disturbances did since the interceptor started; nothing but zeros where there was none. */
export interface DisturbanceStatus {
  readonly running: boolean;
  /** Requests that arrived while one ran, and those of them that were refused. */
  readonly met: number;
  readonly refused: number;
  /** The longest time from one refusal to another between which no request was let through, ms. */
  readonly longestRefusalMs: number;
  /** Answers that were withheld, how long the system took for all of them, and how long they were withheld, ms. */
  readonly withheld: number;
  readonly tookMs: number;
  readonly withheldMs: number;
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
  readonly latency: LatencyStatus;
  readonly disturbance: DisturbanceStatus;
  /** The latest mirror; absent when there was none. */
  readonly mirror?: MirrorStatus;
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
  | { readonly command: 'release'; readonly holdId: number }
  /** Disturbs requests that arrive from now on, for a time. Refused while another disturbance runs. */
  | ({ readonly command: 'disturb' } & DisturbanceRequest)
  /** Requests forwarded from now on are told to a tester. Refused while another mirror runs. */
  | ({ readonly command: 'mirror' } & MirrorRequest)
  /** Ends the mirror and replies with its counts. Refused when none runs. */
  | { readonly command: 'mirror-stop' };
