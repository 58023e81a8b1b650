import { expect } from 'chai';
import { startGuard } from '../../harness/provision/guard.ts';

describe('guard', () => {
  const { execPath } = process;
  afterEach(() => {
    process.execPath = execPath;
  });

  it('says that its watchdog cannot be started, instead of ending this process later', async () => {
    process.execPath = '/nowhere/node';
    const failure = await startGuard('c').then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure?.message).to.match(/^guard c: its watchdog cannot be started: .*ENOENT/);
  });
});
