/** What the tester and the upgrader say to each other, as numbered JSON lines on standard input and output. */
import type { Comparison } from '../../contract/difference.ts';
import type { Exchange } from '../../contract/exchange.ts';
import type { UpstreamAddress } from '../ingress/protocol.ts';

/** How much the tester may do at once. All are upper bounds; what is beyond them is dropped and counted. */
export interface TesterLimits {
  /** Mirrored requests a second that are sent to the new universe; half a second's worth may come at once. */
  readonly requestsPerSecond: number;
  /** Requests to the new universe at the same time. */
  readonly maxAtOnce: number;
  /** Mirrored requests that wait for the old universe's answer. */
  readonly maxWaiting: number;
  /** Reads a second that the old universe is asked beyond its clients' own, for learning and asking again. */
  readonly oldReadsPerSecond: number;
  /** Mismatches that are asked again at the same time. */
  readonly maxAskedAgain: number;
  /** Longest time for one answer; clients wait 5 s. */
  readonly answerTimeoutMs: number;
  /** Pauses before each time that a mismatch is asked again. */
  readonly pausesMs: readonly number[];
}

/** Default limits, for a system of 150 requests/s and a new universe with half a machine to itself. */
export const DEFAULT_LIMITS: TesterLimits = {
  requestsPerSecond: 40,
  maxAtOnce: 8,
  maxWaiting: 256,
  oldReadsPerSecond: 10,
  maxAskedAgain: 24,
  answerTimeoutMs: 5_000,
  // Data lags by tens of milliseconds, by hundreds where cores run short.
  pausesMs: [150, 500, 1_200],
};

/** What can be asked of the tester. */
export type TesterCommand =
  /** Which universes to compare, how, and on which port the ingress' mirror connects (0: any). First command. */
  | {
      readonly command: 'connect';
      readonly old: UpstreamAddress;
      readonly new: UpstreamAddress;
      readonly listenPort: number;
      readonly comparison: Comparison;
      /** Where absent, `DEFAULT_LIMITS`. */
      readonly limits?: Partial<TesterLimits>;
    }
  /** Makes a walk through the new universe. Result: `IntegrationResult`. */
  | {
      readonly command: 'integration';
      readonly exchanges: readonly Exchange[];
      readonly timeoutMs: number;
    }
  /**
   * Listens for the mirror and begins. With `learnOnly`, nothing is sent to the new universe; what was learned
   * is kept by the next `start`. Result: `{ port }`.
   */
  | { readonly command: 'start'; readonly learnOnly?: boolean }
  /** Waits until enough was compared, or the rule has failed, or time is up. Result: `TesterVerdict`. */
  | { readonly command: 'verdict'; readonly minimumCompared: number; readonly timeoutMs: number }
  /** Takes and sends nothing more; replies once nothing is under way in the new universe. Result: `TesterStopped`. */
  | { readonly command: 'stop' };

/** How the walk went. */
export interface IntegrationResult {
  readonly held: boolean;
  /** The first failure; empty when it held. */
  readonly reason: string;
}

/** In what an answer of the new universe differs. */
export type MismatchKind = 'status' | 'header' | 'body' | 'no-answer';

/** One confirmed mismatch: asked again, and neither lag, chance, a test write nor the new release explains it. */
export interface Mismatch {
  /** `METHOD PATH` with the query, shortened. */
  readonly request: string;
  /** Kind of request: method, path with numbers left out, names of the parameters. */
  readonly route: string;
  readonly kind: MismatchKind;
  /** Place and both values, shortened. */
  readonly detail: string;
  /** How often it was asked again. */
  readonly askedAgain: number;
}

/** What the compare engine says. */
export interface TesterVerdict {
  readonly passed: boolean;
  /** Which part of the rule decided, in one line. */
  readonly reason: string;
  readonly learned: {
    /** Reads that were repeated on the old universe. */
    readonly requests: number;
    /** Places that were found to differ by themselves. */
    readonly volatile: number;
    /** The first of them, as `ROUTE PLACE`. */
    readonly places: readonly string[];
  };
  /** Requests of which both answers were judged: agreed, excused or mismatched. */
  readonly compared: number;
  readonly agreed: number;
  /** Of those agreed, how many did so only when they were asked again: lag. */
  readonly agreedLater: number;
  /** Mismatches that something other than a fault explains, by what explains them. */
  readonly excused: Readonly<Record<string, number>>;
  readonly mismatched: number;
  /** Mirrored requests that were never judged, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** The first of the mismatches. */
  readonly mismatches: readonly Mismatch[];
}

/** What the tester did since `start`. */
export interface TesterStopped {
  /** Requests sent to the new universe, first ones and repetitions. */
  readonly sent: number;
  /** Of those, requests that may have changed its data. */
  readonly writes: number;
}
