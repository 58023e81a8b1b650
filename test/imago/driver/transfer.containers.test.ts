import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type mysql from 'mysql2/promise';
import type { Projection } from '../../../harness/contract/projection.ts';
import { copyOf, type DriverProcess, type Pair, refusal, rowsOf, startPair } from './pair.ts';

const LIMIT_MS = 30_000;
const TABLES =
  'CREATE TABLE a (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL UNIQUE, price FLOAT NOT NULL, note TEXT NULL)';
const NEW_TABLES =
  'CREATE TABLE a (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL UNIQUE, cents BIGINT NOT NULL, note TEXT NULL)';
const PROJECTION: Projection = {
  name: 'a',
  target: 'a',
  key: 'id',
  columns: ['id', 'name', 'cents', 'note'],
  sources: [{ table: 'a', key: 'id', select: 'SELECT s.id, s.name, ROUND(s.price * 100), s.note FROM a s' }],
};

describe('driver, between two databases', function () {
  this.timeout(180_000);
  let pair: Pair;
  let old: mysql.Connection;
  let target: mysql.Connection;
  const drivers: DriverProcess[] = [];
  const start = async (): Promise<DriverProcess> => {
    const driver = await pair.startDriver();
    drivers.push(driver);
    return driver;
  };
  const fill = (rows: number) =>
    old.query(
      `INSERT INTO a SELECT seq, CONCAT('n', seq), seq / 100, IF(seq % 3, NULL, REPEAT('x', seq % 50)) FROM seq_1_to_${rows}`,
    );
  const sameRows = async (): Promise<void> => {
    const wanted = await rowsOf(old, 'SELECT id, name, ROUND(price * 100), note FROM a');
    const found = await rowsOf(target, 'SELECT id, name, cents, note FROM a');
    expect(found.map((row) => row.map(String))).to.deep.equal(wanted.map((row) => row.map(String)));
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

  it('copies under live writes and ends equal', async () => {
    await fill(5_000);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 100));
    await control.startEgress();
    await control.startTransfer();
    let isCopied = false;
    const transfer = control.awaitTransfer(LIMIT_MS).finally(() => {
      isCopied = true;
    });
    let writes = 0;
    for (let turn = 1; !isCopied || writes < 200; turn += 1) {
      const id = (turn * 37) % 6_000;
      await old.query(`UPDATE a SET price = ${turn}, note = 'changed ${turn}' WHERE id = ${id}`);
      await old.query(`DELETE FROM a WHERE id = ${(turn * 91) % 6_000}`);
      await old.query(`INSERT INTO a (name, price) VALUES ('new${turn}', ${turn})`);
      writes += 3;
    }
    const status = await transfer;
    expect(status.phase).to.equal('copied');
    const drained = await control.drainEgress(LIMIT_MS);
    expect(drained.position.file).to.match(/\.\d+$/);
    expect((await control.status()).pendingKeys).to.equal(0);
    const dirty = await control.compare('dirty');
    expect(dirty).to.include({ equal: true });
    expect(dirty.rows).to.be.greaterThan(0);
    expect(await control.compare('dirty')).to.include({ equal: true, rows: 0 });
    expect(await control.compare('all')).to.include({ equal: true });
    await sameRows();
  });

  it('goes on where a killed driver was, with no change lost', async () => {
    await fill(3_000);
    for (let round = 0; round < 8; round += 1) {
      const { control, kill } = await start();
      await control.connect(pair.request('t', [PROJECTION], 50));
      await control.startEgress();
      await control.startTransfer();
      await old.query(
        `UPDATE a SET price = price + 1 WHERE id % 7 = ${round % 7}; DELETE FROM a WHERE id % 500 = ${round}`,
      );
      await delay(round * 8);
      await kill();
      await old.query(`UPDATE a SET note = 'while it was dead ${round}' WHERE id % 11 = ${round}`);
    }
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 50));
    await control.startEgress();
    await control.startTransfer();
    await control.awaitTransfer(LIMIT_MS);
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('dirty')).to.include({ equal: true });
    expect(await control.compare('all')).to.include({ equal: true });
    await sameRows();
  });

  it('follows a unique value that goes from row to row', async () => {
    await fill(300);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 20));
    await control.startEgress();
    await control.startTransfer();
    for (let turn = 0; turn < 150; turn += 1) {
      const [one, other] = [1 + (turn % 300), 1 + ((turn * 7 + 150) % 300)];
      await old.query(
        `START TRANSACTION; SELECT name INTO @n FROM a WHERE id = ${one}; SELECT name INTO @m FROM a WHERE id = ${other};
         UPDATE a SET name = 'between' WHERE id = ${one}; UPDATE a SET name = @n WHERE id = ${other}; UPDATE a SET name = @m WHERE id = ${one}; COMMIT`,
      );
    }
    await control.awaitTransfer(LIMIT_MS);
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('all')).to.include({ equal: true });
    await sameRows();
  });

  it('names the row that cannot be converted, with the words of the database', async () => {
    await fill(2_000);
    await old.query("UPDATE a SET note = REPEAT('y', 30) WHERE id IN (700, 1300)");
    await target.query('DELETE FROM a; ALTER TABLE a MODIFY note VARCHAR(20) NULL');
    await old.query("UPDATE a SET note = 'short' WHERE id NOT IN (700, 1300)");
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 500));
    await control.startEgress();
    await control.startTransfer();
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(
      /convert a: row id = 700: U_new: Data too long for column 'note'/,
    );
    expect((await control.status()).phase).to.equal('failed');
    await control.close();
    // The same of a row that is only changed later.
    await old.query("UPDATE a SET note = 'short' WHERE id IN (700, 1300)");
    const next = await start();
    await next.control.connect(pair.request('t', [PROJECTION], 500));
    await next.control.startEgress();
    await next.control.startTransfer();
    await next.control.awaitTransfer(LIMIT_MS);
    await old.query("UPDATE a SET note = REPEAT('z', 21) WHERE id = 42");
    expect(await refusal(next.control.drainEgress(LIMIT_MS))).to.match(
      /convert a: row id = 42: U_new: Data too long/,
    );
  });

  it('refuses rows that a projection makes alike', async () => {
    await fill(500);
    const alike: Projection = {
      ...PROJECTION,
      sources: [
        {
          table: 'a',
          key: 'id',
          select: "SELECT s.id, IF(s.id = 300, 'n7', s.name), ROUND(s.price * 100), s.note FROM a s",
        },
      ],
    };
    const { control } = await start();
    await control.connect(pair.request('t', [alike], 100));
    await control.startEgress();
    await control.startTransfer();
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(
      /convert a: row id = 300: U_new: Duplicate entry 'n7'/,
    );
  });

  it('refuses tables that it could not follow, by name', async () => {
    await old.query(
      'CREATE TABLE keyless (id INT, v INT); CREATE TABLE child (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)',
    );
    await target.query(
      'CREATE TABLE keyless (id INT PRIMARY KEY, v INT); CREATE TABLE child (id INT PRIMARY KEY, a INT)',
    );
    const { control } = await start();
    const asked = (projection: Projection) => refusal(control.connect(pair.request('t', [projection])));
    expect(await asked(copyOf('keyless', ['id', 'v']))).to.match(
      /table keyless must have the primary key id.*none/,
    );
    expect(await asked(copyOf('a', ['id', 'name', 'missing']))).to.match(/no column missing/);
    expect(await asked(copyOf('child', ['id', 'a']))).to.match(/table child is changed by a cascade/);
    const joined = {
      table: 'a',
      key: 'id',
      select: 'SELECT s.id, s.name, b.id, NULL FROM a s JOIN a b ON b.id = s.id',
    };
    expect(await asked({ ...PROJECTION, sources: [joined] })).to.match(/also read b/);
    await old.query('DROP TABLE child');
    await control.connect(pair.request('t', [PROJECTION]));
  });

  it('refuses a second driver while the first lives', async () => {
    const [first, second] = [await start(), await start()];
    await first.control.connect(pair.request('t', [PROJECTION]));
    expect(await refusal(second.control.connect(pair.request('t', [PROJECTION])))).to.match(
      /another driver is at work/,
    );
    await first.kill();
    await second.control.connect(pair.request('t', [PROJECTION]));
  });

  it('loses a change when E is started late, and the comparison finds it', async () => {
    await fill(1_000);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 100));
    await control.startTransfer();
    await control.awaitTransfer(LIMIT_MS);
    await old.query('UPDATE a SET price = 77 WHERE id = 5; DELETE FROM a WHERE id = 6');
    await control.startEgress();
    await old.query('UPDATE a SET price = 78 WHERE id = 500');
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('dirty')).to.include({ equal: true, rows: 1 });
    const { equal, mismatches } = await control.compare('all');
    expect(equal).to.equal(false);
    expect(mismatches).to.deep.equal([
      { table: 'a', key: '5', why: 'differs' },
      { table: 'a', key: '6', why: 'not in U_old' },
    ]);
  });

  it('projects again what tests wrote in U_new', async () => {
    await fill(1_000);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 100));
    await control.startEgress();
    await control.startTransfer();
    await control.awaitTransfer(LIMIT_MS);
    await target.query(
      "UPDATE a SET cents = 1 WHERE id = 3; DELETE FROM a WHERE id = 4; INSERT INTO a (name, cents) VALUES ('test', 1)",
    );
    await old.query("INSERT INTO a (name, price) VALUES ('live', 1)");
    await control.drainEgress(LIMIT_MS);
    expect((await control.compare('all')).equal).to.equal(false);
    expect(await control.reconcile(LIMIT_MS)).to.include({ keys: 3 });
    expect(await control.compare('all')).to.include({ equal: true });
    expect(await control.reconcile(LIMIT_MS)).to.include({ keys: 0 });
    await sameRows();
  });

  it('lets rows of tests give way where live ones need their unique values', async () => {
    await fill(200);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 100));
    await control.startEgress();
    await control.startTransfer();
    await control.awaitTransfer(LIMIT_MS);
    await target.query(
      "INSERT INTO a (id, name, cents) VALUES (900, 'wanted', 1); UPDATE a SET name = 'too' WHERE id = 7",
    );
    await old.query("INSERT INTO a (name, price) VALUES ('wanted', 1), ('too', 2)");
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('dirty')).to.include({ equal: true });
    await control.reconcile(LIMIT_MS);
    expect(await control.compare('all')).to.include({ equal: true });
    await sameRows();
  });

  it('keeps changes while it is suspended, and applies them afterwards', async () => {
    await fill(200);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 100));
    await control.startEgress();
    await control.startTransfer();
    await control.awaitTransfer(LIMIT_MS);
    await control.suspend();
    await old.query("UPDATE a SET note = 'later' WHERE id = 9");
    expect(await refusal(control.drainEgress(300))).to.match(/not drained within 300 ms: .*1 keys pending/);
    await control.resume();
    expect(await control.drainEgress(LIMIT_MS)).to.include({ keys: 1 });
    await sameRows();
  });

  it('says that U_new is full, and another driver goes on once there is room', async () => {
    await fill(20_000);
    await target.query('CREATE TABLE filler (id INT PRIMARY KEY) ENGINE=MEMORY; DROP TABLE a');
    await target.query(
      `SET max_heap_table_size = 262144; ${NEW_TABLES.replace('note TEXT NULL', 'note VARCHAR(60) NULL')} ENGINE=MEMORY`,
    );
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 500));
    await control.startEgress();
    await control.startTransfer();
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(/U_new: The table 'a' is full/);
    await control.close();
    await target.query(`DROP TABLE a; ${NEW_TABLES}; DROP DATABASE upfault_imago`);
    const next = await start();
    await next.control.connect(pair.request('t', [PROJECTION], 500));
    await next.control.startEgress();
    await next.control.startTransfer();
    await next.control.awaitTransfer(LIMIT_MS);
    await sameRows();
  });

  it('says that the log it needs was purged', async () => {
    await fill(100);
    const first = await start();
    await first.control.connect(pair.request('t', [PROJECTION]));
    await first.control.startEgress();
    await first.kill();
    const [threads] = await old.query('SHOW PROCESSLIST');
    for (const [id, , , , kind] of threads as string[][]) {
      // The killed driver's: the server would notice only when it next has something to send.
      if (kind === 'Binlog Dump') await old.query(`KILL ${id}`);
    }
    await old.query('FLUSH BINARY LOGS');
    const [[log]] = (await old.query('SHOW MASTER STATUS'))[0] as unknown as [[string]];
    for (let logs = ['']; logs[0] !== log; ) {
      // A log that is still being sent is kept; the thread that was killed lets go in a moment.
      await old.query(`PURGE BINARY LOGS TO '${log}'`);
      logs = ((await old.query('SHOW BINARY LOGS'))[0] as string[][]).map(([file]) => file as string);
    }
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION]));
    await control.startEgress();
    expect(await refusal(control.drainEgress(LIMIT_MS))).to.match(
      /U_old: binary log .*(Could not find|not find first log)/i,
    );
  });

  // Last: it takes the pair with it.
  it('ends with what happened when U_new is killed, and U_old never notices', async () => {
    await fill(60_000);
    const { control } = await start();
    await control.connect(pair.request('t', [PROJECTION], 50));
    await control.startEgress();
    await control.startTransfer();
    const transfer = refusal(control.awaitTransfer(LIMIT_MS));
    await pair.new.container.kill();
    expect(await transfer).to.match(/U_new: .*(closed|lost|ECONNRESET|EPIPE)/i);
    expect((await control.status()).phase).to.equal('failed');
    const [[count]] = (await old.query('SELECT COUNT(*) FROM a'))[0] as unknown as [[string]];
    expect(Number(count)).to.equal(60_000);
  });
});
