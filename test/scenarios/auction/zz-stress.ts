import { startDatabaseHost } from './database-host.ts';
import { startWriter, storeOf } from './database-writers.ts';

const host = await startDatabaseHost('old');
await host.run(
  `CREATE USER auction_app@'%' IDENTIFIED BY 'pw'; GRANT SELECT, INSERT, UPDATE, DELETE ON auction.* TO auction_app@'%';`,
);
const stores = [1, 2].map(() => storeOf('old', host.port, 'pw'));
let dead = 0;
const writers = stores.map((s, i) =>
  startWriter(
    `w${i}`,
    {
      ...s,
      comment: async (c) => {
        try {
          return await s.comment(c);
        } catch (e) {
          dead++;
          console.log('client', (e as Error).message);
          throw e;
        }
      },
    },
    new Map(),
  ),
);
for (const table of ['users', 'items', 'bids', 'comments'])
  for (const pre of ['', 'SET SESSION foreign_key_checks = 0;']) {
    let failed = 0;
    const t = process.hrtime.bigint();
    for (let i = 0; i < 60; i++) {
      for (const sql of [
        `ALTER TABLE ${table} ADD COLUMN zz INT NULL, ALGORITHM=INSTANT`,
        `ALTER TABLE ${table} DROP COLUMN zz, ALGORITHM=INSTANT`,
      ]) {
        for (;;) {
          try {
            await host.run(`${pre}${sql}`);
            break;
          } catch (e) {
            failed++;
            if (failed < 2) console.log((e as Error).message.slice(0, 200));
          }
        }
      }
    }
    console.log(
      table,
      pre,
      'failed',
      failed,
      'of 120; client deadlocks',
      dead,
      Number(process.hrtime.bigint() - t) / 1e9,
    );
  }
for (const w of writers) await w.stop();
for (const s of stores) await s.close();
await host.remove();
