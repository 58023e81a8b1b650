/** Which tests run, in which groups, and what the sum of the groups says. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROJECT_FOLDER } from '../../harness/setup/folders.ts';
import type { Stage, StageResult } from '../../harness/setup/mocha-stage.ts';
import { SetUpError } from '../../harness/setup/set-up-error.ts';
import { GROUPS, type Group, groupOf, isMeant, listTestFiles } from '../../harness/setup/test-files.ts';
import { runTests, type TestMachine } from '../../harness/setup/test-run.ts';

const PARTS = ['analysis', 'docker', 'docs', 'faults', 'harness', 'scenarios', 'test'];

/** Files of the tree that are called as tests are. */
function testsOfTheTree(): string[] {
  return PARTS.flatMap((part) =>
    readdirSync(join(PROJECT_FOLDER, part), { recursive: true, encoding: 'utf8' }).map(
      (file) => `${part}/${file}`,
    ),
  ).filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules/'));
}

/** Groups that went as told, and what they were given. */
class Groups implements TestMachine {
  readonly stages: Stage[] = [];
  readonly #results: Partial<Record<string, Partial<StageResult>>>;
  readonly #whyNoChromium: Error | undefined;

  constructor(results: Partial<Record<Group, Partial<StageResult>>>, whyNoChromium?: Error) {
    this.#results = results;
    this.#whyNoChromium = whyNoChromium;
  }

  readonly run = async (stage: Stage): Promise<StageResult> => {
    this.stages.push(stage);
    return { passed: 0, failed: 0, skipped: [], breakdown: undefined, ...this.#results[stage.name] };
  };

  readonly chromium = async (): Promise<string> => {
    if (this.#whyNoChromium !== undefined) throw this.#whyNoChromium;
    return '/opt/chromium';
  };
}

/** What a run of tests printed, and its answer. */
interface Ran {
  readonly ok: boolean;
  readonly out: string;
  readonly err: string;
}

async function ranTests(machine: TestMachine, only?: string): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const { write: toOut } = process.stdout;
  const { write: toErr } = process.stderr;
  process.stdout.write = (text: string | Uint8Array) => out.push(String(text)) > 0;
  process.stderr.write = (text: string | Uint8Array) => err.push(String(text)) > 0;
  try {
    return { ok: await runTests(only, machine), out: out.join(''), err: err.join('') };
  } finally {
    process.stdout.write = toOut;
    process.stderr.write = toErr;
  }
}

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

  it('are all that the tree has', () => {
    expect(listTestFiles()).to.have.members(testsOfTheTree());
  });
});

describe('run of the tests', () => {
  it('has every test file in exactly one group, and no group without files', async () => {
    const machine = new Groups({ plain: { passed: 1 } });
    await ranTests(machine);
    expect(machine.stages.map(({ name }) => name)).to.deep.equal([...GROUPS]);
    for (const { name, files } of machine.stages) expect(files, name).to.not.be.empty;
    // Members count: a file in two groups would be one too many.
    expect(machine.stages.flatMap(({ files }) => files)).to.have.members(testsOfTheTree());
  });

  it('sums the groups up; the last line is the closing line, what was skipped comes before', async () => {
    const machine = new Groups({
      plain: { passed: 5, skipped: ['one that needs Python'] },
      containers: { passed: 3, skipped: ['two', 'three'] },
      browser: { passed: 2 },
    });
    const { ok, out, err } = await ranTests(machine);
    expect(out).to.equal('3 skipped: one that needs Python; two; three\n10 passed, 0 failed\n');
    expect([ok, err]).to.deep.equal([true, '']);
    expect(machine.stages.at(-1)?.environment).to.deep.equal({ UPFAULT_CHROMIUM: '/opt/chromium' });
  });

  it('fails where one group has a failure, and still runs the groups after it', async () => {
    const machine = new Groups({
      plain: { passed: 5, failed: 1, breakdown: 'ended with 7, although no test failed' },
      containers: { passed: 3, failed: 2 },
    });
    const { ok, out, err } = await ranTests(machine);
    expect([ok, out]).to.deep.equal([false, '8 passed, 3 failed\n']);
    expect(err).to.equal('plain tests: ended with 7, although no test failed\n');
    expect(machine.stages).to.have.length(GROUPS.length);
  });

  it('counts the tests that have no browser as one failure, with its reason', async () => {
    const machine = new Groups({ plain: { passed: 5 } }, new SetUpError('no browser to be had'));
    const { ok, out, err } = await ranTests(machine);
    expect([ok, out]).to.deep.equal([false, '5 passed, 1 failed\n']);
    expect(err).to.equal('browser tests: no browser to be had\n');
    expect(machine.stages.map(({ name }) => name)).to.not.include('browser');
  });

  it('needs no browser where no browser test is meant', async () => {
    const machine = new Groups({ plain: { passed: 1 } }, new SetUpError('no browser to be had'));
    const { ok, out } = await ranTests(machine, 'test/setup/mocha-stage.test.ts');
    expect([ok, out]).to.deep.equal([true, '1 passed, 0 failed\n']);
    expect(machine.stages.map(({ files }) => files)).to.deep.equal([['test/setup/mocha-stage.test.ts']]);
  });

  it('fails where nothing ran, and says what no file matches', async () => {
    const machine = new Groups({});
    const { ok, out, err } = await ranTests(machine, 'no-such-test');
    expect([ok, out]).to.deep.equal([false, '0 passed, 0 failed\n']);
    expect(err).to.equal('no test ran: none of the test files matches no-such-test\n');
    expect(machine.stages).to.deep.equal([]);
  });
});
