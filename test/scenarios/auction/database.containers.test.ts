import { expect } from 'chai';
import type { RecipeContext } from '../../../harness/contract/scenario.ts';
import type { Step } from '../../../harness/contract/step.ts';
import { convert } from '../../../harness/upgrader/convert.ts';
import { database } from '../../../scenarios/auction/database.ts';
import { ledger } from '../../../scenarios/auction/ledger.ts';
import { probes } from '../../../scenarios/auction/probes.ts';
import { type DatabaseHost, startDatabaseHost } from './database-host.ts';
import { type Acknowledged, startWriter, storeOf } from './database-writers.ts';

const OLD_PASSWORD = 'old-password';
const NEW_PASSWORD = 'new-password';

/** The harness gives recipes more than the database's needs. */
const context = (universe: 'old' | 'new'): RecipeContext => ({
  universe,
  size: { hosts: 2, scale: 0.02 },
  hosts: (tier) => [`${tier}1`, `${tier}2`],
  releaseOf: () => 'old',
  drained: () => false,
});

/** Carries steps out as the upgrader does. */
async function carryOut(host: DatabaseHost, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'sql') {
      await host.run(step.statements.replaceAll('@@secret:app-new-password@@', NEW_PASSWORD), step.database);
    } else if (step.kind === 'convert') {
      await convert(step, host.exec);
    } else {
      throw new Error(`carry out ${step.id}: unexpected kind ${step.kind}`);
    }
  }
}

async function makeOldAccount(host: DatabaseHost): Promise<void> {
  await host.run(`CREATE USER auction_app@'%' IDENTIFIED BY '${OLD_PASSWORD}';
    GRANT SELECT, INSERT, UPDATE, DELETE ON auction.* TO auction_app@'%';`);
}

type Shape = 'old' | 'new';

async function seedRows(host: DatabaseHost, shape: Shape): Promise<Record<string, string[][]>> {
  const found: Record<string, string[][]> = {};
  for (const { name, statement } of ledger.seedRows(shape)) found[name] = await host.rows(statement);
  return found;
}

async function contradictions(host: DatabaseHost, shape: Shape): Promise<Record<string, string[][]>> {
  const found: Record<string, string[][]> = {};
  for (const { name, statement } of ledger.derived(shape)) {
    const rows = await host.rows(statement);
    if (rows.length > 0) found[name] = rows;
  }
  return found;
}

/** Writes as the ledger reads them back, like `Acknowledged`. */
async function storedWrites(
  host: DatabaseHost,
  shape: Shape,
  acknowledged: Acknowledged,
): Promise<Acknowledged> {
  const stored: Acknowledged = new Map();
  for (const { kind, statement } of ledger.writes(shape)) {
    const names = columnsOf(acknowledged, kind);
    const listed = names.map((name) => `w.${name}`).join(', ');
    for (const [id, ...values] of await host.rows(`SELECT w.request_id, ${listed} FROM (${statement}) w`)) {
      expect(stored.has(`${kind} ${id}`), `${kind} ${id} twice`).to.equal(false);
      stored.set(`${kind} ${id}`, Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])));
    }
  }
  return stored;
}

/** Fails with the first differences rather than with thousands of rows. */
function expectSame(stored: Acknowledged, acknowledged: Acknowledged, shape: Shape): void {
  const keys = [...new Set([...stored.keys(), ...acknowledged.keys()])];
  const differences = keys
    .filter((key) => JSON.stringify(stored.get(key)) !== JSON.stringify(acknowledged.get(key)))
    .map((key) => ({ key, stored: stored.get(key), acknowledged: acknowledged.get(key) }));
  expect(differences.slice(0, 5), `${differences.length} differ in shape ${shape}`).to.deep.equal([]);
}

function columnsOf(acknowledged: Acknowledged, kind: string): string[] {
  const entry = [...acknowledged].find(([key]) => key.startsWith(`${kind} `));
  if (entry === undefined) throw new Error(`no acknowledged write of kind ${kind}`);
  return Object.keys(entry[1]);
}

/** Tables, columns, indexes, foreign keys and triggers, without the order of columns. */
async function shapeOf(host: DatabaseHost, schema: string): Promise<string[]> {
  const rows = await host.rows(`
    SELECT CONCAT_WS(' ', 'column', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COALESCE(COLUMN_DEFAULT, '-'), EXTRA,
      COALESCE(COLLATION_NAME, '-'))
    FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${schema}'
    UNION ALL SELECT CONCAT_WS(' ', 'index', TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE)
    FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = '${schema}'
    UNION ALL SELECT CONCAT_WS(' ', 'key', TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME)
    FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = '${schema}' AND REFERENCED_TABLE_NAME IS NOT NULL
    UNION ALL SELECT CONCAT_WS(' ', 'trigger', TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '${schema}'`);
  return rows.map(([line]) => line as string).sort();
}

/** The shape that `create` and `indexes` make, in a schema beside. */
async function createdShape(host: DatabaseHost): Promise<string[]> {
  const steps = [...database.create(context('new')), ...database.indexes(context('new'))];
  for (const step of steps) {
    if (step.kind !== 'sql') throw new Error(`${step.id} is no sql step`);
    await host.run(
      step.statements.replaceAll(/\bauction\b/g, 'auction_created'),
      step.database === 'mysql' ? 'mysql' : 'auction_created',
    );
  }
  return shapeOf(host, 'auction_created');
}

describe('the auction’s database, changed in place', function () {
  this.timeout(180_000);
  let host: DatabaseHost;

  describe('by expanding and contracting, while both releases write', () => {
    const acknowledged: Acknowledged = new Map();
    let seed: Record<string, string[][]>;

    before(async () => {
      host = await startDatabaseHost('old');
      await makeOldAccount(host);
      seed = await seedRows(host, 'old');
    });
    after(() => host?.remove());

    it('begins sound and in the old shape', async () => {
      expect(await host.rows(ledger.shape)).to.deep.equal([['old']]);
      expect(await contradictions(host, 'old')).to.deep.equal({});
      const counted = await host.rows('SELECT users, item, comment, bid, buy_now FROM ids');
      expect(counted).to.deep.equal([['20000', '10660', '10660', '101270', '38']]);
    });

    it('shows what every account may do, a privilege that is added among it', async () => {
      const look = probes.find(({ name }) => name === 'grants')?.look;
      if (look?.kind !== 'sql') throw new Error('the probe of grants asks no database');
      const exposures = async () => (await host.rows(look.statement)).map(([line]) => line);
      const before = await exposures();
      expect(before).to.include.members(
        ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((what) => `'auction_app'@'%': ${what} ON auction.*`),
      );
      await host.run("GRANT FILE ON *.* TO auction_app@'%'; GRANT DROP ON auction.bids TO auction_app@'%'");
      const added = (await exposures()).filter((line) => !before.includes(line));
      await host.run(
        "REVOKE FILE ON *.* FROM auction_app@'%'; REVOKE DROP ON auction.bids FROM auction_app@'%'",
      );
      expect(added).to.have.members([
        "'auction_app'@'%': FILE ON *.*",
        "'auction_app'@'%': DROP ON auction.bids",
      ]);
      expect(await exposures()).to.deep.equal(before);
    });

    it('keeps every acknowledged write in both shapes', async () => {
      const old = storeOf('old', host.port, OLD_PASSWORD);
      const first = startWriter('early', old, acknowledged);
      await carryOut(host, database.account(context('old')));
      await carryOut(host, database.expand(context('old')));
      const renewed = storeOf('new', host.port, NEW_PASSWORD);
      const second = [startWriter('old', old, acknowledged), startWriter('new', renewed, acknowledged)];
      await carryOut(host, database.backfill(context('old')));
      await carryOut(host, database.indexes(context('old')));
      for (const writer of [first, ...second]) await writer.stop();
      await Promise.all([old.close(), renewed.close()]);

      expect(await host.rows(ledger.shape)).to.deep.equal([['both']]);
      for (const shape of ['old', 'new'] as const) {
        expect(await contradictions(host, shape), shape).to.deep.equal({});
        expect(await seedRows(host, shape), shape).to.deep.equal(seed);
        expectSame(await storedWrites(host, shape, acknowledged), acknowledged, shape);
      }
      for (const name of ['early', 'old', 'new']) {
        const kinds = new Set(
          [...acknowledged.keys()].filter((key) => key.includes(` ${name}-`)).map((key) => key.split(' ')[0]),
        );
        expect([...kinds].sort(), name).to.deep.equal(['bid', 'buy-now', 'comment', 'item', 'user']);
      }
    });

    it('shows both releases the same', async () => {
      const old = storeOf('old', host.port, OLD_PASSWORD);
      const renewed = storeOf('new', host.port, NEW_PASSWORD);
      const withoutComparison = async (category: number) =>
        (await renewed.search({ category, page: 1 })).map(({ lastSaleCents: _, ...item }) => item);
      for (const category of [1, 4, 20]) {
        expect(await withoutComparison(category)).to.deep.equal(await old.search({ category, page: 1 }));
      }
      for (const id of [1, 77, 10_001, 10_010, 10_660])
        expect(await renewed.item(id)).to.deep.equal(await old.item(id));
      for (const id of [1, 7, 53]) {
        expect(await renewed.user(id)).to.deep.equal(await old.user(id));
        expect(await renewed.affairs(id)).to.deep.equal(await old.affairs(id));
      }
      await Promise.all([old.close(), renewed.close()]);
    });

    it('answers the new search from the new index', async () => {
      const plan = await host.rows(`EXPLAIN SELECT id FROM items i
        WHERE i.category = 4 AND i.closed = 0 AND i.end_date > NOW() ORDER BY i.end_date, i.id LIMIT 20`);
      expect(plan[0]).to.include('items_hot');
    });

    it('loses the old shape without disturbing writers', async () => {
      const renewed = storeOf('new', host.port, NEW_PASSWORD);
      const writers = ['late', 'last'].map((name) => startWriter(name, renewed, acknowledged));
      await carryOut(host, database.contract(context('old')));
      for (const writer of writers) await writer.stop();
      await renewed.close();

      for (const name of ['late', 'last'])
        expect(
          [...acknowledged.keys()].some((key) => key.includes(` ${name}-`)),
          name,
        ).to.equal(true);
      expect(await host.rows(ledger.shape)).to.deep.equal([['new']]);
      expect(await contradictions(host, 'new')).to.deep.equal({});
      expect(await seedRows(host, 'new')).to.deep.equal(seed);
      expectSame(await storedWrites(host, 'new', acknowledged), acknowledged, 'new');
      expect(await host.rows(`SELECT User FROM mysql.user WHERE User LIKE 'auction%'`)).to.deep.equal([
        ['auction_app2'],
      ]);
      expect(await shapeOf(host, 'auction')).to.deep.equal(await createdShape(host));
    });
  });

  describe('at once', () => {
    before(async () => {
      host = await startDatabaseHost('old');
      await makeOldAccount(host);
    });
    after(() => host?.remove());

    it('ends in the same shape with the same rows, and the new release works', async () => {
      const seed = await seedRows(host, 'old');
      await carryOut(host, database.account(context('old')));
      await carryOut(host, database.inPlace(context('old')));
      await carryOut(host, database.indexes(context('old')));
      expect(await seedRows(host, 'new')).to.deep.equal(seed);
      expect(await contradictions(host, 'new')).to.deep.equal({});
      expect(await shapeOf(host, 'auction')).to.deep.equal(await createdShape(host));
      const renewed = storeOf('new', host.port, NEW_PASSWORD);
      expect(await renewed.search({ category: 4, page: 1 })).to.have.lengthOf(20);
      await renewed.close();
    });
  });
});

describe('the auction’s database in a universe of its own', function () {
  this.timeout(60_000);
  let host: DatabaseHost;
  before(async () => {
    host = await startDatabaseHost('new');
  });
  after(() => host?.remove());

  it('starts empty and gets the new schema and account', async () => {
    await carryOut(host, [
      ...database.create(context('new')),
      ...database.indexes(context('new')),
      ...database.account(context('new')),
    ]);
    expect(await host.rows(ledger.shape)).to.deep.equal([['new']]);
    const renewed = storeOf('new', host.port, NEW_PASSWORD);
    expect(await renewed.counts()).to.include({ users: 0, items: 0, user_ratings: 0 });
    await renewed.close();
  });
});
