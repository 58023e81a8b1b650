/** Whatever the tables, the writes and the moments at which drivers are killed: the universes end equal. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import type mysql from 'mysql2/promise';
import { type DriverProcess, type Pair, rowsOf, startPair } from './pair.ts';
import { type RandomUniverse, randomUniverse } from './random-universe.ts';

const RUNS = Number(process.env.UPFAULT_PROPERTY_RUNS ?? 20);
const LIMIT_MS = 30_000;

describe('driver, over random universes', function () {
  this.timeout(60_000 + RUNS * 10_000);
  let pair: Pair;
  let old: mysql.Connection;
  let target: mysql.Connection;

  before(async () => {
    pair = await startPair();
    old = await pair.connect('old');
    target = await pair.connect('new');
  });
  after(async () => {
    await old?.end();
    await target?.end();
    await pair?.remove();
  });

  it(`ends equal in each of ${RUNS} runs`, async () => {
    await fc.assert(
      fc.asyncProperty(randomUniverse, async (universe) => endsEqual(universe)),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  async function endsEqual(universe: RandomUniverse): Promise<void> {
    await pair.reset('p', universe.oldTables, universe.newTables);
    await old.query('USE p');
    await target.query('USE p');
    for (const statement of universe.rows) await old.query(statement);
    let driver = await begin(universe);
    try {
      const crashes = [...universe.crashes].sort((one, other) => one.writes - other.writes);
      for (const [at, statement] of universe.writes.entries()) {
        await old.query(statement);
        while (crashes[0] !== undefined && crashes[0].writes <= at) {
          await delay(crashes.shift()?.afterMs);
          await driver.kill();
          driver = await begin(universe);
        }
      }
      const { control } = driver;
      await control.awaitTransfer(LIMIT_MS);
      await control.drainEgress(LIMIT_MS);
      expect(await control.compare('dirty')).to.include({ equal: true });
      await check(universe);
      for (const statement of universe.tests) await target.query(statement);
      for (const statement of universe.writes.slice(0, 20)) await old.query(statement);
      await control.reconcile(LIMIT_MS);
      await control.drainEgress(LIMIT_MS);
      expect(await control.compare('dirty')).to.include({ equal: true });
      expect(await control.compare('all')).to.include({ equal: true });
      await check(universe);
      // A comparison that cannot fail would prove nothing.
      const [spoilt] = universe.projections;
      const [result] = await target.query(`DELETE FROM ${spoilt?.target} LIMIT 1`);
      const { affectedRows } = result as unknown as { affectedRows: number };
      expect((await control.compare('all')).equal).to.equal(affectedRows === 0);
    } finally {
      await driver.kill();
    }
  }

  async function begin(universe: RandomUniverse): Promise<DriverProcess> {
    const driver = await pair.startDriver();
    await driver.control.connect(pair.request('p', universe.projections, universe.chunkRows));
    await driver.control.startEgress();
    await driver.control.startTransfer();
    return driver;
  }

  /** By other means than the driver's: rows are read, and compared as the target holds what it is given. */
  async function check(universe: RandomUniverse): Promise<void> {
    for (const { old: wanted, new: found } of universe.checks) {
      const [one, other] = [await rowsOf(old, wanted), await rowsOf(target, found)];
      const differing = one.findIndex((row, at) => readable(row) !== readable(other[at] ?? []));
      expect(readable(other[differing] ?? []), `${found}`).to.equal(readable(one[differing] ?? []));
      expect(other.length, found).to.equal(one.length);
    }
  }
});

/** Both sides print a value alike where it is the same: numbers by value, times without what is zero. */
function readable(row: unknown[]): string {
  const values = row.map((value) => {
    if (Buffer.isBuffer(value)) return value.toString('hex').replace(/(00)+$/, '');
    return String(value)
      .replace(/^(\d{4}-\d\d-\d\d)$/, '$1 00:00:00')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  });
  return JSON.stringify(values);
}
