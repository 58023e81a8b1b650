/**
 * Imago's machines as the upgrader commands them: the ingress interceptor, the driver and the tester. Channels are
 * opened when they are first needed; a driver that died is started again once in a while, and goes on from its checkpoint.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { ChannelBroken, NoReply } from '../imago/command-channel.ts';
import { type ConnectRequest, connectDriver, type DriverControl } from '../imago/driver-control.ts';
import { startDriverMachine } from '../imago/driver-host.ts';
import { connectIngress, type IngressControl } from '../imago/ingress-control.ts';
import { startTester, type TesterControl } from '../imago/tester-control.ts';
import { type Channel, openChannel } from '../provision/channel.ts';
import { isConflict, isNotFound } from '../provision/engine.ts';
import { removeContainer } from '../provision/host-container.ts';
import { DRIVER_ADDRESS, type UniverseMap } from '../provision/universe.ts';
import type { Bindings, ImagoBindings } from './bindings.ts';
import type { ImagoNews } from './protocol.ts';
import { StepFailure } from './step-failure.ts';

/** The control of a trial's Imago machines; undefined where it has no parallel universe. */
export function imagoControl(
  engine: Dockerode,
  { imago, universes }: Bindings,
  tell: (news: ImagoNews) => void,
): ImagoControl | undefined {
  const { old, new: fresh } = universes;
  if (old === undefined || fresh === undefined) return undefined;
  return new ImagoControl(engine, imago, { old, new: fresh }, tell);
}

/** How often the driver is told what clients feel, and the timeline how far it is. */
const PACE_INTERVAL_MS = 500;
/** How often the driver is looked at by what only needs it to be there. */
const WATCH_INTERVAL_MS = 250;
/** Restarts of a driver that died; more would be a driver that cannot live. */
const DRIVER_RESTARTS = 3;

/** Commands to Imago's machines, and what must be remembered between steps. */
export class ImagoControl {
  readonly #engine: Dockerode;
  readonly #bindings: ImagoBindings;
  readonly #universes: { readonly old: UniverseMap; readonly new: UniverseMap };
  /** Tells the timeline. */
  readonly tell: (news: ImagoNews) => void;
  #ingress: Promise<IngressControl | undefined> = Promise.resolve(undefined);
  #driver: DriverControl | undefined;
  #tester: TesterControl | undefined;
  #connection: ConnectRequest | undefined;
  #egressBegun = false;
  #transferBegun = false;
  /** Nothing that U_old changes is applied any more. */
  #suspended = false;
  #restarts = 0;
  /** 95th percentiles at I before the driver was there, milliseconds. */
  readonly #feltBefore: number[] = [];
  #pacing: NodeJS.Timeout | undefined;

  constructor(
    engine: Dockerode,
    bindings: ImagoBindings,
    universes: { readonly old: UniverseMap; readonly new: UniverseMap },
    tell: (news: ImagoNews) => void,
  ) {
    this.#engine = engine;
    this.#bindings = bindings;
    this.#universes = universes;
    this.tell = tell;
  }

  /** The ingress interceptor: over a channel that works, or a new one. */
  ingress(): Promise<IngressControl> {
    const usable = this.#ingress.then(
      (control) => (control?.isOpen() === true ? control : undefined),
      () => undefined,
    );
    const open = () => connectIngress((argv) => openChannel(this.#engine, this.#bindings.ingress, argv));
    const next = usable.then((control) => control ?? open());
    this.#ingress = next;
    return next;
  }

  /** From here on it is known what clients feel: before there is a driver, for it to compare with. */
  watchClients(): void {
    this.#pacing ??= setInterval(() => void this.#pace(), PACE_INTERVAL_MS);
  }

  /** Starts the machine and the driver on it. */
  async startDriver(connection: ConnectRequest): Promise<void> {
    await startDriverMachine(this.#engine, this.#bindings.machine, this.#universes.old, this.#universes.new);
    this.#connection = connection;
    this.#driver = await this.#connect();
  }

  /**
   * Takes up a driver's work where an earlier upgrader left it. One that cannot be had yet is asked for again by the
   * step that needs it.
   */
  async reconnect(
    connection: ConnectRequest,
    begun: { readonly egress: boolean; readonly transfer: boolean; readonly switched: boolean },
  ): Promise<void> {
    this.#connection = connection;
    this.#suspended = begun.switched;
    this.#egressBegun = begun.egress;
    this.#transferBegun = begun.transfer;
    try {
      this.#driver = await this.#revive();
      this.tell({ what: 'driver-reconnected', figures: {} });
    } catch (error) {
      this.tell({ what: 'driver-not-reconnected', figures: { reason: (error as Error).message } });
    }
  }

  /** E begins; tells where in the log. */
  async startEgress(): Promise<void> {
    const { file, position } = await this.driver((driver) => driver.startEgress());
    this.#egressBegun = true;
    this.tell({ what: 'egress-begun', figures: { file, position } });
  }

  /** Copying begins, and with it the telling of what clients feel. */
  async startTransfer(): Promise<void> {
    await this.driver((driver) => driver.startTransfer());
    this.#transferBegun = true;
    this.tell({ what: 'transfer-begun', figures: {} });
  }

  /**
   * From the switch on, U_new's rows are its own clients': a change that U_old still makes must not undo them. A driver that
   * is not there applies nothing, and one that is started again will not.
   */
  async suspend(): Promise<void> {
    this.#suspended = true;
    await this.#driver?.suspend().catch(() => undefined);
  }

  /** Applies what U_old changed, up to its last update: also in a procedure that has switched already, and does that too late. */
  async drainEgress(limitMs: number): Promise<{ readonly keys: number; readonly ms: number }> {
    const wasSuspended = this.#suspended;
    this.#suspended = false;
    return this.driver(async (driver) => {
      if (wasSuspended) await driver.resume();
      return driver.drainEgress(limitMs);
    });
  }

  /** Waits until all is copied; tells how much that was. */
  async awaitTransfer(limitMs: number): Promise<void> {
    await this.driver((driver) => driver.awaitTransfer(limitMs));
    await this.#pace();
    clearInterval(this.#pacing);
    this.#pacing = undefined;
  }

  /**
   * Asks the driver; one that died meanwhile is started again and asked again. One that is silent although it answers
   * waits for a database, which is the step's failure; one that does not answer at all cannot be reached.
   */
  async driver<T>(ask: (driver: DriverControl) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#connection === undefined) throw new StepFailure('driver: none was started');
      this.#driver ??= await this.#revive();
      const driver = this.#driver;
      try {
        return await ask(driver);
      } catch (error) {
        if (error instanceof NoReply) {
          await driver.status();
          throw new StepFailure(error.message, { cause: error });
        }
        if (!(error instanceof ChannelBroken) || this.#restarts >= DRIVER_RESTARTS) throw error;
        this.#restarts += 1;
        this.tell({ what: 'driver-restarted', figures: { restart: this.#restarts } });
        this.#driver = undefined;
      }
    }
  }

  /** How often a driver that had died was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Waits for what needs the new universe to follow the old one: a driver that dies meanwhile is started again at once. */
  async whileFollowing<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const [result] = await Promise.all([work.finally(() => over.abort()), this.#watchDriver(over.signal)]);
    return result;
  }

  /** The tester, started when it is first asked for. */
  async tester(): Promise<TesterControl> {
    this.#tester ??= await startTester((argv) => this.#onMachine(argv));
    return this.#tester;
  }

  /** Where the ingress finds the tester. */
  get machineAddress(): string {
    return `${this.#universes.old.prefix}.${DRIVER_ADDRESS}`;
  }

  /** Ends the driver, the tester and their machine. */
  async stopDriver(): Promise<void> {
    clearInterval(this.#pacing);
    this.#pacing = undefined;
    await this.#driver?.close();
    await this.#tester?.close();
    this.#driver = undefined;
    this.#tester = undefined;
    this.#connection = undefined;
    await removeContainer(this.#engine, this.#bindings.machine.container);
  }

  /** Ends the channels; the machines go on. */
  async close(): Promise<void> {
    clearInterval(this.#pacing);
    await Promise.allSettled([
      this.#driver?.close(),
      this.#tester?.close(),
      this.#ingress.then((control) => control?.close()),
    ]);
  }

  async #connect(): Promise<DriverControl> {
    if (this.#connection === undefined) throw new Error('driver: it was never told where the databases are');
    const driver = await connectDriver((argv) => this.#onMachine(argv));
    const connection = this.#connection;
    return orClosed(driver, async () => {
      await driver.connect(connection);
      // What clients felt before there was one is what it has to hold itself to.
      for (const p95Ms of this.#feltBefore) await driver.pace(p95Ms);
    });
  }

  async #revive(): Promise<DriverControl> {
    const driver = await this.#connect();
    return orClosed(driver, async () => {
      if (this.#suspended) await driver.suspend();
      if (this.#egressBegun) await driver.startEgress();
      if (this.#transferBegun) await driver.startTransfer();
    });
  }

  async #watchDriver(over: AbortSignal): Promise<void> {
    while (!over.aborted && this.#connection !== undefined) {
      await this.driver((driver) => driver.status());
      await delay(WATCH_INTERVAL_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }

  /** A machine that was never started, or was ended, is what the procedure made of it. */
  async #onMachine(argv: readonly string[]): Promise<Channel> {
    try {
      return await openChannel(this.#engine, this.#bindings.machine.container, argv);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
      throw new StepFailure(`the driver's machine: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Tells the driver what clients feel, and the timeline how far it is. What cannot be asked is asked again later. */
  async #pace(): Promise<void> {
    try {
      const { latency } = await (await this.ingress()).status();
      const driver = this.#driver;
      if (driver === undefined) {
        if (latency.p95Ms !== null) this.#feltBefore.push(latency.p95Ms);
        return;
      }
      if (latency.p95Ms !== null) await driver.pace(latency.p95Ms);
      if (!this.#transferBegun) return;
      const status = await driver.status();
      const { copiedRows, rowsPerSecond, pendingKeys, dirtyKeys, pauseShare, residentBytes } = status;
      this.tell({
        what: 'transfer',
        figures: {
          ...{ copiedRows, rowsPerSecond, pendingKeys, dirtyKeys, pauseShare },
          driverMb: residentBytes / 1e6,
          ...(latency.p95Ms === null ? {} : { p95Ms: latency.p95Ms }),
        },
      });
    } catch {
      // A driver that died is met, and told of, by the step that waits for it.
    }
  }
}

/** A driver that could not be brought to work is ended: it would keep the next one from it. */
async function orClosed(driver: DriverControl, begin: () => Promise<unknown>): Promise<DriverControl> {
  try {
    await begin();
    return driver;
  } catch (error) {
    await driver.close().catch(() => undefined);
    throw error;
  }
}
