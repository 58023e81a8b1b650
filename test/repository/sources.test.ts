/** The sources as a whole: types hold everywhere, and the formatter and linter have nothing to say. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

function run(
  module: string,
  bin: string,
  argv: readonly string[],
): { status: number | null; output: string } {
  const script = path.join(path.dirname(require.resolve(`${module}/package.json`)), bin);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...argv], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

describe('sources', function () {
  this.timeout(60_000);

  for (const project of ['tsconfig.json', 'analysis/report/client/tsconfig.json']) {
    it(`${project} has no type error`, () => {
      const { status, output } = run('typescript', 'bin/tsc', ['-p', project]);
      expect(output).to.equal('');
      expect(status).to.equal(0);
    });
  }

  it('are formatted and linted', () => {
    const { status, output } = run('@biomejs/biome', 'bin/biome', ['check', '--colors=off', '.']);
    expect(status, output).to.equal(0);
  });
});
