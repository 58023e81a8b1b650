/**
 * Observations: what is read from the running system to confirm that a fault is in effect. "Asked for" and
 * "in effect" are two things; only readings decide.
 */
import type { StepId } from './step.ts';
import type { HostName, Universe } from './topology.ts';

/** Something that can be read from a host without changing it. */
export type Observation =
  /** Exit code and output of a read-only command. */
  | { readonly read: 'command'; readonly argv: readonly string[] }
  /** Rows of a read-only statement, tab-separated with a header line. */
  | { readonly read: 'sql'; readonly database: string; readonly statement: string }
  /** What one of Imago's machines says of itself, as JSON: an `IngressReading` or a `DriverReading`. */
  | { readonly read: 'imago'; readonly machine: 'ingress' | 'driver' };

/** The ingress interceptor, at one moment. */
export interface IngressReading {
  /** Whether arriving requests wait. */
  readonly holding: boolean;
  readonly waiting: number;
  /** Forwarded requests whose answer is not complete. */
  readonly inFlight: number;
}

/** The driver with the egress interceptor E, at one moment. */
export interface DriverReading {
  /** Rows that were copied and found as they were read. */
  readonly copiedRows: number;
  /** Keys that changed on U_old and are still to be projected again. */
  readonly pendingKeys: number;
  /** Keys projected again since a comparison last found them equal. */
  readonly dirtyKeys: number;
  /** How far E has read U_old's log; null before it was started. */
  readonly egress: { readonly file: string; readonly position: number } | null;
}

/** What an observation gave. */
export interface Reading {
  readonly stepId: StepId;
  /** Fault whose evidence it is for. */
  readonly fault: string;
  readonly universe: Universe;
  readonly host: HostName;
  /** Milliseconds on the trial's clock when the reading was complete. */
  readonly atMs: number;
  readonly result:
    | { readonly taken: true; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
    | { readonly taken: false; readonly reason: string };
}

/** One finished step on the timeline. */
export interface StepOutcome {
  readonly stepId: StepId;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: 'done' | 'failed';
  /** Why it failed; empty when done. */
  readonly reason: string;
}

/** What `confirm` says of a fault. Unreadable is never the same as absent. */
export type Evidence =
  | { readonly verdict: 'found'; readonly summary: string; readonly stepIds: readonly StepId[] }
  | { readonly verdict: 'not-found'; readonly summary: string }
  | { readonly verdict: 'unreadable'; readonly summary: string };
