/** Two real databases, one of each release, and drivers as processes beside them, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import mysql from 'mysql2/promise';
import type { Projection } from '../../../harness/contract/projection.ts';
import {
  connectDriver,
  type DatabaseAddress,
  type DriverControl,
} from '../../../harness/imago/driver-control.ts';
import { connectEngine } from '../../../harness/provision/engine.ts';
import { ADMIN, type Database, LABELS, startDatabase } from './database.ts';

const ENTRY = join(import.meta.dirname, '../../../harness/imago/driver/main.ts');
/** As the testbed gives it: read, and follow the log. */
const READER = { user: 'imago_reader', password: 'reader' };

/** A driver's process. */
export interface DriverProcess {
  readonly control: DriverControl;
  /** As `kill -9` does. */
  readonly kill: () => Promise<void>;
}

/** Both databases. */
export interface Pair {
  readonly old: Database;
  readonly new: Database;
  /** Statements as an application or a test would send them. */
  readonly connect: (universe: 'old' | 'new', database?: string) => Promise<mysql.Connection>;
  /** Empties `database` on both sides and forgets what earlier drivers noted. */
  readonly reset: (database: string, oldTables: string, newTables: string) => Promise<void>;
  readonly startDriver: () => Promise<DriverProcess>;
  /** What a driver is told. */
  readonly request: (
    database: string,
    projections: readonly Projection[],
    chunkRows?: number,
  ) => Parameters<DriverControl['connect']>[0];
  readonly remove: () => Promise<void>;
}

let pairs = 0;

/** Starts both and builds the driver as its image has it. */
export async function startPair(): Promise<Pair> {
  const folder = mkdtempSync(join(tmpdir(), 'upfault-driver-'));
  const program = join(folder, 'driver.cjs');
  buildSync({
    entryPoints: [ENTRY],
    bundle: true,
    platform: 'node',
    target: 'node24',
    outfile: program,
    logLevel: 'error',
  });
  const engine = await connectEngine();
  const name = `upfault-driver-test-${process.pid}-${pairs++}`;
  const network = await engine.createNetwork({ Name: name, Internal: true, Labels: LABELS });
  const children = new Set<ChildProcess>();
  const remove = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    // With those that were stopped, which the network's own list leaves out.
    for (const { Id } of await engine.listContainers({ all: true, filters: { network: [name] } })) {
      await engine.getContainer(Id).remove({ force: true, v: true });
    }
    await network.remove();
  };
  let hosts: [Database, Database];
  try {
    hosts = await Promise.all([startDatabase(engine, name, 'old'), startDatabase(engine, name, 'new')]);
  } catch (error) {
    await remove();
    throw error;
  }
  const [old, target] = hosts;
  const address = (universe: 'old' | 'new', database: string): DatabaseAddress => ({
    host: (universe === 'old' ? old : target).address,
    port: 3306,
    ...(universe === 'old' ? READER : ADMIN),
    database,
  });
  const connect = (universe: 'old' | 'new', database?: string) =>
    mysql.createConnection({
      host: (universe === 'old' ? old : target).address,
      ...ADMIN,
      ...(database === undefined ? {} : { database }),
      multipleStatements: true,
      rowsAsArray: true,
      charset: 'utf8mb4',
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      timezone: 'Z',
    });
  const admin = await connect('old');
  await admin.query(
    `CREATE USER ${READER.user}@'%' IDENTIFIED BY '${READER.password}'; GRANT SELECT ON *.* TO ${READER.user}@'%';
     GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO ${READER.user}@'%'`,
  );
  await admin.end();
  return {
    old,
    new: target,
    connect,
    reset: async (database, oldTables, newTables) => {
      for (const [universe, tables] of [
        ['old', oldTables],
        ['new', newTables],
      ] as const) {
        const connection = await connect(universe);
        if (universe === 'new') await connection.query('DROP DATABASE IF EXISTS upfault_imago');
        await connection.query(
          `DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database} CHARACTER SET utf8mb4; USE ${database}; ${tables}`,
        );
        await connection.end();
      }
    },
    startDriver: async () => {
      const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
      children.add(child);
      const gone = once(child, 'exit').then(() => void children.delete(child));
      const control = await connectDriver(async () => ({
        stdin: child.stdin,
        stdout: child.stdout,
        close: () => gone,
      }));
      return {
        control,
        kill: async () => {
          child.kill('SIGKILL');
          await gone;
        },
      };
    },
    request: (database, projections, chunkRows) => ({
      old: address('old', database),
      new: address('new', database),
      projections,
      serverId: 4711,
      ...(chunkRows === undefined ? {} : { chunkRows }),
    }),
    remove,
  };
}

/** A projection of one table as it is. */
export function copyOf(table: string, columns: readonly string[]): Projection {
  const select = `SELECT ${columns.map((column) => `s.${column}`).join(', ')} FROM ${table} s`;
  const key = columns[0] as string;
  return { name: table, target: table, key, columns, sources: [{ table, key, select }] };
}

/** All rows of a statement, in order of the first column. */
export async function rowsOf(connection: mysql.Connection, statement: string): Promise<unknown[][]> {
  const [rows] = await connection.query(statement);
  return (rows as unknown[][]).toSorted((one, other) =>
    BigInt(String(one[0])) < BigInt(String(other[0])) ? -1 : 1,
  );
}

/** The message that it rejects with. @throws if it does not */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
