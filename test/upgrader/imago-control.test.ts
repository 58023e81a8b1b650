import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import type { Bindings } from '../../harness/upgrader/bindings.ts';
import { imagoControl } from '../../harness/upgrader/imago-control.ts';

/** An engine in which a process answers every command with its number; the first starts of one are refused. */
function engineRefusing(times: number) {
  const opened: { container: string; end: () => void }[] = [];
  let refusals = times;
  const exec = (container: string) => async () => {
    if (refusals-- > 0) throw Object.assign(new Error('server error'), { statusCode: 500 });
    const stdout = new PassThrough();
    const stream = new Writable({
      write: (chunk, _, done) => {
        const { id } = JSON.parse(String(chunk)) as { id: number };
        stdout.write(`${JSON.stringify({ id, ok: true, result: { forwarded: opened.length } })}\n`);
        done();
      },
    });
    opened.push({ container, end: () => stream.emit('end') });
    return { start: async () => Object.assign(stream, { stdout }) };
  };
  const engine = {
    getContainer: (container: string) => ({ exec: exec(container) }),
    modem: {
      demuxStream: (stream: { stdout: PassThrough }, stdout: PassThrough) => void stream.stdout.pipe(stdout),
    },
  } as unknown as Dockerode;
  return { engine, opened };
}

function controlOf(engine: Dockerode) {
  const bindings = {
    universes: { old: {}, new: {} },
    imago: { ingress: 'the-ingress', machine: { container: 'the-driver' } },
  } as unknown as Bindings;
  return imagoControl(engine, bindings, () => undefined) ?? expect.fail('no control');
}

describe('control of Imago’s machines', () => {
  it('asks the ingress again after it could not be reached once', async () => {
    const { engine, opened } = engineRefusing(1);
    const control = controlOf(engine);
    expect(await control.ingress().catch((error: Error) => error.message)).to.equal('server error');
    expect(await (await control.ingress()).status()).to.deep.equal({ forwarded: 1 });
    expect(opened.map(({ container }) => container)).to.deep.equal(['the-ingress']);
    await control.close();
  });

  it('keeps one channel to the ingress, and opens another once that has ended', async () => {
    const { engine, opened } = engineRefusing(0);
    const control = controlOf(engine);
    const [one, same] = await Promise.all([control.ingress(), control.ingress()]);
    expect(same).to.equal(one);
    opened[0]?.end();
    while (one.isOpen()) await turn();
    expect(await (await control.ingress()).status()).to.deep.equal({ forwarded: 2 });
    await control.close();
  });

  it('is told that no driver was started as a failure of the procedure', async () => {
    const failure = await controlOf(engineRefusing(0).engine)
      .driver((driver) => driver.status())
      .catch((error: Error) => error);
    expect(failure).to.be.an('error').with.property('name', 'StepFailure');
  });
});
