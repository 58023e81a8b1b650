/**
 * Runs a scenario's k6 script against the ingress and keeps what the clients saw. A load generator that
 * dies, reports an error of its script, or offers less than it was asked to is the testbed's failure and
 * never an impact.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { WorkloadWrite } from '../contract/workload.ts';
import { AnswerStore } from './answer-store.ts';
import { type ClockPair, wallToTrial } from './clock-mapping.ts';
import { type DirectEntry, writeDirectEntry } from './direct-entry.ts';
import { K6Log } from './k6-log.ts';
import { parseStreamLine, type StreamPoint } from './k6-stream.ts';
import { lineSplitter } from './line-splitter.ts';
import type { Opening } from './schedule.ts';
import { type SummaryRequest, summarize, type WorkloadSummary } from './summary.ts';

/** Time for k6 to load the script and its clients, on top of the load's own duration. */
const START_ALLOWANCE_MS = 30_000;
/** Time for k6 to end by itself after it was asked to. */
const STOP_ALLOWANCE_MS = 10_000;
/** Share of the requests due that must have been offered by a load that ran to its end. */
const OFFERED_SHARE = 0.99;

/** What a load is made of. */
export interface WorkloadRequest {
  /** Path of the k6 binary. */
  readonly k6: string;
  /** Path of the scenario's script. */
  readonly script: string;
  /** Base URL of the ingress; only 127.0.0.1 is allowed, unless `direct` says that its name is there. */
  readonly url: string;
  /** The entry itself, for clients that speak TLS with it. */
  readonly direct?: DirectEntry;
  readonly ratePerSecond: number;
  /** Of the whole load, with its opening. */
  readonly durationS: number;
  /** Another rate at first; absent: none. */
  readonly opening?: Opening;
  readonly seed: number;
  readonly timeoutMs: number;
  /** Clients; when absent, as many as a total outage keeps waiting (`clientsFor`). */
  readonly maxVus?: number;
  /** The scenario's own variables, from its `WorkloadSpec`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Reads the wall clock and the trial's clock at one moment. */
  readonly readClocks: () => ClockPair;
}

/** How a load ended. */
export type WorkloadEnd =
  | {
      /** `completed`: ran for its whole duration; `stopped`: ended early by `stop`. */
      readonly ended: 'completed' | 'stopped';
      readonly writes: readonly WorkloadWrite[];
      readonly summarize: (request: SummaryRequest) => WorkloadSummary;
    }
  /** The testbed's own failure; the reason holds k6's last lines. */
  | { readonly ended: 'failed'; readonly reason: string };

/** A load under way. */
export interface RunningWorkload {
  readonly pid: number;
  /** Never rejects. */
  readonly done: Promise<WorkloadEnd>;
  /**
   * Requests answered or dropped, as far as k6 has told: it holds back up to 4 kB (two answers or so), which
   * come late when hardly anything is answered, and all come at the end.
   */
  readonly seen: () => number;
  /** Of those, the requests that were answered as they must be. */
  readonly served: () => number;
  /** When the first of those seen began, and with it the load; on the trial's clock, undefined while none is seen. */
  readonly begunMs: () => number | undefined;
  /**
   * Ends the load and waits until k6 is gone; what was answered before counts. Call it no earlier than one
   * client timeout after the last moment that matters, or requests still waiting then are left out.
   */
  readonly stop: () => Promise<void>;
}

/** Clients that are needed so that a total outage in which every request waits for its timeout drops none. */
export function clientsFor(ratePerSecond: number, timeoutMs: number): number {
  return Math.ceil(ratePerSecond * (timeoutMs / 1000 + 1));
}

/**
 * Clients that make their connections in a second of an opening, at most. At twice as many, handshakes take two cores
 * until clients give up waiting and begin anew, and the system does not recover while the load lasts.
 */
export const CONNECTS_PER_SECOND = 300;

/**
 * The opening of a load: within `seconds` every client makes its first request, and with it its connection, if twice
 * the rate is enough for that. Clients take turns, so at the plain rate each second's requests would wait for handshakes
 * until all clients had their first turn.
 */
export function openingFor(ratePerSecond: number, timeoutMs: number, seconds: number): Opening {
  const wanted = Math.ceil(clientsFor(ratePerSecond, timeoutMs) / seconds);
  const most = Math.min(2 * ratePerSecond, CONNECTS_PER_SECOND);
  return { ratePerSecond: Math.min(Math.max(wanted, ratePerSecond), most), seconds };
}

/**
 * Starts the load. It ends by itself after `durationS` and the last answers, or is killed at a deadline.
 * @throws when the URL is not on 127.0.0.1
 */
export function startWorkload(request: WorkloadRequest): RunningWorkload {
  const { hostname } = new URL(request.url);
  if (hostname !== '127.0.0.1' && hostname !== request.direct?.serverName)
    throw new Error(`start the load: it may only go to 127.0.0.1, and ${request.url} is elsewhere`);
  const direct = request.direct && writeDirectEntry(request.direct);
  const child = spawn(request.k6, [...ARGUMENTS, ...(direct?.argv ?? []), request.script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentOf(request), ...direct?.environment },
  });
  const running = new K6Run(request, child).handle();
  void running.done.finally(() => direct?.remove());
  return running;
}

const ARGUMENTS = [
  'run',
  '--quiet',
  '--no-usage-report',
  '--summary-mode=disabled',
  // No control port: several campaigns may share a machine.
  '--address=',
  '--log-output=stderr',
  '--log-format=json',
  '--out=json=-',
];

/** Requests that are due in the whole load. */
function dueIn(request: WorkloadRequest): number {
  const { ratePerSecond, seconds } = openingOf(request);
  return ratePerSecond * seconds + request.ratePerSecond * (request.durationS - seconds);
}

/** A load without an opening has one of no length. */
function openingOf({ opening, ratePerSecond }: WorkloadRequest): Opening {
  return opening ?? { ratePerSecond, seconds: 0 };
}

/** Only what the script needs: a proxy or a k6 setting of the user's shell must not reach the load. */
function environmentOf(request: WorkloadRequest): Record<string, string> {
  const opening = openingOf(request);
  return {
    ...request.environment,
    HOME: process.env.HOME ?? '/',
    UPFAULT_URL: request.url,
    UPFAULT_RATE: String(request.ratePerSecond),
    UPFAULT_OPENING_RATE: String(opening.ratePerSecond),
    UPFAULT_OPENING_S: String(opening.seconds),
    UPFAULT_DURATION_S: String(request.durationS),
    UPFAULT_SEED: String(request.seed),
    UPFAULT_TIMEOUT_MS: String(request.timeoutMs),
    UPFAULT_MAX_VUS: String(request.maxVus ?? clientsFor(request.ratePerSecond, request.timeoutMs)),
  };
}

class K6Run {
  readonly #request: WorkloadRequest;
  readonly #child: ChildProcess;
  readonly #store: AnswerStore;
  readonly #log = new K6Log();
  readonly #before: ClockPair;
  readonly #done: Promise<WorkloadEnd>;
  #stopWallMs: number | undefined;
  #failure: string | undefined;
  #deadline: NodeJS.Timeout;

  constructor(request: WorkloadRequest, child: ChildProcess) {
    this.#request = request;
    this.#child = child;
    this.#before = request.readClocks();
    // A second's worth more than is due: k6 may start one request on each edge of the duration.
    this.#store = new AnswerStore(Math.ceil(dueIn(request) + request.ratePerSecond));
    const lifeMs = request.durationS * 1000 + request.timeoutMs + START_ALLOWANCE_MS;
    this.#deadline = setTimeout(() => this.#fail(`still running after ${lifeMs} ms`), lifeMs);
    this.#follow();
    this.#done = new Promise((resolve) => {
      child.once('error', (error) => resolve(this.#failed(`cannot be run: ${error.message}`)));
      child.once('close', (code, signal) => resolve(this.#ended(code, signal)));
    });
  }

  handle(): RunningWorkload {
    return {
      pid: this.#child.pid ?? 0,
      done: this.#done,
      seen: () => this.#store.count,
      served: () => this.#store.served,
      begunMs: () => this.#begunMs(),
      stop: () => this.#stop(),
    };
  }

  #begunMs(): number | undefined {
    const { count, startedWallMs } = this.#store;
    if (count === 0) return undefined;
    const toTrialMs = wallToTrial(this.#before, this.#request.readClocks());
    return toTrialMs(startedWallMs.subarray(0, count).reduce((first, ms) => Math.min(first, ms)));
  }

  #follow(): void {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('start the load: k6 has no output to read');
    const splitPoints = lineSplitter((line) => this.#take(line));
    stdout.setEncoding('utf8').on('data', (piece: string) => this.#guarded(() => splitPoints(piece)));
    const splitLog = lineSplitter((line) => this.#log.add(line));
    stderr.setEncoding('utf8').on('data', (piece: string) => this.#guarded(() => splitLog(piece)));
  }

  #take(line: string): void {
    const point = parseStreamLine(line);
    if (point !== undefined && !this.#cutOff(point)) this.#store.add(point);
  }

  /** Requests that `stop` itself broke off are nobody's failure. */
  #cutOff(point: StreamPoint): boolean {
    return (
      this.#stopWallMs !== undefined &&
      point.point === 'answer' &&
      point.outcome !== 'ok' &&
      point.recordedWallMs >= this.#stopWallMs
    );
  }

  #guarded(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#fail((error as Error).message);
    }
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#child.kill('SIGKILL');
  }

  async #stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#stopWallMs ??= this.#request.readClocks().wallMs;
      // Errors that k6 logs from here on are about requests broken off; those before are not.
      if (this.#log.firstError !== undefined) this.#failure ??= `error: ${this.#log.firstError}`;
      this.#child.kill('SIGINT');
    }
    // Killed, it could not write out what it holds back, and answers would be missing.
    const kill = setTimeout(
      () => this.#fail(`still running ${STOP_ALLOWANCE_MS} ms after it was told to stop`),
      STOP_ALLOWANCE_MS,
    );
    await this.#done;
    clearTimeout(kill);
  }

  #ended(code: number | null, signal: string | null): WorkloadEnd {
    clearTimeout(this.#deadline);
    const stopped = this.#stopWallMs !== undefined;
    if (this.#failure !== undefined) return this.#failed(this.#failure);
    if (stopped && signal === null) return this.#finished('stopped');
    if (this.#log.firstError !== undefined) return this.#failed(`error: ${this.#log.firstError}`);
    if (code !== 0) return this.#failed(`ended by itself with ${signal ?? `exit code ${code}`}`);
    const due = Math.floor(dueIn(this.#request));
    // The last one may be due at the very end.
    if (this.#store.count < (due - 1) * OFFERED_SHARE)
      return this.#failed(`offered ${this.#store.count} requests of ${due} due`);
    return this.#finished('completed');
  }

  #finished(ended: 'completed' | 'stopped'): WorkloadEnd {
    const toTrialMs = wallToTrial(this.#before, this.#request.readClocks());
    const { ratePerSecond, timeoutMs } = this.#request;
    const opening = openingOf(this.#request);
    return {
      ended,
      writes: this.#store.writes,
      summarize: (request) =>
        summarize(this.#store, { ratePerSecond, opening, timeoutMs, toTrialMs }, request),
    };
  }

  #failed(reason: string): WorkloadEnd {
    clearTimeout(this.#deadline);
    const { k6, script } = this.#request;
    return { ended: 'failed', reason: `run the load (${k6} run ${script}): ${reason}${this.#log.tail()}` };
  }
}
