/** What the driver and the upgrader say to each other: one JSON object a line, as on every command channel. */
import type { Projection } from '../../contract/projection.ts';

/** Where a universe's database is, and as whom the driver goes there. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What `connect` is told. */
export interface ConnectRequest {
  /** Only read: SELECT on the database, REPLICATION SLAVE and BINLOG MONITOR are enough. */
  readonly old: DatabaseAddress;
  /** Written: everything, for the driver keeps its checkpoint in a schema of its own there. */
  readonly new: DatabaseAddress;
  readonly projections: readonly Projection[];
  /** Server id under which the logs are read; no replica of either universe may have it. */
  readonly serverId: number;
  /** Rows of a chunk at most; default 10,000. A chunk is also bounded in bytes. */
  readonly chunkRows?: number;
  /** Keys that may gather at most until a comparison finds them equal; default 200,000. More fails the transfer. */
  readonly dirtyKeys?: number;
  /** Keys that may wait at most to be projected again before reading the log waits for them; default 200,000. */
  readonly pendingKeys?: number;
}

/** A place in a binary log. */
export interface LogPosition {
  readonly file: string;
  readonly position: number;
}

/** How far one target table is. */
export interface TableStatus {
  readonly table: string;
  readonly copiedRows: number;
  readonly chunks: number;
  readonly done: boolean;
}

/** What is the case now. */
export interface DriverStatus {
  readonly phase: 'idle' | 'connected' | 'copying' | 'copied' | 'failed' | 'stopped';
  readonly tables: readonly TableStatus[];
  readonly copiedRows: number;
  /** Rows copied a second since `start-transfer`, pauses included; stands still once all are copied. */
  readonly rowsPerSecond: number;
  /** Keys that changed on U_old and are still to be projected again. */
  readonly pendingKeys: number;
  /** Keys projected again since a comparison last found them equal. */
  readonly dirtyKeys: number;
  /** How far E has read; absent before `start-egress`. */
  readonly egress?: LogPosition;
  /** Row events received whose keys wait. */
  readonly lagEvents: number;
  /** Share of the time spent copying, 0 to 1, that the driver stood back for clients. */
  readonly pauseShare: number;
  /** Share of the time that copying may use now, 0 to 1. */
  readonly duty: number;
  readonly residentBytes: number;
  /** Why the driver gave up; every later command is refused with it. */
  readonly failure?: string;
}

/** What `drain-egress` found. */
export interface DrainReport {
  /** End of U_old's log when it was asked. */
  readonly position: LogPosition;
  /** Keys projected again while draining. */
  readonly keys: number;
  readonly ms: number;
}

/** A row that differs, or is there on one side only. */
export interface Mismatch {
  readonly table: string;
  readonly key: string;
  readonly why: 'missing in U_new' | 'not in U_old' | 'differs';
}

/** What `compare` found. */
export interface ComparisonReport {
  readonly equal: boolean;
  readonly chunks: number;
  readonly rows: number;
  /** At most {@link MISMATCH_LIMIT}. */
  readonly mismatches: readonly Mismatch[];
  readonly ms: number;
}

/** Rows named in one report. */
export const MISMATCH_LIMIT = 100;

/** What `reconcile` did. */
export interface ReconcileReport {
  /** Keys that others wrote in U_new and that were projected again. */
  readonly keys: number;
  readonly ms: number;
}

/**
 * What can be asked of the driver. The right order is connect, start-egress, start-transfer, await-transfer, and
 * in a quiescence drain-egress, compare; no order but connect first is enforced, for a wrong procedure is to
 * have its real consequences.
 */
export type DriverCommand =
  | ({ readonly command: 'connect' } & ConnectRequest)
  /** E reads on from U_new's checkpoint, or from the log's present end. */
  | { readonly command: 'start-egress' }
  | { readonly command: 'start-transfer' }
  /** The 95th percentile of the latency that clients see, over the last second or so. */
  | { readonly command: 'pace'; readonly p95Ms: number }
  | { readonly command: 'status' }
  | { readonly command: 'await-transfer'; readonly timeoutMs: number }
  | { readonly command: 'drain-egress'; readonly timeoutMs: number }
  | { readonly command: 'compare'; readonly scope: 'dirty' | 'all' }
  | { readonly command: 'reconcile'; readonly timeoutMs: number }
  /** Changes seen by E wait until `resume`, so that a test finds in U_new what it wrote there. */
  | { readonly command: 'suspend' }
  | { readonly command: 'resume' }
  | { readonly command: 'stop' };
