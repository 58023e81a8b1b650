import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { LIMIT_MS, oneTable, PROJECTION } from './one-table.ts';
import { type DriverProcess, refusal } from './pair.ts';

/** Waits until so many keys wait to be applied. */
async function pending({ control }: Pick<DriverProcess, 'control'>, keys: number): Promise<void> {
  const limitNs = process.hrtime.bigint() + BigInt(LIMIT_MS) * 1_000_000n;
  for (;;) {
    const { pendingKeys } = await control.status();
    if (pendingKeys === keys) return;
    if (process.hrtime.bigint() > limitNs) expect.fail(`${pendingKeys} keys pending, not ${keys}`);
    await delay(20);
  }
}

describe('driver, between two databases', function () {
  this.timeout(180_000);
  const stand = oneTable();

  it('copies under live writes and ends equal', async () => {
    await stand.fill(5_000);
    const { control } = await stand.begin();
    let isCopied = false;
    const transfer = control.awaitTransfer(LIMIT_MS).finally(() => {
      isCopied = true;
    });
    let writes = 0;
    for (let turn = 1; !isCopied || writes < 200; turn += 1) {
      const id = (turn * 37) % 6_000;
      await stand.old.query(`UPDATE a SET price = ${turn}, note = 'changed ${turn}' WHERE id = ${id}`);
      await stand.old.query(`DELETE FROM a WHERE id = ${(turn * 91) % 6_000}`);
      await stand.old.query(`INSERT INTO a (name, price) VALUES ('new${turn}', ${turn})`);
      writes += 3;
    }
    const status = await transfer;
    expect(status.phase).to.equal('copied');
    const drained = await control.drainEgress(LIMIT_MS);
    expect(drained.position.file).to.match(/\.\d+$/);
    expect((await control.status()).pendingKeys).to.equal(0);
    const dirty = await control.compare('dirty');
    expect(dirty.mismatches).to.deep.equal([]);
    expect(dirty.rows).to.be.greaterThan(0);
    expect(await control.compare('dirty')).to.include({ equal: true, rows: 0 });
    expect(await control.compare('all')).to.include({ equal: true });
    await stand.sameRows();
  });

  it('goes on where a killed driver was, with no change lost', async () => {
    await stand.fill(3_000);
    for (let round = 0; round < 8; round += 1) {
      const { kill } = await stand.begin(50);
      await stand.old.query(
        `UPDATE a SET price = price + 1 WHERE id % 7 = ${round % 7}; DELETE FROM a WHERE id % 500 = ${round}`,
      );
      await delay(round * 8);
      await kill();
      await stand.old.query(`UPDATE a SET note = 'while it was dead ${round}' WHERE id % 11 = ${round}`);
    }
    const { control } = await stand.copied(50);
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('dirty')).to.include({ equal: true });
    expect(await control.compare('all')).to.include({ equal: true });
    await stand.sameRows();
  });

  it('follows a unique value that goes from row to row', async () => {
    await stand.fill(300);
    const { control } = await stand.begin(20);
    for (let turn = 0; turn < 150; turn += 1) {
      const [one, other] = [1 + (turn % 300), 1 + ((turn * 7 + 150) % 300)];
      await stand.old.query(
        `START TRANSACTION; SELECT name INTO @n FROM a WHERE id = ${one}; SELECT name INTO @m FROM a WHERE id = ${other};
         UPDATE a SET name = 'between' WHERE id = ${one}; UPDATE a SET name = @n WHERE id = ${other}; UPDATE a SET name = @m WHERE id = ${one}; COMMIT`,
      );
    }
    await control.awaitTransfer(LIMIT_MS);
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('all')).to.include({ equal: true });
    await stand.sameRows();
  });

  it('loses a change when E is started late, and the comparison finds it', async () => {
    await stand.fill(1_000);
    const { control } = await stand.start();
    await control.connect(stand.pair.request('t', [PROJECTION], 100));
    await control.startTransfer();
    await control.awaitTransfer(LIMIT_MS);
    await stand.old.query('UPDATE a SET price = 77 WHERE id = 5; DELETE FROM a WHERE id = 6');
    await control.startEgress();
    await stand.old.query('UPDATE a SET price = 78 WHERE id = 500');
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
    await stand.fill(1_000);
    const { control } = await stand.copied();
    await stand.target.query(
      "UPDATE a SET cents = 1 WHERE id = 3; DELETE FROM a WHERE id = 4; INSERT INTO a (name, cents) VALUES ('test', 1)",
    );
    await stand.old.query("INSERT INTO a (name, price) VALUES ('live', 1)");
    await control.drainEgress(LIMIT_MS);
    expect((await control.compare('all')).equal).to.equal(false);
    expect(await control.reconcile(LIMIT_MS)).to.include({ keys: 3 });
    expect(await control.compare('all')).to.include({ equal: true });
    expect(await control.reconcile(LIMIT_MS)).to.include({ keys: 0 });
    await stand.sameRows();
  });

  it('finds what a test wrote behind its reconciliation when it drains', async () => {
    await stand.fill(1_000);
    const { control } = await stand.copied();
    await control.reconcile(LIMIT_MS);
    await stand.target.query(
      "UPDATE a SET cents = 1 WHERE id = 3; INSERT INTO a (name, cents) VALUES ('late', 1)",
    );
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('dirty')).to.include({ equal: true, rows: 2 });
    await stand.sameRows();
  });

  it('lets rows of tests give way where live ones need their unique values', async () => {
    await stand.fill(200);
    const { control } = await stand.copied();
    await stand.target.query(
      "INSERT INTO a (id, name, cents) VALUES (900, 'wanted', 1); UPDATE a SET name = 'too' WHERE id = 7",
    );
    await stand.old.query("INSERT INTO a (name, price) VALUES ('wanted', 1), ('too', 2)");
    await control.drainEgress(LIMIT_MS);
    expect(await control.compare('dirty')).to.include({ equal: true });
    await control.reconcile(LIMIT_MS);
    expect(await control.compare('all')).to.include({ equal: true });
    await stand.sameRows();
  });

  it('keeps changes while it is suspended, and applies them afterwards', async () => {
    await stand.fill(200);
    const { control } = await stand.copied();
    await control.suspend();
    await stand.old.query("UPDATE a SET note = 'later' WHERE id = 9");
    await pending({ control }, 1);
    expect(await refusal(control.drainEgress(300))).to.match(/not drained within 300 ms: .*1 keys pending/);
    await control.resume();
    expect(await control.drainEgress(LIMIT_MS)).to.include({ keys: 1 });
    await stand.sameRows();
  });

  it('reads the log no further while too many keys wait, and goes on afterwards', async () => {
    await stand.fill(200);
    const { control } = await stand.copied(100, { pendingKeys: 50 });
    await control.suspend();
    for (let id = 1; id <= 120; id += 1) await stand.old.query(`UPDATE a SET price = 7 WHERE id = ${id}`);
    await pending({ control }, 51);
    expect(await refusal(control.drainEgress(300))).to.match(/: 200 rows copied, 51 keys pending/);
    await control.resume();
    await control.drainEgress(LIMIT_MS);
    await stand.sameRows();
  });
});
