import { join } from 'node:path';
import { expect } from 'chai';
import { PROJECT_FOLDER } from '../../harness/setup/folders.ts';
import { runStage, type StageResult } from '../../harness/setup/mocha-stage.ts';
import { runProgram } from '../../harness/setup/program.ts';

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
  it('tells how many passed and failed, a failed hook among them, and which were skipped', async () => {
    expect(await stageOf('mixed')).to.deep.equal({
      passed: 2,
      failed: 2,
      skipped: ['fixture is left for later'],
      breakdown: undefined,
    });
  });

  it('that passes has no failures', async () => {
    expect(await stageOf('passing')).to.deep.equal({
      passed: 1,
      failed: 0,
      skipped: [],
      breakdown: undefined,
    });
  });

  it('counts as failed where a test was left that keeps the others from running', async () => {
    const result = await stageOf('exclusive');
    expect(result).to.include({ passed: 0, failed: 1 });
    expect(result.breakdown).to.match(/ended with [1-9]\d*, and told no counts/);
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
      skipped: [],
      breakdown: 'not done after 3000 ms, and told no counts',
    });
  });
});

describe('closing line', () => {
  it('is the last line of a run by hand, after the one that names what was skipped', async () => {
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
    expect(stdout.trimEnd().split('\n').slice(-2)).to.deep.equal([
      '1 skipped: fixture is left for later',
      '2 passed, 2 failed',
    ]);
    expect(exitCode).to.equal(2);
  });
});
