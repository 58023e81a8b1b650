import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withLock } from '../../harness/setup/lock.ts';

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
    // A process id that runs, with another start time: the id was used again.
    writeFileSync(file, readOwn().replace(/:\d+:/, ':1:'));
    expect(await withLock(file, silent, async () => 'worked')).to.equal('worked');
  });

  it('takes over even where a process died while it took over', async () => {
    const dead = readOwn().replace(/:\d+:/, ':1:');
    writeFileSync(file, dead);
    writeFileSync(`${file}.breaking`, dead);
    expect(await withLock(file, silent, async () => 'worked')).to.equal('worked');
  });

  it('gives up after its limit, naming the file and the process', async () => {
    writeFileSync(file, readOwn());
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

  function readOwn(): string {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return `${process.pid}:${start}:${boot}`;
  }
});
