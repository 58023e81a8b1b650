import { expect } from 'chai';
import { assertLimits } from '../../harness/provision/engine.ts';

describe('limits of an engine', () => {
  it('are sound where it has them, or does not tell', () => {
    assertLimits({ CpuCfsQuota: true, CpuCfsPeriod: true, MemoryLimit: true });
    assertLimits({ CpuCfsQuota: true, MemoryLimit: true });
  });

  it('are refused where it would run hosts without, with its name and what is missing', () => {
    const rootless = { ServerVersion: '28.0.1', OperatingSystem: 'Debian', Name: 'box' };
    expect(() => assertLimits({ ...rootless, CpuCfsQuota: false, MemoryLimit: true })).to.throw(
      /28\.0\.1, Debian, box.*CpuCfsQuota is false.* wanted/,
    );
    expect(() => assertLimits({ CpuCfsPeriod: false, MemoryLimit: false })).to.throw(
      /CpuCfsPeriod, MemoryLimit are false/,
    );
  });
});
