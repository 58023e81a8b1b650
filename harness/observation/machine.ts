/**
 * How hard the machine and each host's CPU budget were working. A testbed whose own machine is overloaded
 * must not call that an impact, so this is recorded with every trial.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type Dockerode from 'dockerode';
import { isConflict, isNotFound } from '../provision/engine.ts';

/** Sums over the time watched. */
export interface MachineUse {
  /** Share of all cores' time in which they were not idle. */
  readonly cpuBusyShare: number;
  /**
   * Share of the time in which something runnable waited for a CPU; null where the kernel does not tell. A host that has
   * used up its budget waits too, so this says how hard the hosts worked, not that the machine was too small.
   */
  readonly cpuPressureShare: number | null;
  /** Share of each host's CPU periods in which its quota was used up; without those of which no period was counted. */
  readonly throttledShare: Readonly<Record<string, number>>;
  /** Without hosts that were looked at too seldom to tell. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

/** What some machines took together, from the start of the watch until now. */
export interface TakenTogether {
  readonly cpuSeconds: number;
  /** Most memory in use at once, in megabytes, file cache that could be dropped left out. */
  readonly peakMemoryMb: number;
  /** Sum of the limits, in megabytes, of all machines that were seen. */
  readonly memoryLimitMb: number;
}

/** Pause between two looks: a host that is reinstalled loses its counters, at most this much is not seen. */
const SAMPLE_INTERVAL_MS = 1_500;

interface Counters {
  readonly cpuNs: number;
  readonly periods: number;
  readonly throttled: number;
}

interface Look extends Counters {
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
}

const ZERO: Counters = { cpuNs: 0, periods: 0, throttled: 0 };

/** Watches the hosts' CPU counters until stopped. */
export class MachineWatch {
  readonly #engine: Dockerode;
  readonly #containers: Readonly<Record<string, string>>;
  readonly #last = new Map<string, Counters>();
  readonly #sums = new Map<string, Counters>();
  readonly #beside: ReadonlySet<string>;
  /** Hosts that were found not to be there: all that they have used since then is new. */
  readonly #absent = new Set<string>();
  readonly #limits = new Map<string, number>();
  #peakBytes = 0;
  readonly #startNs = process.hrtime.bigint();
  readonly #startTimes = coreTimes();
  readonly #startPressureUs = cpuPressureUs();
  readonly #timer: NodeJS.Timeout;
  /** The look under way. */
  #looking: Promise<void> | undefined;
  /** The look after which there is none. */
  #lastLook: Promise<void> | undefined;

  /** Starts watching. `containers`: name of the container of each host; `beside`: the hosts that are leased. */
  constructor(
    engine: Dockerode,
    containers: Readonly<Record<string, string>>,
    beside: readonly string[] = [],
  ) {
    this.#engine = engine;
    this.#containers = containers;
    this.#beside = new Set(beside);
    void this.#look();
    this.#timer = setInterval(() => void this.#look(), SAMPLE_INTERVAL_MS);
  }

  /** Looks for the last time, at most a second before `stop`: an engine that counts once a second answers by then. */
  lookLast(): void {
    clearInterval(this.#timer);
    this.#lastLook ??= this.#look();
  }

  /** Stops and sums up: the machine as it is now, the hosts as they were at the last look. */
  async stop(): Promise<MachineUse> {
    this.lookLast();
    const elapsedUs = Number(process.hrtime.bigint() - this.#startNs) / 1e3;
    const endPressureUs = cpuPressureUs();
    const endTimes = coreTimes();
    await this.#lastLook;
    const idleShare = (endTimes.idleMs - this.#startTimes.idleMs) / (endTimes.allMs - this.#startTimes.allMs);
    const known = this.#startPressureUs !== undefined && endPressureUs !== undefined;
    const sums = [...this.#sums];
    const counted = sums.filter(([, { periods }]) => periods > 0);
    return {
      cpuBusyShare: 1 - idleShare,
      cpuPressureShare: known ? (endPressureUs - (this.#startPressureUs ?? 0)) / elapsedUs : null,
      throttledShare: Object.fromEntries(
        counted.map(([host, { throttled, periods }]) => [host, throttled / periods]),
      ),
      cpuSeconds: Object.fromEntries(sums.map(([host, { cpuNs }]) => [host, cpuNs / 1e9])),
    };
  }

  /**
   * What the leased hosts took until now; of one that is gone, what was seen of it at most one interval before. Null where
   * one of them could not be looked at once: nobody knows then whether it was there.
   */
  async takenBeside(): Promise<TakenTogether | null> {
    await this.#look();
    if ([...this.#beside].some((host) => !this.#last.has(host) && !this.#absent.has(host))) return null;
    const sums = [...this.#sums].filter(([host]) => this.#beside.has(host));
    return {
      cpuSeconds: sums.reduce((total, [, { cpuNs }]) => total + cpuNs / 1e9, 0),
      peakMemoryMb: this.#peakBytes / 1e6,
      memoryLimitMb: [...this.#limits.values()].reduce((total, bytes) => total + bytes / 1e6, 0),
    };
  }

  /** Ends the watch without a result. */
  abandon(): void {
    clearInterval(this.#timer);
  }

  /**
   * Looks at all containers. The engine answers when it next counts them, up to a second later, so that a look under
   * way tells of a time that is still to come and nobody waits for another.
   */
  #look(): Promise<void> {
    this.#looking ??= this.#sample().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #sample(): Promise<void> {
    let besideBytes = 0;
    await Promise.all(
      Object.entries(this.#containers).map(async ([host, container]) => {
        const now = await this.#read(container);
        if (now === 'absent') this.#absent.add(host);
        if (now === 'unseen' || now === 'absent') return;
        if (this.#beside.has(host)) {
          besideBytes += now.memoryBytes;
          this.#limits.set(host, now.memoryLimitBytes);
        }
        const before = this.#last.get(host);
        this.#last.set(host, now);
        // One that was there already: what it uses from here on is known when it is seen again.
        if (before === undefined && !this.#absent.has(host)) return;
        // A container that came later, and counters that went back because they belong to a new one: all is new.
        const from = before === undefined || now.cpuNs < before.cpuNs ? ZERO : before;
        const sum = this.#sums.get(host) ?? ZERO;
        this.#sums.set(host, {
          cpuNs: sum.cpuNs + now.cpuNs - from.cpuNs,
          periods: sum.periods + now.periods - from.periods,
          throttled: sum.throttled + now.throttled - from.throttled,
        });
      }),
    );
    this.#peakBytes = Math.max(this.#peakBytes, besideBytes);
  }

  /** `absent`: it does not run, or is being reinstalled; the next look may see it again. `unseen`: nobody knows. */
  async #read(container: string): Promise<Look | 'absent' | 'unseen'> {
    try {
      const stats = await this.#engine.getContainer(container).stats({ stream: false, 'one-shot': true });
      const { cpu_usage: usage, throttling_data: throttling } = stats.cpu_stats;
      const { usage: memoryBytes, limit: memoryLimitBytes, stats: memory } = stats.memory_stats;
      // A container that does not run is answered for as well, with everything empty.
      if (memoryBytes === undefined) return 'absent';
      return {
        memoryBytes: memoryBytes - (memory?.total_inactive_file ?? memory?.inactive_file ?? 0),
        memoryLimitBytes,
        cpuNs: usage.total_usage,
        periods: throttling.periods,
        throttled: throttling.throttled_periods,
      };
    } catch (error) {
      return isNotFound(error) || isConflict(error) ? 'absent' : 'unseen';
    }
  }
}

/** Milliseconds of all cores since boot. */
function coreTimes(): { idleMs: number; allMs: number } {
  const cores = os.cpus().map(({ times }) => ({
    idleMs: times.idle,
    allMs: times.idle + times.user + times.nice + times.sys + times.irq,
  }));
  const sum = (of: (core: { idleMs: number; allMs: number }) => number) =>
    cores.reduce((total, core) => total + of(core), 0);
  return { idleMs: sum(({ idleMs }) => idleMs), allMs: sum(({ allMs }) => allMs) };
}

/** Microseconds in which something waited for a CPU, since boot (Linux pressure stall information). */
function cpuPressureUs(): number | undefined {
  try {
    const match = /^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8'));
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}
