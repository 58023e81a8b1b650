import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { commandLine } from '../../harness/provision/shell.ts';

/** What a real shell makes of the line. */
function run(argv: readonly string[], stdin?: string, timeoutMs = 5_000) {
  mkdirSync('/dev/shm/upfault', { recursive: true });
  const { stdout } = spawnSync('sh', {
    input: commandLine(process.pid, argv, timeoutMs, stdin),
    encoding: 'utf8',
  });
  const [id, exitCode, out = '', err = ''] = stdout.trimEnd().split(' ');
  const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
  return { id: Number(id), exitCode: Number(exitCode), stdout: text(out), stderr: text(err) };
}

describe('shell in a host', () => {
  it('passes any words and any input through unchanged', function () {
    this.timeout(20_000);
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), fc.string({ unit: 'grapheme' }), (words, input) => {
        const printed = run(['printf', '%s|', ...words]);
        expect(printed.stdout).to.equal(words.length === 0 ? '|' : words.map((text) => `${text}|`).join(''));
        expect(run(['cat'], input).stdout).to.equal(input);
      }),
      { numRuns: 40 },
    );
  });

  it('tells exit code, output and errors apart', () => {
    const result = run(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(result).to.deep.equal({ id: process.pid, exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  it('ends a command whose time is up', () => {
    expect(run(['sleep', '30'], undefined, 200).exitCode).to.equal(124);
  });

  it('keeps the answers of two shells in one host apart', async () => {
    mkdirSync('/dev/shm/upfault', { recursive: true });
    const answer = (word: string) =>
      new Promise<string>((resolve) => {
        const shell = spawn('sh', { stdio: ['pipe', 'pipe', 'ignore'] });
        let text = '';
        shell.stdout.on('data', (chunk) => (text += chunk));
        shell.once('close', () => resolve(Buffer.from(text.split(' ')[2] ?? '', 'base64').toString()));
        shell.stdin.end(commandLine(1, ['sh', '-c', `sleep 0.2; echo ${word}; sleep 0.2`], 5_000, undefined));
      });
    const words = ['one', 'two', 'three', 'four'];
    expect(await Promise.all(words.map(answer))).to.deep.equal(words.map((word) => `${word}\n`));
  });
});
