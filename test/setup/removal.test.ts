import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ownIdentity } from '../../harness/provision/owner.ts';
import { readBrought, recordBrought } from '../../harness/setup/brought.ts';
import { isDebianFamily, packagesToGo } from '../../harness/setup/debian.ts';
import { planRemoval } from '../../harness/setup/removal.ts';

describe('record of what set-up brought', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upfault-brought-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is empty where nothing was brought, and adds up otherwise', () => {
    expect(readBrought(folder)).to.deep.equal({ schemaVersion: 1, packages: [] });
    recordBrought({ packages: ['iptables', 'docker.io'] }, folder);
    recordBrought({ engine: '1:2:3' }, folder);
    recordBrought({ packages: ['mmdebstrap', 'iptables'] }, folder);
    expect(readBrought(folder)).to.deep.equal({
      schemaVersion: 1,
      packages: ['docker.io', 'iptables', 'mmdebstrap'],
      engine: '1:2:3',
    });
  });

  for (const damaged of ['{"schemaVersion":1,"pack', '{"schemaVersion":2,"packages":[]}', '']) {
    it(`is refused where it reads ${JSON.stringify(damaged)}`, () => {
      writeFileSync(join(folder, 'brought.json'), damaged);
      expect(() => readBrought(folder)).to.throw(/brought\.json: it is damaged/);
    });
  }
});

describe('removal of what set-up brought', () => {
  it('leaves an engine alone that was there before, and images of others', () => {
    const plan = planRemoval(
      { schemaVersion: 1, packages: ['mmdebstrap'] },
      ['upfault/base:trixie', 'debian:trixie-slim', 'upfault/a-web:old-1', 'other/upfault:1'],
      '/home/somebody/.cache/upfault',
    );
    expect(plan).to.deep.equal({
      images: ['upfault/a-web:old-1', 'upfault/base:trixie'],
      packages: ['mmdebstrap'],
      enginePid: undefined,
      folders: ['/home/somebody/.cache/upfault'],
    });
  });

  it('takes an engine that set-up installed, with its data', () => {
    const plan = planRemoval(
      { schemaVersion: 1, packages: ['docker.io'], engine: ownIdentity() },
      [],
      '/cache',
    );
    expect(plan.enginePid).to.equal(process.pid);
    expect(plan.folders).to.deep.equal(['/cache', '/var/lib/docker', '/var/lib/containerd']);
  });

  it('does not touch a process that only has the number of the engine that was', () => {
    const [pid, , boot] = ownIdentity().split(':');
    const plan = planRemoval({ schemaVersion: 1, packages: [], engine: `${pid}:1:${boot}` }, [], '/cache');
    expect(plan.enginePid).to.equal(undefined);
  });
});

describe('Debian packages', () => {
  it('are installed on Debian and its descendants only', () => {
    expect(isDebianFamily('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n')).to.equal(true);
    expect(isDebianFamily('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).to.equal(true);
    expect(isDebianFamily('NAME="not debian"\nID=fedora\n')).to.equal(false);
    expect(isDebianFamily('')).to.equal(false);
  });

  it('are read from a simulated removal', () => {
    const output =
      'Reading package lists...\nPurg docker.io [20.10.24]\nRemv libfoo:amd64 [1] [x ]\nInst nothing\n';
    expect(packagesToGo(output)).to.deep.equal(['docker.io', 'libfoo']);
  });
});
