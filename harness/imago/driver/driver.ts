/**
 * The driver of Imago: fills U_new's database from U_old's, through the declared projections, while U_old serves.
 * It does what it is told, in whatever order: that a procedure is wrong is for its results to show.
 */
import { Applier } from './applier.ts';
import { loadCheckpoint, placeStatement } from './checkpoint.ts';
import { compare } from './comparison.ts';
import { type FollowedTables, LogReader } from './egress.ts';
import { othersWrites, queueForeignWrites, readForeignWrites, reconciled } from './foreign-writes.ts';
import { rankOf } from './log-position.ts';
import { Pace } from './pace.ts';
import type {
  ComparisonReport,
  ConnectRequest,
  DrainReport,
  DriverStatus,
  LogPosition,
  ReconcileReport,
} from './protocol.ts';
import { planTables } from './table-plan.ts';
import { takeBackUncompared } from './take-back.ts';
import { Transfer } from './transfer.ts';
import { openUniverses } from './universes.ts';
import { Upkeep } from './upkeep.ts';
import { waitAtMost } from './waiting.ts';
import { PENDING_HARD_LIMIT, Work } from './work.ts';

/** What there is once `connect` succeeded. */
interface Connected {
  readonly request: ConnectRequest;
  readonly work: Work;
  readonly transfer: Transfer;
  readonly applier: Applier;
  /** From an earlier driver; absent at first. */
  readonly egressFrom: LogPosition | undefined;
  foreignFrom: LogPosition | undefined;
  /** What others had written in U_new when it was reconciled; absent before, and never true where an earlier driver may have been told to. */
  othersThen: string | undefined;
  isTransferring: boolean;
  isCopied: boolean;
}

/** One driver, for one pair of universes. */
export class Driver {
  readonly #pace = new Pace();
  #connected: Connected | undefined;
  #isConnecting = false;
  #failure: Error | undefined;
  #isStopped = false;
  #upkeep: Upkeep | undefined;

  /** What ended its work. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  async connect(request: ConnectRequest): Promise<void> {
    this.#refuseAfterEnd();
    if (this.#connected !== undefined || this.#isConnecting) {
      throw new Error('connected already');
    }
    this.#isConnecting = true;
    try {
      await this.#connect(request);
    } finally {
      this.#isConnecting = false;
    }
  }

  async #connect(request: ConnectRequest): Promise<void> {
    const universes = await openUniverses(request, (error) => this.#fail(error));
    try {
      const { old } = universes;
      const [writer] = universes.new.writers;
      const plans = await planTables(old.keys, writer, request.projections);
      const checkpoint = await loadCheckpoint(writer);
      const work = new Work(universes, plans, (error) => this.#fail(error), request.dirtyKeys);
      for (const table of work.tables) {
        const progress = checkpoint.progress.get(table.plan.name);
        if (progress !== undefined) {
          await takeBackUncompared(work, table, progress);
          table.queue.beginReading(progress.compared);
          table.queue.endWriting(progress.compared);
          table.compared = progress.compared;
          table.copiedRows = progress.copiedRows;
          table.chunks = progress.chunks;
        }
        table.queue.markDirty(checkpoint.dirty.get(table.plan.name) ?? [], 0);
      }
      let foreignFrom = checkpoint.places.get('foreign');
      const isTakenOver = foreignFrom !== undefined;
      if (foreignFrom === undefined) {
        foreignFrom = await writer.logEnd().catch(() => undefined);
        if (foreignFrom !== undefined) await writer.one(placeStatement('foreign', foreignFrom));
      }
      this.#connected = {
        request,
        work,
        transfer: new Transfer(work, this.#pace, request.chunkRows),
        applier: new Applier(work, (error) => this.#fail(error)),
        egressFrom: checkpoint.places.get('egress'),
        foreignFrom,
        othersThen: isTakenOver ? '' : undefined,
        isTransferring: false,
        isCopied: false,
      };
    } catch (error) {
      universes.close();
      throw error;
    }
  }

  async startEgress(): Promise<LogPosition> {
    const { request, work, egressFrom } = this.#ready();
    if (work.egress !== undefined) {
      throw new Error('E was started already');
    }
    const from = egressFrom ?? (await work.universes.old.keys.committedEnd());
    const tables: FollowedTables = new Map(
      work.tables.flatMap(({ plan }) => plan.sources.map(({ table, key }) => [table, key] as const)),
    );
    work.egress = new LogReader({
      address: request.old,
      serverId: request.serverId,
      from,
      tables,
      onEntry: ({ changes, since, until }) => {
        for (const { table, key } of changes) {
          work.touch(table, key, since, until);
        }
        work.moved();
      },
      onFailure: (error) => this.#fail(new Error(`U_old: ${error.message}`, { cause: error })),
    });
    // Looked at whenever something moves: a log that is held back tells of nothing that could let it go on.
    work.watch(() => work.egress?.holdBack(work.pendingKeys > (request.pendingKeys ?? PENDING_HARD_LIMIT)));
    // Noted at once: a driver that takes over after this moment must not begin later.
    await work.transaction(async () => work.notes(new Map(), 0));
    this.#upkeep = new Upkeep(work, (error) => this.#fail(error));
    return from;
  }

  startTransfer(): void {
    const connected = this.#ready();
    if (connected.isTransferring) {
      throw new Error('the transfer was started already');
    }
    connected.isTransferring = true;
    this.#pace.start();
    connected.transfer.run().then(
      () => {
        connected.isCopied = !this.#isStopped;
        connected.work.moved();
      },
      (error: Error) => this.#fail(error),
    );
  }

  pace(p95Ms: number): void {
    this.#pace.read(p95Ms);
  }

  async awaitTransfer(timeoutMs: number): Promise<DriverStatus> {
    const connected = this.#ready();
    if (!connected.isTransferring) {
      throw new Error('the transfer was not started');
    }
    await this.#until(connected.work, () => connected.isCopied, timeoutMs, 'copied');
    return this.status();
  }

  async drainEgress(timeoutMs: number): Promise<DrainReport> {
    const startNs = process.hrtime.bigint();
    const { work, applier, othersThen } = this.#ready();
    if (work.egress === undefined) {
      throw new Error('E was not started');
    }
    // A test's write that nobody waited for any more may have come after its reconciliation.
    if (othersThen !== undefined && (await othersWrites(work)) !== othersThen)
      await this.reconcile(timeoutMs);
    const appliedBefore = applier.appliedKeys;
    const position = await work.universes.old.keys.logEnd();
    const end = rankOf(position);
    const isDrained = (): boolean => (work.egress?.read ?? 0) >= end && work.pendingKeys === 0;
    await this.#until(work, isDrained, timeoutMs, 'drained');
    const ms = Number(process.hrtime.bigint() - startNs) / 1e6;
    return { position, keys: applier.appliedKeys - appliedBefore, ms };
  }

  async compare(scope: 'dirty' | 'all'): Promise<ComparisonReport> {
    return compare(this.#ready().work, scope, this.#pace);
  }

  async reconcile(timeoutMs: number): Promise<ReconcileReport> {
    const startNs = process.hrtime.bigint();
    const connected = this.#ready();
    const { request, work, foreignFrom } = connected;
    if (foreignFrom === undefined) {
      throw new Error('U_new writes no binary log: what others wrote there cannot be found');
    }
    const writes = await readForeignWrites(request, work, foreignFrom, timeoutMs);
    queueForeignWrites(work, writes);
    work.moved();
    await this.#until(work, () => work.pendingKeys === 0, timeoutMs, 'projected again');
    await reconciled(work, writes.end);
    connected.foreignFrom = writes.end;
    connected.othersThen = writes.others;
    return { keys: writes.changes.length, ms: Number(process.hrtime.bigint() - startNs) / 1e6 };
  }

  /** Changes of U_old wait from now on: what tests write and read in U_new stays as they left it. */
  suspend(): void {
    this.#ready().applier.suspend();
  }

  resume(): void {
    this.#ready().applier.resume();
  }

  status(): DriverStatus {
    const { work, transfer } = this.#connected ?? {};
    const tables = (work?.tables ?? []).map(({ plan, compared, copiedRows, chunks }) => ({
      table: plan.target,
      copiedRows,
      chunks,
      done: compared === 'all',
    }));
    return {
      phase: this.#phase(),
      tables,
      copiedRows: transfer?.copiedRows ?? 0,
      rowsPerSecond: Math.round(transfer?.rowsPerSecond ?? 0),
      pendingKeys: work?.pendingKeys ?? 0,
      dirtyKeys: work?.dirtyKeys ?? 0,
      ...(work?.egress === undefined ? {} : { egress: work.egress.position }),
      lagEvents: work?.lagEvents ?? 0,
      pauseShare: transfer?.pauseShare ?? 0,
      duty: this.#pace.duty,
      residentBytes: process.memoryUsage.rss(),
      ...(this.#failure === undefined ? {} : { failure: this.#failure.message }),
    };
  }

  /** Ends all work and frees the lock; what is done stays, and another driver may go on. */
  stop(): void {
    this.#isStopped = true;
    this.#end();
  }

  #phase(): DriverStatus['phase'] {
    if (this.#failure !== undefined) return 'failed';
    if (this.#isStopped) return 'stopped';
    if (this.#connected === undefined) return 'idle';
    if (this.#connected.isCopied) return 'copied';
    return this.#connected.isTransferring ? 'copying' : 'connected';
  }

  #ready(): Connected {
    this.#refuseAfterEnd();
    if (this.#connected === undefined) {
      throw new Error('not connected');
    }
    return this.#connected;
  }

  #refuseAfterEnd(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isStopped) throw new Error('the driver was stopped');
  }

  #fail(error: Error): void {
    if (this.#isStopped || this.#failure !== undefined) {
      return;
    }
    this.#failure = error;
    this.#end();
  }

  #end(): void {
    this.#upkeep?.stop();
    const { work, transfer, applier } = this.#connected ?? {};
    transfer?.stop();
    applier?.stop();
    work?.egress?.stop();
    work?.universes.close();
    work?.moved();
  }

  async #until(work: Work, isThere: () => boolean, timeoutMs: number, what: string): Promise<void> {
    const isThereYet = (): boolean => {
      this.#refuseAfterEnd();
      return isThere();
    };
    if (await waitAtMost(work, isThereYet, timeoutMs)) return;
    const { pendingKeys, copiedRows } = this.status();
    throw new Error(
      `not ${what} within ${timeoutMs} ms: ${copiedRows} rows copied, ${pendingKeys} keys pending`,
    );
  }
}
