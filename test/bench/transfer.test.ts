import { expect } from 'chai';
import { benchTable } from '../../harness/bench/bench.ts';
import { resultOf } from '../../harness/bench/transfer.ts';
import {
  TRANSFER_WAYS,
  type TransferMeasurement,
  type TransferWay,
} from '../../harness/bench/transfer-ways.ts';

const measured = (way: TransferWay, seconds: number, live: boolean): TransferMeasurement => ({
  way,
  rows: 60_000,
  seconds,
  cores: { old: 0.3, new: 1.1, driver: way === 'driver' ? 0.4 : 0, tools: way === 'driver' ? 0 : 0.2 },
  written: live ? { transactions: 100, deadlocks: 0, p95Ms: 2 * seconds } : null,
  peakMb: way === 'driver' ? 80 : null,
  compareAllS: way === 'driver' ? 0.5 : null,
});
/** One round; `slow` stretches every time. Each round begins with another way. */
const round = (first: number, slow: number) => {
  const order = TRANSFER_WAYS.map((_, index) => TRANSFER_WAYS[(index + first) % 3] as TransferWay);
  const seconds = { driver: 3, dump: 4, mydumper: 2 };
  return {
    idle: order.map((way) => measured(way, slow * seconds[way], false)),
    live: order.map((way) => measured(way, 2 * slow * seconds[way], true)),
  };
};

describe('bench transfer', () => {
  const cpus = { old: 1.2, new: 1.2, driver: 0.6, tools: 0.6 };
  const result = resultOf({ cpus }, [round(0, 1), round(1, 2), round(2, 1)]);
  const figure = (name: string) => {
    const found = result.figures.find((one) => one.figure === name);
    if (found === undefined) throw new Error(`no figure ${name}`);
    return found;
  };

  it('holds rows a second against mariadb-dump, by medians over rounds', () => {
    expect(figure('rows/s')).to.deep.include({
      ours: 20_000,
      peer: 15_000,
      limit: 15_000,
      least: 10_000,
      most: 20_000,
    });
    expect(figure('rows/s; peer: mydumper, myloader').peer).to.equal(30_000);
  });

  it('keeps what was measured beside live writes apart', () => {
    expect(figure('rows/s beside 20 live writes/s')).to.deep.include({ ours: 10_000, peer: 7_500 });
    expect(figure('p95 of live writes')).to.deep.include({ ours: 12, peer: 16 });
  });

  it('says what each machine used of what it may, and what the peers leave out', () => {
    const table = benchTable(result);
    expect(table).to.include(
      'driver, idle: old database 0.30 of 1.2 cores, new database 1.10 of 1.2, driver 0.40 of 0.6',
    );
    expect(table).to.include(
      'dump, idle: old database 0.30 of 1.2 cores, new database 1.10 of 1.2, tools 0.20 of 0.6',
    );
    expect(table).to.include('The peers convert nothing and compare nothing');
  });
});
