import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { barredSocket, connectEngine } from '../../harness/provision/engine.ts';

describe('socket of an engine', () => {
  const { DOCKER_HOST: before } = process.env;
  let folder: string;
  let socket: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upfault-socket-'));
    socket = join(folder, 'docker.sock');
    process.env.DOCKER_HOST = `unix://${socket}`;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
    rmSync(folder, { recursive: true });
  });

  it('that is not there, or may be used, is not barred', () => {
    expect(barredSocket()).to.equal(undefined);
    writeFileSync(socket, '');
    expect(barredSocket()).to.equal(undefined);
    process.env.DOCKER_HOST = 'tcp://somewhere:2375';
    expect(barredSocket()).to.equal(undefined);
  });

  it('that this user may not use is said to be so, with what to do', async function () {
    if (process.getuid?.() === 0) this.skip(); // Root may use any.
    writeFileSync(socket, '');
    chmodSync(socket, 0);
    expect(barredSocket()).to.equal(socket);
    const failure = await connectEngine().catch((error: Error) => error.message);
    expect(failure).to.match(/^connect to the container engine: this user may not use .*group/);
  });
});
