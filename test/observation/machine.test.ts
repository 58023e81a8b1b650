import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { MachineWatch } from '../../harness/observation/machine.ts';

/** What the engine would answer, by container; a container that is not listed does not exist. */
type Seen = Record<string, { cpuS: number; memoryMb: number; cacheMb: number; limitMb: number }>;

function engineOf(seen: () => Seen): Dockerode {
  const stats = async (container: string) => {
    const one = seen()[container];
    if (one === undefined) throw new Error('no such container');
    return {
      cpu_stats: {
        cpu_usage: { total_usage: one.cpuS * 1e9 },
        throttling_data: { periods: 100, throttled_periods: 10 },
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
});
