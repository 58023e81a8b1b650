import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { MachineWatch } from '../../harness/observation/machine.ts';

/** What the engine would answer, by container; a container that is not listed does not exist. */
type Seen = Record<
  string,
  { cpuS: number; memoryMb: number; cacheMb: number; limitMb: number; periods?: number; throttled?: number }
>;

function engineOf(seen: () => Seen): Dockerode {
  const stats = async (container: string) => {
    const one = seen()[container];
    if (one === undefined) throw Object.assign(new Error('no such container'), { statusCode: 404 });
    return {
      cpu_stats: {
        cpu_usage: { total_usage: one.cpuS * 1e9 },
        throttling_data: { periods: one.periods ?? 0, throttled_periods: one.throttled ?? 0 },
      },
      memory_stats: {
        usage: (one.memoryMb + one.cacheMb) * 1e6,
        limit: one.limitMb * 1e6,
        stats: { inactive_file: one.cacheMb * 1e6 },
      },
    };
  };
  return {
    getContainer: (container: string) => ({ stats: () => stats(container) }),
  } as unknown as Dockerode;
}

const CONTAINERS = { db1: 'old-db1', 'new/db1': 'new-db1', driver: 'the-driver' };
const OLD = { 'old-db1': { cpuS: 50, memoryMb: 400, cacheMb: 0, limitMb: 512 } };

describe('watching the machines', () => {
  it('sums up what leased machines took, at their peak together, also of those that are gone again', async () => {
    let seen: Seen = OLD;
    const watch = new MachineWatch(
      engineOf(() => seen),
      CONTAINERS,
      ['new/db1', 'driver'],
    );
    expect(await watch.takenBeside()).to.deep.equal({ cpuSeconds: 0, peakMemoryMb: 0, memoryLimitMb: 0 });
    seen = { ...OLD, 'new-db1': { cpuS: 2, memoryMb: 300, cacheMb: 90, limitMb: 512 } };
    await watch.takenBeside();
    seen = {
      ...OLD,
      'new-db1': { cpuS: 3, memoryMb: 250, cacheMb: 0, limitMb: 512 },
      'the-driver': { cpuS: 1.5, memoryMb: 80, cacheMb: 0, limitMb: 512 },
    };
    await watch.takenBeside();
    seen = OLD;
    expect(await watch.takenBeside()).to.deep.equal({
      cpuSeconds: 4.5,
      peakMemoryMb: 330,
      memoryLimitMb: 1024,
    });
    const { cpuSeconds } = await watch.stop();
    expect(cpuSeconds).to.deep.equal({ db1: 0, 'new/db1': 3, driver: 1.5 });
  });

  it('looks at hosts no more once it has looked for the last time', async () => {
    let seen: Seen = OLD;
    const watch = new MachineWatch(
      engineOf(() => seen),
      { db1: 'old-db1' },
    );
    await watch.takenBeside();
    seen = { 'old-db1': { cpuS: 53, memoryMb: 400, cacheMb: 0, limitMb: 512 } };
    watch.lookLast();
    await new Promise((resolve) => setImmediate(resolve));
    seen = { 'old-db1': { cpuS: 90, memoryMb: 400, cacheMb: 0, limitMb: 512 } };
    expect((await watch.stop()).cpuSeconds).to.deep.equal({ db1: 3 });
  });

  it('leases nothing where no machine was named for it', async () => {
    const watch = new MachineWatch(
      engineOf(() => OLD),
      { db1: 'old-db1' },
    );
    expect(await watch.takenBeside()).to.deep.equal({ cpuSeconds: 0, peakMemoryMb: 0, memoryLimitMb: 0 });
    await watch.stop();
  });

  it('tells how often a host was throttled, and nothing of one of which no period was counted', async () => {
    const at = (periods: number, throttled: number): Seen => ({
      'old-db1': { cpuS: 1, memoryMb: 1, cacheMb: 0, limitMb: 1, periods, throttled },
      'old-db2': { cpuS: 1, memoryMb: 1, cacheMb: 0, limitMb: 1 },
    });
    let seen = at(100, 10);
    const watch = new MachineWatch(
      engineOf(() => seen),
      { db1: 'old-db1', db2: 'old-db2' },
    );
    await watch.takenBeside();
    seen = at(300, 60);
    const { throttledShare, cpuSeconds } = await watch.stop();
    expect(throttledShare).to.deep.equal({ db1: 0.25 });
    expect(cpuSeconds).to.deep.equal({ db1: 0, db2: 0 });
  });

  it('knows nothing of a host that was looked at once', async () => {
    let seen: Seen = OLD;
    const watch = new MachineWatch(
      engineOf(() => seen),
      { db1: 'old-db1' },
    );
    await watch.takenBeside();
    seen = {};
    expect((await watch.stop()).cpuSeconds).to.deep.equal({});
  });

  it('does not know what leased machines took where it could not look at one of them', async () => {
    const engine = { getContainer: () => ({ stats: () => Promise.reject(new Error('server error')) }) };
    const watch = new MachineWatch(engine as unknown as Dockerode, { driver: 'the-driver' }, ['driver']);
    expect(await watch.takenBeside()).to.equal(null);
    await watch.stop();
  });
});
