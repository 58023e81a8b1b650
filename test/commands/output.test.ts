/** What is printed may have nobody left who reads it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const CLI = fileURLToPath(new URL('../../harness/cli.ts', import.meta.url));

describe('output that nobody reads', function () {
  this.timeout(30_000);

  it('ends no command', async () => {
    const child = spawn(process.execPath, [CLI, 'list', 'faults'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    expect([code, said]).to.deep.equal([0, '']);
  });
});
