/**
 * The steps of Imago's own procedure (Dumitraş & Narasimhan 2009, slides, "Imago"): what its interceptors, driver
 * and tester are told, one command a step, so that each can be omitted, done wrongly or put in another place like any other.
 */
import type { Comparison } from './difference.ts';
import type { Exchange } from './exchange.ts';
import type { Projection } from './projection.ts';

/** Under which U_new's server counts the driver's transactions, apart from those of others. */
export type DriverDomain = 4_242;

/** A universe's database as the driver finds it. Text may hold placeholders of that universe. */
export interface DatabaseEntry {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A universe's entry as clients find it. Text may hold placeholders of that universe. */
export interface UniverseEntry {
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  readonly ca: string;
}

/** What is done, and with what. */
export type ImagoAction =
  /** Starts the driver's machine, and on it the driver, which connects to both databases. */
  | {
      readonly do: 'start-driver';
      readonly old: DatabaseEntry;
      readonly new: DatabaseEntry;
      readonly projections: readonly Projection[];
    }
  /** The egress interceptor E begins to read what U_old's database commits. */
  | { readonly do: 'start-egress' }
  /** The driver begins to copy; the step ends at once. */
  | { readonly do: 'start-transfer' }
  /** Waits until everything is copied, and each chunk was once found equal. */
  | { readonly do: 'await-transfer'; readonly limitMs: number }
  /** Quiescence: requests that arrive from now on wait at the ingress interceptor I, within limits. */
  | { readonly do: 'hold'; readonly maxRequests: number; readonly maxMs: number }
  /** Waits until I has no request in flight. */
  | { readonly do: 'drain-requests'; readonly limitMs: number }
  /** Waits until E has read to the end of the log and all of it is applied. */
  | { readonly do: 'drain-egress'; readonly limitMs: number }
  /** Compares what changed since it was last found equal, or everything; a difference fails the gate `checksums`. */
  | { readonly do: 'compare'; readonly scope: 'dirty' | 'all' }
  /** What waits at I is forwarded. */
  | { readonly do: 'release' }
  /** Starts the tester, and tells it both universes' entries and in what the releases differ on purpose. */
  | {
      readonly do: 'start-tester';
      readonly old: UniverseEntry;
      readonly new: UniverseEntry;
      readonly comparison: Comparison;
    }
  /** A user's walk through U_new; fails the gate `integration-tests`. */
  | { readonly do: 'integration'; readonly exchanges: readonly Exchange[]; readonly limitMs: number }
  /** I begins to mirror live requests to the tester, which asks U_new and compares. */
  | { readonly do: 'start-comparison' }
  /** Waits for the compare engine's verdict; fails the gate `compare-engine`. */
  | { readonly do: 'verdict'; readonly minimumCompared: number; readonly limitMs: number }
  | { readonly do: 'stop-comparison' }
  /** What the tests wrote in U_new is projected again from U_old. */
  | { readonly do: 'reconcile'; readonly limitMs: number }
  /** Sends all that I has not yet forwarded to U_new. */
  | { readonly do: 'redirect'; readonly new: UniverseEntry }
  /** Before they serve: U_new's machines wait for the live system's no longer, where cores run short. */
  | { readonly do: 'promote' }
  /** Ends the driver and removes its machine. */
  | { readonly do: 'stop-driver' }
  /** Aborts: ends holding, mirroring, driver and tester, whatever of it is under way. */
  | { readonly do: 'abort' }
  /** Removes U_new's hosts. */
  | { readonly do: 'drop-universe' };
