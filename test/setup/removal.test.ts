import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type Dockerode from 'dockerode';
import { UsageError } from '../../harness/errors.ts';
import { ownIdentity } from '../../harness/provision/owner.ts';
import { readBrought, recordBrought } from '../../harness/setup/brought.ts';
import { isDebianFamily, packagesToCome, packagesToGo } from '../../harness/setup/debian.ts';
import { planRemoval, refuseWhileInUse, removeImage } from '../../harness/setup/removal.ts';

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

  it('holds what is being installed until it is said what came of it', () => {
    recordBrought({ installing: ['docker.io', 'tini'] }, folder);
    recordBrought({ engine: '1:2:3' }, folder);
    expect(readBrought(folder)).to.deep.include({ packages: [], installing: ['docker.io', 'tini'] });
    recordBrought({ packages: ['tini'], installing: [] }, folder);
    expect(readBrought(folder)).to.deep.equal({ schemaVersion: 1, packages: ['tini'], engine: '1:2:3' });
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

describe('removal from an engine', () => {
  const [, , boot, uid, namespace] = ownIdentity().split(':');
  /** Of another user: whether it runs cannot be told. */
  const other = { upfault: 'theirs', 'upfault.owner': `7:1:${boot}:${uid}1:${namespace}` };
  const engineOf = (containers: readonly object[], image: object = {}): Dockerode =>
    ({ listContainers: async () => containers, getImage: () => image }) as unknown as Dockerode;

  it('is refused while somebody’s campaign is on it', async () => {
    await refuseWhileInUse(undefined);
    await refuseWhileInUse(engineOf([]));
    await refuseWhileInUse(engineOf([{ Labels: { ...other, 'upfault.owner': ownIdentity() } }]));
    const refusal = await refuseWhileInUse(engineOf([{ Labels: other }])).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(UsageError);
    expect((refusal as Error).message).to.match(/^setup --remove: on the engine is campaign theirs /);
  });

  it('names the image that cannot be removed, and passes over one that is gone', async () => {
    const refusing = (statusCode: number, message: string) => ({
      remove: () => Promise.reject(Object.assign(new Error(message), { statusCode })),
    });
    await removeImage(engineOf([], refusing(404, 'no such image')), 'upfault/a:1');
    const failure = await removeImage(engineOf([], refusing(409, 'in use')), 'upfault/a:1').catch(
      (error: Error) => error.message,
    );
    expect(failure).to.equal('setup --remove: remove the image upfault/a:1: in use');
  });
});

describe('Debian packages', () => {
  it('are installed on Debian and its descendants only', () => {
    expect(isDebianFamily('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n')).to.equal(true);
    expect(isDebianFamily('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).to.equal(true);
    expect(isDebianFamily('NAME="not debian"\nID=fedora\n')).to.equal(false);
    expect(isDebianFamily('')).to.equal(false);
  });

  it('that are new are read from a simulated installation', () => {
    const output = [
      'The following NEW packages will be installed:',
      'Inst libonig5 (6.9.8-1 Debian:12.9/stable [amd64])',
      'Inst jq [1.6-2.1] (1.6-2.1+deb12u3 Debian-Security:12/oldstable-security [amd64]) []',
      'Inst libfoo:i386 (1.0 Debian:12.9/stable [i386])',
      'Conf libonig5 (6.9.8-1 Debian:12.9/stable [amd64])',
    ].join('\n');
    expect(packagesToCome(output)).to.deep.equal(['libonig5', 'libfoo']);
  });

  it('are read from a simulated removal', () => {
    const output =
      'Reading package lists...\nPurg docker.io [20.10.24]\nRemv libfoo:amd64 [1] [x ]\nInst nothing\n';
    expect(packagesToGo(output)).to.deep.equal(['docker.io', 'libfoo']);
  });
});
