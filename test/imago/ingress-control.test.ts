import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { ChannelBroken, CommandRefused } from '../../harness/imago/command-channel.ts';
import { connectIngress, type Exec, type IngressControl } from '../../harness/imago/ingress-control.ts';
import { makeAuthority } from '../../harness/provision/certificates.ts';
import { RawClient, startOrigin } from './origin.ts';

const FOLDER = join(import.meta.dirname, '../../harness/imago/ingress');

describe('ingress control', () => {
  let folder: string;
  let ingress: ChildProcess;
  let control: IngressControl;
  let port: number;
  const children: ChildProcess[] = [];
  const start = (argv: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };
  const exec: Exec = async (argv) => {
    const { stdin, stdout } = start(argv);
    if (stdin === null || stdout === null) {
      throw new Error('a child without pipes');
    }
    return { stdin, stdout, close: async () => {} };
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upfault-ingress-'));
    const socket = join(folder, 'ingress.sock');
    ingress = start([join(FOLDER, 'main.ts'), '127.0.0.1:0', socket]);
    const [said] = await once(ingress.stdout as NodeJS.EventEmitter, 'data');
    port = Number(/^ready (\d+)\n$/.exec(String(said))?.[1]);
    control = await connectIngress(exec, [join(FOLDER, 'command-bridge.ts'), socket]);
  });
  afterEach(async () => {
    await control.close();
    for (const child of children.splice(0)) {
      child.kill();
    }
    rmSync(folder, { recursive: true });
  });

  it('commands an interceptor in another process: upstream, hold, drain, redirect, release, status', async () => {
    const authority = await makeAuthority();
    const old = await startOrigin(authority, (_, response) => response.end('old'));
    const next = await startOrigin(authority, (_, response) => response.end('new'));
    expect(await control.status())
      .to.include({ forwarded: 0 })
      .and.not.have.property('upstream');
    await control.upstream(old.address);
    const one = new RawClient(port).get('/');
    await one.until('old');
    const hold = await control.hold({ maxRequests: 10, maxMs: 10_000 });
    await control.drain(1_000);
    one.get('/');
    await control.redirect(hold.holdId, next.address);
    expect(await control.release(hold.holdId)).to.include({ ended: 'released' });
    await one.until('new');
    const status = await control.status();
    expect(status.upstream).to.deep.equal({
      host: '127.0.0.1',
      port: next.address.port,
      serverName: 'auction.test',
    });
    expect(status).to.include({ forwarded: 2, inFlight: 0 });
    one.socket.destroy();
    await Promise.all([old.close(), next.close()]);
  });

  it('disturbs requests for a time, and says what was done', async () => {
    const asked = { latencyFactor: 1, refusedShare: 1, forMs: 60_000 };
    expect(await control.disturb(asked)).to.deep.include({ running: true, met: 0 });
    const refused = new RawClient(port).get('/');
    await refused.until('refused on purpose');
    expect((await control.status()).disturbance).to.deep.include({ running: true, met: 1, refused: 1 });
    const again = await control.disturb(asked).catch((error: Error) => error.message);
    expect(again).to.match(/^ingress disturb: disturb: another one runs for \d+ ms more$/);
    refused.socket.destroy();
  });

  it('rejects with what the interceptor refused, and goes on', async () => {
    const refusal = await control.release(7).catch((error: Error) => error);
    expect(refusal).to.be.instanceOf(CommandRefused);
    expect((refusal as Error).message).to.equal(
      'ingress release: release: hold 7 does not run; latest hold: none',
    );
    const address = { host: 'a', port: 0, serverName: 'a', ca: '' };
    expect(await control.upstream(address).catch((error: Error) => error.message)).to.include('port 0');
    expect(await control.status()).to.include({ inFlight: 0 });
  });

  it('rejects what is asked of an interceptor that died', async () => {
    const stdout = ingress.stdout as NodeJS.EventEmitter;
    const ended = once(stdout, 'close');
    const { holdId } = await control.hold({ maxRequests: 1, maxMs: 10_000 });
    ingress.kill('SIGKILL');
    await ended;
    const broken = await control.release(holdId).catch((error: Error) => error);
    expect(broken).to.be.instanceOf(ChannelBroken).with.property('process', 'ingress');
    expect((broken as Error).message).to.match(/^ingress release: .*command channel (ended|closed)/);
    expect(control.isOpen()).to.equal(false);
    expect(await control.status().catch((error: Error) => error.message)).to.include('command channel');
  });

  it('drops a caller that speaks something else, and serves the others', async () => {
    const stranger = connect(join(folder, 'ingress.sock'));
    const said = stranger.pipe(new PassThrough());
    stranger.write('hello\n');
    await once(said.resume(), 'end');
    expect(await control.status()).to.include({ connections: 0 });
  });

  it('says so when its port is taken', async () => {
    const second = start([join(FOLDER, 'main.ts'), `127.0.0.1:${port}`, join(folder, 'second.sock')]);
    const [said] = await once(second.stderr as NodeJS.EventEmitter, 'data');
    expect(String(said)).to.match(/^ingress: cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    expect((await once(second, 'exit'))[0]).to.equal(1);
  });
});
