import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROJECT_FOLDER } from '../../harness/setup/folders.ts';

/** What a call of the launcher gave. */
interface Call {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Stands in for npm: counts its calls, takes a moment, and "installs" the Node.js of this test.
const NPM = `#!/bin/sh
echo "$*" >>"$UPFAULT_TEST_NPM_LOG"
sleep 0.3
[ -z "\${UPFAULT_TEST_NPM_FAILS:-}" ] || { echo 'npm says why' >&2; exit 1; }
rm -rf node_modules
for arch in x64 arm64; do
  mkdir -p node_modules/node-linux-$arch/bin
  ln -s "$UPFAULT_TEST_NODE" node_modules/node-linux-$arch/bin/node
done
`;

describe('launcher', () => {
  let sandbox: string;
  let project: string;
  let npmLog: string;

  beforeEach(() => {
    sandbox = mkdtempSync(join(tmpdir(), 'upfault-launcher-'));
    project = join(sandbox, 'a project');
    npmLog = join(sandbox, 'npm.log');
    mkdirSync(join(project, 'harness'), { recursive: true });
    copyFileSync(join(PROJECT_FOLDER, 'upfault'), join(project, 'upfault'));
    writeFileSync(join(project, 'package-lock.json'), '{}\n');
    writeFileSync(
      join(project, 'harness/cli.ts'),
      'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;\n',
    );
    mkdirSync(join(sandbox, 'bin'));
    writeFileSync(join(sandbox, 'bin/npm'), NPM);
    chmodSync(join(sandbox, 'bin/npm'), 0o755);
    symlinkSync(process.execPath, join(sandbox, 'bin/node'));
    writeFileSync(npmLog, '');
  });
  afterEach(() => rmSync(sandbox, { recursive: true }));

  it('installs the packages once, passes arguments on as they are, and ends as the command ended', async () => {
    const first = await call(['run', '--fault', 'a b']);
    expect(first).to.include({ code: 3, stdout: '["run","--fault","a b"]\n' });
    expect(first.stderr).to.include('installing the npm packages');
    const second = await call(['list']);
    expect(second).to.deep.equal({ code: 3, stdout: '["list"]\n', stderr: '' });
    expect(npmCalls()).to.deep.equal(['ci --ignore-scripts --no-audit --no-fund --loglevel=error']);
  });

  it('installs again when the lock file has changed', async () => {
    await call([]);
    writeFileSync(join(project, 'package-lock.json'), '{"changed":true}\n');
    await call([]);
    expect(npmCalls()).to.have.length(2);
  });

  it('installs once for two calls at the same time; the second says that it waits', async () => {
    const calls = await Promise.all([call([]), call([])]);
    expect(calls.map(({ code }) => code)).to.deep.equal([3, 3]);
    expect(npmCalls()).to.have.length(1);
    expect(calls.map(({ stderr }) => stderr).join('')).to.include('waiting for another installation');
  });

  it('takes over the lock of an installation that was killed', async () => {
    const lock = await lockOf();
    symlinkSync('pid-4194999', lock);
    expect((await call([])).code).to.equal(3);
  });

  it('finds its folder through symbolic links, absolute and relative', async () => {
    symlinkSync(join(project, 'upfault'), join(sandbox, 'bin/direct'));
    symlinkSync('direct', join(sandbox, 'bin/indirect'));
    expect((await call(['x'], join(sandbox, 'bin/indirect'))).stdout).to.equal('["x"]\n');
  });

  it('shows what npm said when it fails, and tries again the next time', async () => {
    const failed = await call([], undefined, { UPFAULT_TEST_NPM_FAILS: 'yes' });
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.include('npm says why').and.to.include('npm ci in');
    expect((await call([])).code).to.equal(3);
  });

  it('says what is needed where there is no npm', async () => {
    rmSync(join(sandbox, 'bin/npm'));
    const refused = await call([], undefined, { PATH: await pathWithout('npm') });
    expect(refused).to.include({ code: 1, stdout: '' });
    expect(refused.stderr).to.equal('upfault: no "npm" on PATH: Node.js >= 20 with npm is needed\n');
  });

  it('refuses a Node.js that is too old, naming both versions', async () => {
    rmSync(join(sandbox, 'bin/node'));
    writeFileSync(join(sandbox, 'bin/node'), '#!/bin/sh\n[ "$1" = -p ] && echo 18 || echo v18.20.4\n');
    chmodSync(join(sandbox, 'bin/node'), 0o755);
    const refused = await call([]);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include('v18.20.4').and.to.include('>= 20');
  });

  function call(
    parameters: readonly string[],
    launcher = join(project, 'upfault'),
    extra: Record<string, string> = {},
  ): Promise<Call> {
    const env = {
      PATH: `${join(sandbox, 'bin')}:/usr/bin:/bin`,
      HOME: sandbox,
      UPFAULT_TEST_NODE: process.execPath,
      UPFAULT_TEST_NPM_LOG: npmLog,
      ...extra,
    };
    return new Promise((done, failed) => {
      const child = spawn(launcher, parameters, { cwd: sandbox, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data) => (stdout += data));
      child.stderr.on('data', (data) => (stderr += data));
      child.on('error', failed);
      child.on('close', (code) => done({ code, stdout, stderr }));
    });
  }

  function npmCalls(): readonly string[] {
    return readFileSync(npmLog, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  /** A folder with the shell's own programs and Node.js, and nothing else. */
  async function pathWithout(missing: string): Promise<string> {
    const folder = join(sandbox, `without-${missing}`);
    mkdirSync(folder);
    for (const name of [
      'sh',
      'cat',
      'cksum',
      'uname',
      'dirname',
      'cut',
      'mkdir',
      'rmdir',
      'ln',
      'rm',
      'readlink',
      'sleep',
    ]) {
      symlinkSync(join('/usr/bin', name), join(folder, name));
    }
    symlinkSync(process.execPath, join(folder, 'node'));
    return folder;
  }

  /** Where the launcher locks: a name made of the project's path and the machine's. */
  async function lockOf(): Promise<string> {
    const cache = join(sandbox, '.cache/upfault');
    mkdirSync(cache, { recursive: true });
    const script = `printf '%s %s' "$1" "$(uname -n)" | cksum | cut -d ' ' -f 1`;
    const child = spawn('/bin/sh', ['-c', script, 'sh', project], { stdio: ['ignore', 'pipe', 'inherit'] });
    let key = '';
    for await (const data of child.stdout) key += data;
    return join(cache, `npm-${key.trim()}.lock`);
  }
});
