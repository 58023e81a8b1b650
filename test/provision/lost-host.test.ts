/** A host's shell whose host goes away: what is told to whoever asks, or is waiting for an answer. */
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { HostLostError, HostShell } from '../../harness/provision/shell.ts';

/** An engine with one process in one container, and that process' streams. */
async function shellOf(container: string) {
  const stream = new PassThrough();
  const told: PassThrough[] = [];
  const engine = {
    getContainer: () => ({ exec: async () => ({ start: async () => stream }) }),
    modem: { demuxStream: (_: PassThrough, stdout: PassThrough) => void told.push(stdout) },
  } as unknown as Dockerode;
  const shell = await HostShell.open(engine, container);
  return { shell, stream, stdout: told[0] ?? expect.fail('no output was asked for') };
}

async function lossOf(answer: Promise<unknown>): Promise<HostLostError> {
  return answer.then(
    () => expect.fail('it was answered'),
    (error: unknown) => (error instanceof HostLostError ? error : expect.fail(String(error))),
  );
}

describe('the shell of a host', () => {
  it('gives what a command gave', async () => {
    const { shell, stdout } = await shellOf('c-web1');
    const answer = shell.run(['reload']);
    await turn();
    stdout.write(`1 3 ${btoa('out\n')} ${btoa('err\n')}\n`);
    expect(await answer).to.deep.equal({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
    expect(shell.isOpen).to.equal(true);
    shell.close();
  });

  it('that ends loses the host for everybody who waits and whoever asks later, by its own name', async () => {
    const { shell, stream } = await shellOf('c-web1');
    const losses = Promise.all(['reload', 'check'].map((command) => lossOf(shell.run([command]))));
    await turn();
    stream.destroy();
    const all = [...(await losses), await lossOf(shell.run(['later']))];
    expect(all.map(({ message }) => message)).to.deep.equal(
      ['reload', 'check', 'later'].map((command) => `run ${command} in c-web1: its shell has ended`),
    );
    for (const loss of all) expect(loss).to.include({ container: 'c-web1', silent: false });
    expect(shell.isOpen).to.equal(false);
  });

  it('that was closed says so', async () => {
    const { shell } = await shellOf('c-web1');
    const loss = lossOf(shell.run(['reload']));
    await turn();
    shell.close();
    expect((await loss).message).to.equal('run reload in c-web1: it was closed');
  });
});
