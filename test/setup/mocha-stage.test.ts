import { join } from 'node:path';
import { expect } from 'chai';
import { PROJECT_FOLDER } from '../../harness/setup/folders.ts';
import { runStage, type StageResult } from '../../harness/setup/mocha-stage.ts';
import { runProgram } from '../../harness/setup/program.ts';
import { groupOf, isMeant } from '../../harness/setup/test-files.ts';

const fixture = (name: string): string => `test/setup/fixtures/${name}.fixture.ts`;

function stageOf(name: string, stageTimeoutMs = 30_000): Promise<StageResult> {
  const environment = {};
  return runStage({
    name,
    files: [fixture(name)],
    testTimeoutMs: 5_000,
    stageTimeoutMs,
    environment,
    output: 'ignore',
  });
}

describe('a group of tests', () => {
  it('tells how many passed and failed, a failed hook among them', async () => {
    expect(await stageOf('mixed')).to.deep.equal({ passed: 2, failed: 2, breakdown: undefined });
  });

  it('that passes has no failures', async () => {
    expect(await stageOf('passing')).to.deep.equal({ passed: 1, failed: 0, breakdown: undefined });
  });

  for (const [name, said] of [
    ['crashing', /ended with [1-9]/],
    ['leaving', /ended with 0, and told no counts/],
  ] as const) {
    it(`counts as failed where its runner breaks down (${name})`, async () => {
      const result = await stageOf(name);
      expect(result.failed).to.equal(1);
      expect(result.breakdown).to.match(said);
    });
  }

  it('counts as failed where it does not end', async () => {
    const result = await stageOf('endless', 3_000);
    expect(result).to.deep.equal({
      passed: 0,
      failed: 1,
      breakdown: 'not done after 3000 ms, and told no counts',
    });
  });
});

describe('closing line', () => {
  it('is the last line of a run by hand', async () => {
    const mocha = join(PROJECT_FOLDER, 'node_modules/mocha/bin/mocha.js');
    const reporter = join(PROJECT_FOLDER, 'test/reporter/closing-line.ts');
    const argv = [process.execPath, mocha, '--no-config', '--reporter', reporter, fixture('mixed')] as const;
    // Our own counts file must not catch the child's counts.
    const environment = { UPFAULT_TEST_COUNTS: '' };
    const { exitCode, stdout } = await runProgram(argv, {
      timeoutMs: 30_000,
      folder: PROJECT_FOLDER,
      environment,
    });
    expect(stdout.trimEnd().split('\n').at(-1)).to.equal('2 passed, 2 failed');
    expect(exitCode).to.equal(2);
  });
});

describe('test files', () => {
  it('are grouped by what they need', () => {
    expect(groupOf('test/a/b.test.ts')).to.equal('plain');
    expect(groupOf('test/a/b.containers.test.ts')).to.equal('containers');
    expect(groupOf('test/a/b.browser.test.ts')).to.equal('browser');
  });

  it('are meant by a part of their path, or by a glob', () => {
    expect(isMeant('test/setup/k6.test.ts', undefined)).to.equal(true);
    expect(isMeant('test/setup/k6.test.ts', 'setup/')).to.equal(true);
    expect(isMeant('test/setup/k6.test.ts', '**/k?.test.ts')).to.equal(true);
    expect(isMeant('test/setup/k6.test.ts', 'browser')).to.equal(false);
  });
});
