/** Two databases with one table each, empty before every test, and drivers between them. */
import { expect } from 'chai';
import type mysql from 'mysql2/promise';
import type { Projection } from '../../../harness/contract/projection.ts';
import { type DriverProcess, type Pair, rowsOf, startPair } from './pair.ts';

/** Long enough for anything asked of a driver here. */
export const LIMIT_MS = 30_000;
const TABLES =
  'CREATE TABLE a (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL UNIQUE, price FLOAT NOT NULL, note TEXT NULL)';
/** The table of U_new. */
export const NEW_TABLES =
  'CREATE TABLE a (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL UNIQUE, cents BIGINT NOT NULL, note TEXT NULL)';
/** How one becomes the other. */
export const PROJECTION: Projection = {
  name: 'a',
  target: 'a',
  key: 'id',
  columns: ['id', 'name', 'cents', 'note'],
  sources: [{ table: 'a', key: 'id', select: 'SELECT s.id, s.name, ROUND(s.price * 100), s.note FROM a s' }],
};

/** What a copy may be told besides. */
interface CopyOptions {
  readonly projection?: Projection;
  readonly dirtyKeys?: number;
  readonly pendingKeys?: number;
}

/** Registers the hooks that bring it up, empty it and remove it. */
export function oneTable() {
  let pair: Pair;
  let old: mysql.Connection;
  let target: mysql.Connection;
  const drivers: DriverProcess[] = [];
  const start = async (): Promise<DriverProcess> => {
    const driver = await pair.startDriver();
    drivers.push(driver);
    return driver;
  };
  const begin = async (
    chunkRows = 100,
    { projection = PROJECTION, ...limits }: CopyOptions = {},
  ): Promise<DriverProcess> => {
    const driver = await start();
    await driver.control.connect({ ...pair.request('t', [projection], chunkRows), ...limits });
    await driver.control.startEgress();
    await driver.control.startTransfer();
    return driver;
  };

  before(async () => {
    pair = await startPair();
    await pair.reset('t', TABLES, NEW_TABLES);
    old = await pair.connect('old', 't');
    target = await pair.connect('new', 't');
  });
  after(async () => {
    await old?.end();
    target?.destroy();
    await pair?.remove();
  });
  beforeEach(async () => {
    await pair.reset('t', TABLES, NEW_TABLES);
    await old.query('USE t');
    await target.query('USE t');
  });
  afterEach(async () => {
    for (const driver of drivers.splice(0)) await driver.kill();
  });

  return {
    get pair() {
      return pair;
    },
    get old() {
      return old;
    },
    get target() {
      return target;
    },
    /** A driver that was told nothing yet. */
    start,
    /** A driver that copies, E running. */
    begin,
    /** A driver that has copied everything. */
    copied: async (...how: Parameters<typeof begin>): Promise<DriverProcess> => {
      const driver = await begin(...how);
      await driver.control.awaitTransfer(LIMIT_MS);
      return driver;
    },
    /** Gives U_old rows with keys from 1 on. */
    fill: (rows: number) =>
      old.query(
        `INSERT INTO a SELECT seq, CONCAT('n', seq), seq / 100, IF(seq % 3, NULL, REPEAT('x', seq % 50)) FROM seq_1_to_${rows}`,
      ),
    /** By other means than the driver's: U_new has what U_old has. */
    sameRows: async (): Promise<void> => {
      const wanted = await rowsOf(old, 'SELECT id, name, ROUND(price * 100), note FROM a');
      const found = await rowsOf(target, 'SELECT id, name, cents, note FROM a');
      expect(found.map((row) => row.map(String))).to.deep.equal(wanted.map((row) => row.map(String)));
    },
  };
}
