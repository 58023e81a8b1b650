import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ownIdentity } from '../../harness/provision/owner.ts';
import { withLock } from '../../harness/setup/lock.ts';

/** Of a process whose id was used again. */
const DEAD = ownIdentity().replace(/:\d+:/, ':1:');

describe('set-up lock', () => {
  let folder: string;
  let file: string;
  const silent = (): void => undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upfault-lock-'));
    file = join(folder, 'setup.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one work at a time, and says once who is waited for', async () => {
    const waits: string[] = [];
    let inside = 0;
    let mostInside = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      mostInside = Math.max(mostInside, inside);
      await new Promise((done) => setTimeout(done, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(file, (pid) => waits.push(pid), work)));
    expect(mostInside).to.equal(1);
    expect(waits).to.deep.equal([String(process.pid), String(process.pid)]);
    expect(existsSync(file)).to.equal(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(file, DEAD);
    expect(await withLock(file, silent, async () => 'worked')).to.equal('worked');
  });

  it('takes over even where a process died while it took over', async () => {
    writeFileSync(file, DEAD);
    writeFileSync(`${file}.breaking`, DEAD);
    expect(await withLock(file, silent, async () => 'worked')).to.equal('worked');
  });

  it('gives up where somebody who is not known takes over for ever, naming both files', async () => {
    writeFileSync(file, DEAD);
    writeFileSync(`${file}.breaking`, '');
    const error = await withLock(file, silent, async () => 'worked', 50).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.include(`take over ${file} `).and.to.include(`${file}.breaking`);
  });

  it('is there with its holder or not at all, and leaves nothing beside it', async () => {
    await withLock(file, silent, async () => {
      expect(readFileSync(file, 'utf8')).to.equal(ownIdentity());
      expect(readdirSync(folder)).to.deep.equal(['setup.lock']);
    });
    rmSync(folder, { recursive: true });
    const refused = await withLock(file, silent, async () => 'worked').then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(refused?.message).to.match(/^make the lock .*setup\.lock: ENOENT/);
    mkdirSync(folder);
  });

  it('gives up after its limit, naming the file and the process', async () => {
    writeFileSync(file, ownIdentity());
    const error = await withLock(file, silent, async () => 'worked', 50).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.include(file).and.to.include(String(process.pid));
    expect(existsSync(file)).to.equal(true);
  });

  it('is free again after work that failed', async () => {
    const failed = await withLock(file, silent, () => Promise.reject(new Error('no'))).catch(
      (error: Error) => error.message,
    );
    expect(failed).to.equal('no');
    expect(existsSync(file)).to.equal(false);
  });
});
