import { expect } from 'chai';
import type { Projection } from '../../../harness/contract/projection.ts';
import { LIMIT_MS, NEW_TABLES, oneTable, PROJECTION } from './one-table.ts';
import { copyOf, refusal, rowsOf } from './pair.ts';

describe('driver, where it must give up', function () {
  this.timeout(180_000);
  const stand = oneTable();

  it('names the row that cannot be converted, with the words of the database', async () => {
    await stand.fill(2_000);
    await stand.old.query("UPDATE a SET note = REPEAT('y', 30) WHERE id IN (700, 1300)");
    await stand.target.query('DELETE FROM a; ALTER TABLE a MODIFY note VARCHAR(20) NULL');
    await stand.old.query("UPDATE a SET note = 'short' WHERE id NOT IN (700, 1300)");
    const { control } = await stand.begin(500);
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(
      /convert a: row id = 700: U_new: Data too long for column 'note'/,
    );
    expect((await control.status()).phase).to.equal('failed');
    await control.close();
    // The same of a row that is only changed later.
    await stand.old.query("UPDATE a SET note = 'short' WHERE id IN (700, 1300)");
    const next = await stand.copied(500);
    await stand.old.query("UPDATE a SET note = REPEAT('z', 21) WHERE id = 42");
    expect(await refusal(next.control.drainEgress(LIMIT_MS))).to.match(
      /convert a: row id = 42: U_new: Data too long/,
    );
  });

  it('names the row that U_new holds otherwise than it was read', async () => {
    await stand.fill(500);
    await stand.target.query(
      'CREATE TRIGGER spoils BEFORE INSERT ON a FOR EACH ROW SET NEW.cents = IF(NEW.id = 333, 1, NEW.cents)',
    );
    const { control } = await stand.begin();
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(/copy a: .*: a 333 differs/);
  });

  it('refuses rows that a projection makes alike', async () => {
    await stand.fill(500);
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
    const { control } = await stand.begin(100, { projection: alike });
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(
      /convert a: row id = 300: U_new: Duplicate entry 'n7'/,
    );
  });

  it('refuses tables that it could not follow, by name', async () => {
    await stand.old.query(
      'CREATE TABLE keyless (id INT, v INT); CREATE TABLE child (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)',
    );
    await stand.target.query(
      'CREATE TABLE keyless (id INT PRIMARY KEY, v INT); CREATE TABLE child (id INT PRIMARY KEY, a INT)',
    );
    const { control } = await stand.start();
    const asked = (projection: Projection) => refusal(control.connect(stand.pair.request('t', [projection])));
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
    await stand.old.query('DROP TABLE child');
    await control.connect(stand.pair.request('t', [PROJECTION]));
  });

  it('refuses a second driver while the first lives', async () => {
    const [first, second] = [await stand.start(), await stand.start()];
    await first.control.connect(stand.pair.request('t', [PROJECTION]));
    expect(await refusal(second.control.connect(stand.pair.request('t', [PROJECTION])))).to.match(
      /another driver is at work/,
    );
    await first.kill();
    await second.control.connect(stand.pair.request('t', [PROJECTION]));
  });

  it('gives up, by name, where more changes gather than can be compared', async () => {
    await stand.fill(300);
    const { control } = await stand.copied(100, { dirtyKeys: 50 });
    await stand.old.query("UPDATE a SET note = 'once' WHERE id <= 40");
    await control.drainEgress(LIMIT_MS);
    expect((await control.status()).dirtyKeys).to.equal(40);
    await stand.old.query("UPDATE a SET note = 'more' WHERE id BETWEEN 41 AND 60");
    expect(await refusal(control.drainEgress(LIMIT_MS))).to.match(
      /60 changed keys wait to be compared, 60 of them of a; at most 50 may/,
    );
    expect((await control.status()).phase).to.equal('failed');
    expect(await rowsOf(stand.old, "SELECT COUNT(*) FROM a WHERE note = 'more'")).to.deep.equal([['20']]);
  });

  it('says that U_new is full, and another driver goes on once there is room', async () => {
    await stand.fill(20_000);
    await stand.target.query('CREATE TABLE filler (id INT PRIMARY KEY) ENGINE=MEMORY; DROP TABLE a');
    await stand.target.query(
      `SET max_heap_table_size = 262144; ${NEW_TABLES.replace('note TEXT NULL', 'note VARCHAR(60) NULL')} ENGINE=MEMORY`,
    );
    const { control } = await stand.begin(500);
    expect(await refusal(control.awaitTransfer(LIMIT_MS))).to.match(/U_new: The table 'a' is full/);
    await control.close();
    await stand.target.query(`DROP TABLE a; ${NEW_TABLES}; DROP DATABASE upfault_imago`);
    await stand.copied(500);
    await stand.sameRows();
  });

  it('says that the log it needs was purged', async () => {
    await stand.fill(100);
    const first = await stand.start();
    await first.control.connect(stand.pair.request('t', [PROJECTION]));
    await first.control.startEgress();
    await first.kill();
    const [threads] = await stand.old.query('SHOW PROCESSLIST');
    for (const [id, , , , kind] of threads as string[][]) {
      // The killed driver's: the server would notice only when it next has something to send.
      if (kind === 'Binlog Dump') await stand.old.query(`KILL ${id}`);
    }
    await stand.old.query('FLUSH BINARY LOGS');
    const [[log]] = (await stand.old.query('SHOW MASTER STATUS'))[0] as unknown as [[string]];
    for (let logs = ['']; logs[0] !== log; ) {
      // A log that is still being sent is kept; the thread that was killed lets go in a moment.
      await stand.old.query(`PURGE BINARY LOGS TO '${log}'`);
      logs = ((await stand.old.query('SHOW BINARY LOGS'))[0] as string[][]).map(([file]) => file as string);
    }
    const { control } = await stand.start();
    await control.connect(stand.pair.request('t', [PROJECTION]));
    await control.startEgress();
    expect(await refusal(control.drainEgress(LIMIT_MS))).to.match(
      /U_old: binary log .*(Could not find|not find first log)/i,
    );
  });

  // Last: it takes the pair with it.
  it('ends with what happened when U_new is killed, and U_old never notices', async () => {
    await stand.fill(60_000);
    const { control } = await stand.begin(50);
    const transfer = refusal(control.awaitTransfer(LIMIT_MS));
    await stand.pair.new.container.kill();
    expect(await transfer).to.match(/U_new: .*(closed|lost|ECONNRESET|EPIPE)/i);
    expect((await control.status()).phase).to.equal('failed');
    const [[count]] = (await stand.old.query('SELECT COUNT(*) FROM a'))[0] as unknown as [[string]];
    expect(Number(count)).to.equal(60_000);
  });
});
