import { expect } from 'chai';
import type { ExecStep } from '../../harness/contract/step.ts';
import { HostLostError } from '../../harness/provision/shell.ts';
import { execute, type World } from '../../harness/upgrader/execute.ts';

const step: ExecStep = {
  ...{ kind: 'exec', id: 'web1/reload', title: 'reload', universe: 'old', host: 'web1' },
  argv: ['reload'],
};

/** What becomes of a step whose host is lost, where that runs or does not. */
async function failureOn(running: boolean, silent: boolean): Promise<Error> {
  const lost = new HostLostError('run reload in c-web1: lost', { container: 'c-web1', silent });
  const world = {
    engine: { getContainer: () => ({ inspect: async () => ({ State: { Running: running } }) }) },
    bindings: { universes: { old: { addresses: {} } }, secrets: {}, pems: {} },
    hosts: { exec: () => Promise.reject(lost) },
  } as unknown as World;
  return execute(step, world).then(
    () => expect.fail('it was done'),
    (error: Error) => error,
  );
}

describe('a step whose host is lost', () => {
  it('fails where the host does not run, or its shell has ended', async () => {
    for (const [running, silent] of [
      [false, true],
      [false, false],
      [true, false],
    ] as const)
      expect((await failureOn(running, silent)).name).to.equal('StepFailure');
  });

  it('is the testbed’s failure where the host runs and its answer was kept back', async () => {
    expect((await failureOn(true, true)).name).to.equal('HostLostError');
  });
});
