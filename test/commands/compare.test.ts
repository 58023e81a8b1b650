import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CommandModule } from 'yargs';
import { compareCommand } from '../../harness/commands/compare.ts';
import { controls, writeSynthetic } from '../analysis/synthetic.ts';
import { ran } from './printed.ts';

const compare = compareCommand as CommandModule<object, never>;

/** Six trials of a fault whose name needs escaping wherever it is written. */
function faulty(outageS: number) {
  return Array.from({ length: 6 }, (_, index) => ({
    ...{ id: `rolling-f-${index}`, approach: 'rolling', fault: 'a<"&\'>b', outageS },
  }));
}

describe('compare on results folders', () => {
  let root: string;
  const folder = (name: string) => join(root, name);

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'upfault-compare-'));
    const sound = (seed: number) => [...controls('none', 6, seed), ...controls('rolling', 6, seed + 1)];
    await writeSynthetic(folder('good'), [...sound(1), ...faulty(0)]);
    await writeSynthetic(folder('same'), [...sound(11), ...faulty(0)]);
    await writeSynthetic(folder('worse'), [...sound(21), ...faulty(5)]);
    await writeSynthetic(
      folder('other'),
      sound(1).map((trial) => ({ ...trial, record: { hosts: 4 } })),
    );
    await writeSynthetic(folder('newer'), controls('none', 2, 1));
    await writeFile(join(folder('newer'), 'trials', 'none-none-1', 'trial.json'), '{"schemaVersion":2}');
  });

  after(() => rm(root, { recursive: true, force: true }));

  it('ends with 0 where nothing became worse, with 3 where something did', async () => {
    expect(await ran(compare, ['compare', folder('good'), folder('same')])).to.deep.include({
      code: 0,
      err: '',
    });
    const worse = await ran(compare, ['compare', folder('good'), folder('worse')]);
    expect(worse.code).to.equal(3);
    expect(worse.out)
      .to.match(/^Regressions:\n/)
      .and.to.contain('new/rolling-f-0');
  });

  it('ends with 2 and one line where the two cannot be read or compared', async () => {
    for (const [other, seen] of [
      ['nowhere', /there is no such folder/],
      ['other', /hosts a tier of BASE: 2; of NEW: 4/],
      ['newer', /written by a newer build \(schemaVersion 2\)/],
    ] as const) {
      const { code, err, out } = await ran(compare, ['compare', folder('good'), folder(other)]);
      expect([code, out], other).to.deep.equal([2, '']);
      expect(err)
        .to.match(seen)
        .and.to.match(/^upfault: compare: [^\n]+\n$/);
    }
  });

  it('writes every check as a test case, with figure, bound and trials in a failure', async () => {
    const file = folder('junit.xml');
    const { out } = await ran(compare, [
      'compare',
      folder('good'),
      folder('worse'),
      '--junit',
      file,
      '--json',
    ]);
    const { checks, regressions } = JSON.parse(out);
    const xml = await readFile(file, 'utf8');
    expect([...xml.matchAll(/<testcase /g)]).to.have.length(checks.length);
    expect(xml).to.match(new RegExp(`tests="${checks.length}" failures="${regressions}" errors="0"`));
    expect([...xml.matchAll(/<failure type="regression" message="([^"]+)"/g)]).to.have.length(regressions);
    expect(xml).to.contain('classname="rolling, a&lt;&quot;&amp;&apos;&gt;b"');
    expect(xml).to.match(
      /6 of 6 trials of NEW are labelled full outage, 0 of 6 of BASE; p = [^"]+ bound 0\.005/,
    );
    expect(xml).to.contain('new/rolling-f-4');
    // Nothing but text between the tags: no raw markup from names.
    expect(xml.replaceAll(/<[^<>]*>/g, '')).to.not.match(/[<>]/);
  });

  it('looks for the folder of the JUnit file before anything else', async () => {
    const file = join(root, 'nowhere', 'junit.xml');
    const { code, err, out } = await ran(compare, ['compare', root, root, '--junit', file]);
    expect([code, out]).to.deep.equal([2, '']);
    expect(err).to.equal(`upfault: compare: --junit ${file}: there is no folder ${join(root, 'nowhere')}\n`);
  });

  it('leaves no JUnit file of an earlier comparison where there is none', async () => {
    const file = folder('earlier.xml');
    for (const other of ['nowhere', 'other']) {
      await writeFile(file, '<testsuites/>');
      const { code, err } = await ran(compare, ['compare', folder('good'), folder(other), '--junit', file]);
      expect(code, other).to.equal(2);
      const xml = await readFile(file, 'utf8');
      expect(xml).to.contain('tests="1" failures="0" errors="1" skipped="0"');
      const [, message] = /<error type="not-compared" message="([^"]+)"/.exec(xml) ?? [];
      expect(err).to.equal(`upfault: ${message}\n`);
    }
  });

  it('tells what it found where the JUnit file cannot be written', async () => {
    const file = folder('taken.xml');
    await mkdir(file);
    const comparing = (next: string) =>
      ran(compare, ['compare', folder('good'), folder(next), '--junit', file]);
    const { code, err, out } = await comparing('worse');
    expect(code).to.equal(3);
    expect(out).to.match(/^Regressions:\n/);
    expect(err).to.match(/^upfault: compare: write \S+taken\.xml: /);
    expect((await comparing('same')).code).to.equal(1);
  });
});
