import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import type { Exec } from '../../../harness/imago/command-channel.ts';
import { startTester, type TesterControl } from '../../../harness/imago/tester-control.ts';
import { type Authority, makeAuthority } from '../../../harness/provision/certificates.ts';
import { type Origin, startOrigin } from '../origin.ts';
import { Mirror, NOTHING_DECLARED, page } from './site.ts';

describe('the tester as a process of its own', function () {
  this.timeout(20_000);
  let authority: Authority;
  let old: Origin;
  let fresh: Origin;
  let tester: TesterControl;
  let ended: Promise<unknown>;

  const exec: Exec = async ([command = '', ...args]) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    ended = once(child, 'exit');
    return { stdin: child.stdin, stdout: child.stdout, close: async () => void (await ended) };
  };
  before(async () => {
    authority = await makeAuthority();
    [old, fresh] = await Promise.all([
      startOrigin(authority, (_, response) => page(response, '<h1>Welcome</h1>')),
      startOrigin(authority, (_, response) => page(response, '<h1>Welcome</h1>')),
    ]);
  });
  beforeEach(async () => {
    tester = await startTester(exec, [process.execPath, 'harness/imago/testing/main.ts']);
  });
  afterEach(() => tester.close());
  after(() => Promise.all([old.close(), fresh.close()]));

  const systems = () => ({
    ...{ old: old.address, new: fresh.address, listenPort: 0, comparison: NOTHING_DECLARED },
    limits: { pausesMs: [10] },
  });

  it('walks, compares, gives its verdict, stops, and ends with its standard input', async () => {
    await tester.connect(systems());
    const walk = [
      { method: 'GET', path: '/', expect: { status: 200, contains: ['Welcome'] } },
      { method: 'GET', path: '/', expect: { status: 200, contains: ['Good bye'] } },
    ] as const;
    expect(await tester.integration(walk.slice(0, 1), 2_000)).to.deep.equal({ held: true, reason: '' });
    const { held, reason } = await tester.integration(walk, 2_000);
    expect(held).to.equal(false);
    expect(reason).to.match(/GET \/: expected "Good bye"/);
    const { port } = await tester.start();
    const mirror = await Mirror.connect(old.address, port);
    await mirror.client({ target: '/' });
    expect(await tester.verdict(1, 3_000)).to.include({ passed: true, compared: 1, agreed: 1 });
    expect(await tester.stop()).to.deep.equal({ sent: 1, writes: 0 });
    mirror.close();
    await tester.close();
    expect(await ended).to.deep.equal([0, null]);
  });

  it('needs no step of the procedure but connect, and passes nothing that it has not seen', async () => {
    await tester.connect(systems());
    expect(await tester.stop()).to.deep.equal({ sent: 0, writes: 0 });
    const verdict = await tester.verdict(10, 1_000);
    expect(verdict).to.include({ passed: false, compared: 0 });
    expect(verdict.reason).to.match(/nothing was compared/);
    const { port } = await tester.start({ learnOnly: true });
    const mirror = await Mirror.connect(old.address, port);
    const before = fresh.seen.length;
    for (let count = 0; count < 3; count += 1) await mirror.client({ target: '/' });
    expect(await tester.verdict(1, 200)).to.include({ passed: false, compared: 0 });
    expect(fresh.seen.length, 'nothing is sent while learning').to.equal(before);
    mirror.close();
  });

  it('says what is wrong with a command', async () => {
    const failure = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message);
    expect(await failure(tester.start())).to.equal('tester start: start: connect first');
    const limits = { maxAtOnce: 0 };
    expect(await failure(tester.connect({ ...systems(), limits }))).to.equal(
      'tester connect: connect: limit maxAtOnce must be a number above 0, saw 0',
    );
    const taken = systems();
    await tester.connect({ ...taken, listenPort: old.address.port });
    expect(await failure(tester.start())).to.match(/cannot listen for the mirror on port \d+: .*EADDRINUSE/);
  });
});
