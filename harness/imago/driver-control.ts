/** The upgrader's side of the driver: typed commands over an exec into the driver's machine. */
import { type Exec, openCommandChannel } from './command-channel.ts';
import type {
  ComparisonReport,
  ConnectRequest,
  DrainReport,
  DriverCommand,
  DriverStatus,
  LogPosition,
  ReconcileReport,
} from './driver/protocol.ts';
import { INGRESS_NODE } from './ingress-control.ts';

export type { Exec } from './command-channel.ts';
export type {
  ComparisonReport,
  ConnectRequest,
  DatabaseAddress,
  DrainReport,
  DriverStatus,
  LogPosition,
  Mismatch,
  ReconcileReport,
} from './driver/protocol.ts';

/** Where the machine's image keeps the driver. */
export const DRIVER_MAIN = '/opt/upfault/driver.js';

/** Comparing everything takes as long as the data is large; this is a limit, not an estimate. */
const COMPARE_ALL_LIMIT_MS = 600_000;

/** What can be asked of the driver. All reject with what went wrong, and after a time limit. */
export interface DriverControl {
  /** Refuses tables without a key, columns that are not there, and a second driver. */
  readonly connect: (request: ConnectRequest) => Promise<void>;
  /** Where E reads from. */
  readonly startEgress: () => Promise<LogPosition>;
  readonly startTransfer: () => Promise<void>;
  readonly pace: (p95Ms: number) => Promise<void>;
  readonly status: () => Promise<DriverStatus>;
  /** Resolves once every table is copied and every chunk was equal once. */
  readonly awaitTransfer: (timeoutMs: number) => Promise<DriverStatus>;
  readonly drainEgress: (timeoutMs: number) => Promise<DrainReport>;
  readonly compare: (scope: 'dirty' | 'all') => Promise<ComparisonReport>;
  readonly reconcile: (timeoutMs: number) => Promise<ReconcileReport>;
  /** Changes seen by E wait until `resume`. */
  readonly suspend: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Ends the channel, and with it the driver. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a driver and opens its command channel.
 * @param argv - the driver's command line; the default is the image's
 */
export async function connectDriver(
  exec: Exec,
  argv: readonly string[] = [INGRESS_NODE, DRIVER_MAIN],
): Promise<DriverControl> {
  const channel = await openCommandChannel(exec, argv, 'driver');
  const ask = (command: DriverCommand, ownTimeMs?: number) => channel.ask(command, ownTimeMs);
  return {
    connect: async (request) => void (await ask({ command: 'connect', ...request }, 10_000)),
    startEgress: async () => (await ask({ command: 'start-egress' })) as LogPosition,
    startTransfer: async () => void (await ask({ command: 'start-transfer' })),
    pace: async (p95Ms) => void (await ask({ command: 'pace', p95Ms })),
    status: async () => (await ask({ command: 'status' })) as DriverStatus,
    awaitTransfer: async (timeoutMs) =>
      (await ask({ command: 'await-transfer', timeoutMs }, timeoutMs)) as DriverStatus,
    drainEgress: async (timeoutMs) =>
      (await ask({ command: 'drain-egress', timeoutMs }, timeoutMs)) as DrainReport,
    compare: async (scope) =>
      (await ask(
        { command: 'compare', scope },
        scope === 'all' ? COMPARE_ALL_LIMIT_MS : 0,
      )) as ComparisonReport,
    reconcile: async (timeoutMs) =>
      (await ask({ command: 'reconcile', timeoutMs }, timeoutMs)) as ReconcileReport,
    suspend: async () => void (await ask({ command: 'suspend' })),
    resume: async () => void (await ask({ command: 'resume' })),
    stop: async () => void (await ask({ command: 'stop' })),
    close: () => channel.close(),
  };
}
