import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { LogReader } from '../../../harness/imago/driver/egress.ts';
import type { AsOf } from '../../../harness/imago/driver/log-position.ts';
import { Session } from '../../../harness/imago/driver/session.ts';
import { type Pair, startPair } from './pair.ts';

const WRITERS = [1, 2, 3, 4];
const READERS = 2;
/** Enough that the server's own word for the place of a snapshot was found wrong in each of six runs. */
const READINGS = 12_000;

/** What the driver rests on: a place in the log and a reading, each from another session of the server, agree. */
describe('driver: readings of U_old under writes', function () {
  this.timeout(120_000);
  let pair: Pair;
  before(async () => {
    pair = await startPair();
    const counters = WRITERS.map((id) => `(${id}, 0)`).join(', ');
    await pair.reset(
      't',
      `CREATE TABLE c (id INT PRIMARY KEY, v INT NOT NULL); INSERT INTO c VALUES ${counters}`,
      '',
    );
  });
  after(async () => {
    await pair?.remove();
  });

  it('show all that the log has up to where they say, and nothing beyond', async () => {
    const { old } = pair.request('t', []);
    const lost = (error: Error): void => {
      throw error;
    };
    const sessions = await Promise.all(
      Array.from({ length: READERS }, () => Session.open(old, 'U_old', "time_zone = '+00:00'", lost)),
    );
    const [first] = sessions as [Session, ...Session[]];
    /** By counter: place in the log after which it has the value that is its index. */
    const places = new Map(WRITERS.map((id) => [id, [0]]));
    const log = new LogReader({
      address: old,
      serverId: 4711,
      from: await first.logEnd(),
      tables: new Map([['c', 'id']]),
      onEntry: ({ changes, until }) => {
        // An update names its key twice: as it was before and as it is after.
        for (const key of new Set(changes.map(({ key }) => Number(key)))) places.get(key)?.push(until);
      },
      onFailure: lost,
    });
    const readings: { asOf: AsOf; values: Map<number, number> }[] = [];
    let isOver = false;
    const write = async (id: number): Promise<void> => {
      const connection = await pair.connect('old', 't');
      while (!isOver) await connection.query(`UPDATE c SET v = v + 1 WHERE id = ${id}`);
      await connection.end();
    };
    const read = async (session: Session): Promise<void> => {
      while (!isOver) {
        const { asOf, results } = await session.readAt(['SELECT id, v FROM c']);
        readings.push({
          asOf,
          values: new Map(results[0]?.rows.map(([id, value]) => [Number(id), Number(value)])),
        });
        isOver = readings.length >= READINGS;
      }
    };
    await Promise.all([...WRITERS.map(write), ...sessions.map(read)]);
    const { asOf: end } = await first.readAt([]);
    while (log.read < end.latest) await delay(10);
    log.stop();
    for (const session of sessions) session.close();

    const changes = [...places.values()].reduce((sum, each) => sum + each.length - 1, 0);
    expect(changes).to.be.greaterThan(1_000);
    const wrong = readings.flatMap(({ asOf, values }) =>
      WRITERS.flatMap((id) => {
        const value = values.get(id) ?? 0;
        const [at, next] = (places.get(id) as number[]).slice(value, value + 2) as [number, number?];
        if (next !== undefined && next <= asOf.seen) return [`${id} at ${next} is not seen at ${asOf.seen}`];
        return at > asOf.latest ? [`${id} at ${at} is seen at ${asOf.latest}`] : [];
      }),
    );
    expect(wrong).to.deep.equal([]);
  });
});
