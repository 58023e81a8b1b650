/** One measurement on the stand: all data by one way from the old database to the new. */
import { connectDriver } from '../imago/driver-control.ts';
import { openChannel } from '../provision/channel.ts';
import { ACCOUNT, succeed, type TransferHost, type TransferStand } from './transfer-stand.ts';
import { startWriter, type Written } from './transfer-writer.ts';

/** Ways that are compared: ours first. */
export const TRANSFER_WAYS = ['driver', 'dump', 'mydumper'] as const;
export type TransferWay = (typeof TRANSFER_WAYS)[number];

/** What one way did. */
export interface TransferMeasurement {
  readonly way: TransferWay;
  /** Of the old database: the same for every way, whatever becomes of them. */
  readonly rows: number;
  readonly seconds: number;
  /** Cores that each machine used meanwhile. */
  readonly cores: Readonly<Record<TransferHost, number>>;
  /** Null where nothing was written beside. */
  readonly written: Written | null;
  /** Only of the driver. */
  readonly peakMb: number | null;
  /** Seconds to compare all data once more; only of the driver, and not in its time. */
  readonly compareAllS: number | null;
}

const HOSTS: readonly TransferHost[] = ['old', 'new', 'driver', 'tools'];
const SERVER_ID = 4_711;
/** Ten times the data on a busy machine. */
const TRANSFER_TIMEOUT_MS = 480_000;
const DRAIN_TIMEOUT_MS = 30_000;

/** Transfers once. @throws if the new database does not have what the old one has */
export async function transfer(
  stand: TransferStand,
  way: TransferWay,
  writes: boolean,
): Promise<TransferMeasurement> {
  await stand.reset(way === 'driver' ? 'new' : 'none');
  const rows = await countRows(stand, 'old');
  const writer = writes ? await startWriter(stand) : undefined;
  const cpuS = (): Promise<number[]> => Promise.all(HOSTS.map(stand.cpuS));
  const before = await cpuS();
  const startNs = process.hrtime.bigint();
  let endNs = startNs;
  let written: Written | null = null;
  /** Clients stop here: held at a quiescence under the driver, and sent elsewhere for good under its peers. */
  const stopWrites = async (): Promise<void> => {
    written = (await writer?.end()) ?? null;
  };
  const own =
    way === 'driver' ? await byDriver(stand, stopWrites, () => (endNs = process.hrtime.bigint())) : null;
  if (own === null) {
    await byPeer(stand, way);
    endNs = process.hrtime.bigint();
    await stopWrites();
    await checkRows(stand, rows);
  }
  const after = own?.cpuS ?? (await cpuS());
  const seconds = Number(endNs - startNs) / 1e9;
  return {
    way,
    rows,
    seconds,
    cores: Object.fromEntries(
      HOSTS.map((host, index) => [host, ((after[index] ?? 0) - (before[index] ?? 0)) / seconds]),
    ) as Record<TransferHost, number>,
    written,
    peakMb: own?.peakMb ?? null,
    compareAllS: own?.compareAllS ?? null,
  };

  async function byDriver(stand: TransferStand, stop: () => Promise<void>, ended: () => void) {
    const { addresses, containers, engine, scenario } = stand;
    const database = { port: 3306, database: scenario.facts.database, ...ACCOUNT };
    const control = await connectDriver((argv) => openChannel(engine, containers.driver, argv));
    try {
      await control.connect({
        old: { host: addresses.old, ...database },
        new: { host: addresses.new, ...database },
        projections: scenario.database.projections,
        serverId: SERVER_ID,
      });
      await control.startEgress();
      await control.startTransfer();
      await control.awaitTransfer(TRANSFER_TIMEOUT_MS);
      await stop();
      await control.drainEgress(DRAIN_TIMEOUT_MS);
      const { equal } = await control.compare('dirty');
      ended();
      const cpuSAtEnd = await cpuS();
      const all = await control.compare('all');
      if (!equal || !all.equal) {
        throw new Error(
          `bench transfer: after the driver the databases differ: ${JSON.stringify(all.mismatches)}`,
        );
      }
      return { cpuS: cpuSAtEnd, compareAllS: all.ms / 1e3, peakMb: await peakMb(stand) };
    } finally {
      await control.close();
    }
  }
}

async function byPeer(stand: TransferStand, way: TransferWay): Promise<void> {
  const { addresses, scenario, shells } = stand;
  const argv = ['bash', `/opt/bench/${way}.sh`, addresses.old, addresses.new, scenario.facts.database];
  await succeed(shells.tools, argv, { timeoutMs: TRANSFER_TIMEOUT_MS });
}

/** A peer that lost rows would be fast. What is written after its snapshot it never had. */
async function checkRows(stand: TransferStand, atLeast: number): Promise<void> {
  const loaded = await countRows(stand, 'new');
  if (loaded < atLeast) throw new Error(`bench transfer: ${loaded} rows were loaded of ${atLeast}`);
}

/** Rows of all tables that the projections read, each table once. */
async function countRows({ scenario, sql }: TransferStand, universe: 'old' | 'new'): Promise<number> {
  const sources = scenario.database.projections.flatMap((projection) => projection.sources);
  const counts = [...new Set(sources.map(({ table }) => table))].map(
    (table) => `(SELECT COUNT(*) FROM ${table})`,
  );
  return Number(await sql(universe, `SELECT ${counts.join(' + ')}`, scenario.facts.database));
}

/** Of the largest process on the driver's machine; the others are an idle init and shells. */
async function peakMb({ shells }: TransferStand): Promise<number> {
  const lines = await succeed(shells.driver, ['sh', '-c', 'grep -h VmHWM /proc/[0-9]*/status']);
  return Math.max(...[...lines.matchAll(/(\d+) kB/g)].map(([, kilobytes]) => Number(kilobytes))) / 1024;
}
