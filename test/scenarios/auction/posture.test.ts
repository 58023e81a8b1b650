/** The scripts of posture probes, on what tools told them that stand in for the machine's. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { auction } from '../../../scenarios/auction/scenario.ts';

/** Lines of a probe on a machine where a tool prints the text for these words. */
function linesOf(probe: string, tool: string, told: Readonly<Record<string, string>>): string[] {
  const look = auction.probes.find(({ name }) => name === probe)?.look;
  const argv = look?.kind === 'command' ? look.argv : expect.fail(`${probe}: no command`);
  const folder = mkdtempSync(path.join(tmpdir(), 'upfault-posture-'));
  try {
    const cases = Object.entries(told).map(([words, text], index) => {
      writeFileSync(path.join(folder, `told-${index}`), text);
      return `*' ${words}'*) cat ${folder}/told-${index} ;;`;
    });
    writeFileSync(path.join(folder, tool), `#!/bin/sh\ncase " $*" in ${cases.join('\n')} esac\n`);
    chmodSync(path.join(folder, tool), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8', env });
    expect(status, stderr).to.equal(0);
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const answer = (status: string, ...headers: readonly string[]) =>
  [`HTTP/1.1 ${status}`, ...headers, '', '<h1>a page</h1>', ''].join('\r\n');
const PROTECTED = ['Content-Security-Policy: x', 'X-Content-Type-Options: nosniff', 'X-Frame-Options: DENY'];

describe('posture probes of the auction', () => {
  it('tell of a port what it is and not whose: another program on it opens nothing', () => {
    const listening = (program: string) =>
      linesOf('open-ports', 'ss', {
        '-Htln': [
          `LISTEN 0 511 *:443 *:* users:(("${program}",pid=7,fd=4))`,
          'LISTEN 0 511 127.0.0.1:9000 0.0.0.0:* users:(("node",pid=9,fd=4))',
          'LISTEN 0 4096 127.0.0.11:39485 0.0.0.0:*',
        ].join('\n'),
      });
    expect(listening('apache2')).to.deep.equal(['tcp loopback 9000', 'tcp network 443']);
    expect(listening('perl')).to.deep.equal(listening('apache2'));
  });

  it('tell what pages lack from the first that was served, and nothing of a site that serves none', () => {
    const site = (...answers: readonly string[]) =>
      linesOf('disclosure', 'curl', { '': answers.join('\n') }).filter((line) => line.startsWith('lacks'));
    const unavailable = answer('503 Service Unavailable', 'content-type: text/html');
    expect(site(unavailable, unavailable)).to.deep.equal([]);
    expect(site(unavailable, answer('200 OK', ...PROTECTED.slice(1)))).to.deep.equal([
      'lacks Content-Security-Policy',
    ]);
    expect(site(answer('200 OK', ...PROTECTED), unavailable)).to.deep.equal([]);
    expect(site(answer('200 OK'), answer('200 OK', ...PROTECTED))).to.have.lengthOf(3);
  });
});
