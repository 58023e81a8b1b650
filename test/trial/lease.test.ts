import { expect } from 'chai';
import { leaseOf } from '../../harness/trial/lease.ts';

type Leased = Parameters<typeof leaseOf>[0];

const TAKEN = { cpuSeconds: 2, peakMemoryMb: 300, memoryLimitMb: 512 };
const DURATION = { startMs: 1_000, endMs: 5_000 };
const system = {
  fresh: {
    universe: 'new',
    containers: { web1: 'new-web1', db1: 'new-db1' },
    specs: { web1: { volumes: [] }, db1: { volumes: [{ path: '/data' }] } },
  },
  hosts: {
    isRunning: async () => true,
    exec: async () => ({ exitCode: 0, stdout: '1000\t/data\n', stderr: '' }),
  },
} as unknown as Leased;
const listing = (...sizes: object[]) =>
  ({ listContainers: async () => sizes }) as unknown as Parameters<typeof leaseOf>[3];

const WRITTEN = { SizeRw: 1_000_000, SizeRootFs: 9 };

describe('lease of a parallel universe', () => {
  it('counts volumes and layers, also where an engine leaves a size of 0 out', async () => {
    const lease = await leaseOf(system, DURATION, TAKEN, listing(WRITTEN, { SizeRootFs: 9 }));
    expect(lease).to.deep.equal({ seconds: 4, ...TAKEN, diskMb: 2.024 });
  });

  it('knows of no disk where the engine has not measured a layer, or has not listed it', async () => {
    for (const engine of [listing(WRITTEN, {}), listing(WRITTEN)])
      expect((await leaseOf(system, DURATION, TAKEN, engine))?.diskMb).to.equal(null);
  });

  it('is not known where the machines could not be watched', async () => {
    expect(await leaseOf(system, DURATION, null, listing())).to.equal(null);
  });
});
