/** Bad input: one clear error on standard error that says what is allowed, exit code 2, and nothing done. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const CLI = fileURLToPath(new URL('../../harness/cli.ts', import.meta.url));
const OUT = path.join(os.tmpdir(), `upfault-never-made-${process.pid}`);

function upfault(...argv: readonly string[]) {
  return spawnSync(process.execPath, [CLI, ...argv], { encoding: 'utf8' });
}

/** Each of its faults is there; their names together are no name of a folder. */
const LONG_COMPOSITION = [
  ...['config-nochange', 'config-staticpath', 'wrong-apache', 'config-samename', 'apache-satisfy'],
  ...['url-denied', 'url-unavailable', 'apache-largefile', 'workers-too-few', 'timeout-inversion'],
].join('+');

const CASES: readonly { readonly argv: readonly string[]; readonly names: readonly string[] }[] = [
  { argv: ['run', '--fault', 'no-such-fault', '--out', OUT], names: ['no-such-fault', 'apache-port'] },
  { argv: ['run', '--fault', 'type:9', '--out', OUT], names: ['type:9', 'type:1'] },
  { argv: ['run', '--approach', 'sideways', '--out', OUT], names: ['sideways', 'rolling'] },
  { argv: ['run', '--scenario', 'nowhere', '--out', OUT], names: ['nowhere', 'auction'] },
  { argv: ['run', '--windows', 'endless', '--out', OUT], names: ['endless', 'quick'] },
  { argv: ['run', '--hosts', '1', '--out', OUT], names: ['--hosts 1: a whole number from 2 to 4'] },
  {
    argv: ['run', '--rate', '100000', '--out', OUT],
    names: ['--rate 100000: a whole number from 1 to 1000'],
  },
  { argv: ['run', '--scale', '0', '--out', OUT], names: ['--scale 0', 'above 0 and at most 1'] },
  { argv: ['run', '--seed', 'x', '--out', OUT], names: ['run: --seed x: a number is wanted'] },
  { argv: ['run', '--positive-controls=x', '--out', OUT], names: ['run: --positive-controls x: a number'] },
  { argv: ['kills', 'many'], names: ['kills many: count: a number is wanted'] },
  { argv: ['run', '--frobnicate', '--out', OUT], names: ['frobnicate'] },
  {
    argv: ['run', '--approach', 'none', '--fault', 'apache-port', '--out', OUT],
    names: ['apache-port', 'none'],
  },
  { argv: ['run', '--resume', OUT], names: [OUT] },
  { argv: ['run', '--retry-failed', '--out', OUT], names: ['retry-failed', 'resume'] },
  { argv: ['run', '--approach', '', '--out', OUT], names: ['--approach', 'at least one name'] },
  { argv: ['run', '--fault', '', '--out', OUT], names: ['--fault', 'at least one name'] },
  { argv: ['rehearse', ','], names: ['rehearse', 'at least one name'] },
  { argv: ['run', '--keep', '--out', OUT], names: ['--keep', 'one trial'] },
  {
    argv: ['run', '--fault', LONG_COMPOSITION, '--out', OUT],
    names: [`--fault ${LONG_COMPOSITION}: too long`],
  },
  {
    argv: ['run', '--fault', 'apache-port+apache-port', '--out', OUT],
    names: ['run: fault apache-port+apache-port', 'named twice'],
  },
  { argv: ['bench', 'plan', '--runs', '0'], names: ['--runs 0', '1 to 100'] },
  { argv: ['bench', 'transfer', '--scale', '7'], names: ['--scale', '7'] },
  { argv: ['kills', '1', '--out', os.tmpdir()], names: [os.tmpdir(), 'new folder'] },
  { argv: ['plan', '--approach', 'none', '--fault', 'apache-port'], names: ['apache-port'] },
  { argv: ['plan', '--fault', 'all'], names: ['all'] },
  { argv: ['explain', 'no-such-fault'], names: ['no-such-fault', 'apache-port'] },
  { argv: ['explain'], names: ['which fault', 'list faults'] },
  { argv: ['explain', 'omit@web1/nonsense'], names: ['web1/nonsense'] },
  { argv: ['rehearse', 'no-such-fault'], names: ['no-such-fault', 'apache-port'] },
  {
    argv: ['rehearse', 'egress-late', '--approach', 'rolling'],
    names: ['rehearse: under approach rolling, egress-late: the procedure'],
  },
  { argv: ['rehearse', 'all', '--approach', 'none'], names: ['approach none', 'more faults'] },
  {
    argv: ['rehearse', 'apache-port', '--interrupt', 'driver@1'],
    names: ['rehearse: --interrupt', 'crash@'],
  },
  { argv: ['rehearse', 'apache-port', '--jobs', '0'], names: ['--jobs', '0', '8'] },
  {
    argv: ['run', '--fault', 'omit@web1/instal,apache-port', '--out', OUT],
    names: ['web1/instal', 'web1/install'],
  },
  { argv: ['plan', '--fault', 'swap@web1/install'], names: ['swap@web1/install', 'swap@STEP:STEP'] },
  {
    argv: ['run', '--fault', 'omit@all+crash@all', '--out', OUT],
    names: ['omit@all+crash@all: one sweep is allowed at a time'],
  },
  {
    argv: ['run', '--approach', 'none', '--fault', 'omit@web1/install', '--out', OUT],
    names: ['--fault omit@web1/install: approach none has no steps'],
  },
  {
    argv: ['run', '--approach', 'none', '--fault', 'omit@all', '--out', OUT],
    names: ['--fault omit@all: approach none has no steps'],
  },
  {
    argv: ['run', '--engine', 'upgrade', '--out', OUT],
    names: ['--engine upgrade: with --windows quick', 'allowed are unhurried, standard, long'],
  },
  {
    argv: ['run', '--engine', 'upgrade', '--windows', 'standard', '--approach', 'imago', '--out', OUT],
    names: ['--engine upgrade: only an upgrade in place', 'imago'],
  },
  { argv: ['kills', '1', '--engine', 'upgrade', '--out', OUT], names: ['kills: --engine upgrade'] },
  { argv: ['plan', '--fault', 'omit@all'], names: ['omit@all', 'one step'] },
  { argv: ['list', 'nonsense'], names: ['nonsense', 'faults'] },
  { argv: ['bench', 'nonsense'], names: ['nonsense', 'trial'] },
  { argv: ['judge', OUT], names: [OUT] },
  {
    argv: ['run', '--approach', 'imago', '--ingress', 'direct', '--out', OUT],
    names: ['--ingress direct', 'interceptor'],
  },
  { argv: ['run', '--interrupt', 'tester@3', '--out', OUT], names: ['--interrupt', 'PROCESS@SECONDS'] },
  {
    argv: ['run', '--approach', 'rolling', '--interrupt', 'driver@3', '--out', OUT],
    names: ['driver@3', 'no driver'],
  },
  { argv: ['frobnicate'], names: ['frobnicate'] },
  { argv: [], names: ['command'] },
];

describe('bad input', function () {
  this.timeout(30_000);
  it('a port that is taken fails before anything is made, with exit code 1', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { status, stderr } = upfault('run', '--port', String(port), '--out', OUT);
      expect(status, stderr).to.equal(1);
      expect(stderr).to.include(String(port)).and.to.include('taken');
      expect(existsSync(OUT)).to.equal(false);
    } finally {
      server.close();
    }
  });

  for (const { argv, names } of CASES) {
    it(`upfault ${argv.join(' ').replace(OUT, 'DIR')}`, () => {
      const { status, stderr, stdout } = upfault(...argv);
      expect(status, stderr).to.equal(2);
      expect(stdout).to.equal('');
      for (const name of names) expect(stderr).to.include(name);
      expect(stderr, 'no stack trace').to.not.match(/\n\s+at /);
      expect(existsSync(OUT), 'nothing is made').to.equal(false);
    });
  }
});
